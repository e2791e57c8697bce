import { css } from '../shared/css.js';

/** How the composer and replies on their way look; comes with them. */
export const answeringStyles = css`
  article.sending {
    outline: 1px dashed var(--_control);
    outline-offset: -1px;
  }
  article .notice {
    margin-block-start: 0.5em;
    background: var(--_danger-tint);
  }
  .status-row .grow {
    flex-basis: 12em;
  }
  textarea {
    min-block-size: 4.5em;
  }
  .actions,
  form > .notice {
    margin-block-start: 0.5em;
  }
`;
