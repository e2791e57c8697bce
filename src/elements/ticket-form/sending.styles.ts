import { css } from '../shared/css.js';

/** How the words after sending look; comes with them. */
export const sendingStyles = css`
  [part='success'] > * + * {
    margin-block-start: 0.75em;
  }
  [part='success'] h2 {
    color: var(--_text);
  }
  [part='context'] {
    white-space: pre-line;
  }
  summary {
    min-block-size: 1.5em;
    cursor: pointer;
  }
`;
