import { css } from '../shared/css.js';

export const styles = css`
  form {
    display: grid;
    gap: 1em;
    padding: var(--_space);
    max-inline-size: 44em;
  }
  .pair {
    display: grid;
    gap: 1em;
    grid-template-columns: repeat(auto-fit, minmax(min(14.5em, 100%), 1fr));
  }
  textarea {
    min-block-size: 9em;
  }
`;
