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
  progress {
    accent-color: var(--_accent);
  }
  [part='success'] > * + * {
    margin-block-start: 0.75rem;
  }
  [part='success'] h2 {
    color: var(--_text);
  }
  @container (min-width: 32em) {
    .pair {
      grid-template-columns: 1fr 1fr;
    }
  }
`;
