import { css } from 'lit';

export const styles = css`
  .field {
    position: relative;
  }
  input {
    padding-inline-end: 2rem;
    text-overflow: ellipsis;
  }
  input:disabled {
    opacity: 0.65;
  }
  .field::after {
    content: '';
    position: absolute;
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border: solid;
    border-width: 0 2px 2px 0;
    rotate: 45deg;
    pointer-events: none;
    inset-block-start: 36%;
    inset-inline-end: 0.875rem;
  }
  .alert {
    margin-block-start: 0.5rem;
  }
  @media (pointer: coarse) {
    input {
      min-block-size: 44px;
    }
  }
`;
