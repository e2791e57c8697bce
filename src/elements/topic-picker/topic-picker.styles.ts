import { css } from '../shared/css.js';

export const styles = css`
  .field {
    position: relative;
  }
  input {
    padding-inline-end: 2em;
    text-overflow: ellipsis;
  }
  input:disabled {
    opacity: 0.65;
  }
  .field::after {
    content: '';
    position: absolute;
    inline-size: 0.5em;
    block-size: 0.5em;
    border: solid;
    border-width: 0 2px 2px 0;
    rotate: 45deg;
    pointer-events: none;
    inset-block-start: 36%;
    inset-inline-end: 0.875em;
  }
  .alert {
    margin-block-start: 0.5em;
  }
  @media (pointer: coarse) {
    input {
      min-block-size: 44px;
    }
  }
`;
