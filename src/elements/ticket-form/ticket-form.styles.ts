import { css } from '../shared/css.js';

export const styles = css`
  :host {
    container-type: inline-size;
  }
  form {
    display: grid;
    gap: 1em;
    padding: var(--_space);
    max-inline-size: 44em;
  }
  .pair {
    display: grid;
    gap: 1em;
  }
  textarea {
    min-block-size: 9em;
  }
  @container (min-width: 32em) {
    .pair {
      grid-template-columns: 1fr 1fr;
    }
  }
`;
