import { css } from 'lit';

export const styles = css`
  :host {
    container-type: inline-size;
  }
  form {
    display: grid;
    gap: 1rem;
    padding: var(--_space);
    max-inline-size: 44rem;
  }
  .pair {
    display: grid;
    gap: 1rem;
  }
  textarea {
    min-block-size: 9rem;
  }
  @container (min-width: 32em) {
    .pair {
      grid-template-columns: 1fr 1fr;
    }
  }
`;
