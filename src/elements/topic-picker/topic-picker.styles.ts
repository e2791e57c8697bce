import { css } from 'lit';

export const styles = css`
  .field {
    position: relative;
  }
  input {
    padding-inline-end: 2rem;
    text-overflow: ellipsis;
  }
  input:has(+ button) {
    padding-inline-end: 3.5rem;
  }
  input:disabled {
    opacity: 0.65;
  }
  .field::after,
  [aria-selected='true']::after {
    content: '';
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border: solid;
    border-width: 0 2px 2px 0;
    rotate: 45deg;
    pointer-events: none;
  }
  .field::after {
    position: absolute;
    inset-block-start: 36%;
    inset-inline-end: 0.875rem;
  }
  [aria-selected='true']::after {
    block-size: 0.875rem;
    margin: -0.25rem 0.5rem 0;
  }
  [part='clear'] {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 1.75rem;
    inline-size: 1.75rem;
    min-block-size: 0;
    padding: 0;
    border: 0;
  }
  [popover] {
    position: fixed;
    inset: auto;
    min-inline-size: min(15rem, 100%);
    margin: 0;
    padding: 0.25rem;
    overscroll-behavior: contain;
    border: 1px solid var(--_control);
    border-radius: calc(var(--_radius) * 0.8);
    background: var(--_surface);
    color: inherit;
    box-shadow: 0 0.5rem 1.5rem #0003;
  }
  [role='option'] {
    display: flex;
    align-items: center;
    padding: 0.375rem 0.5rem;
    border-radius: calc(var(--_radius) * 0.5);
    cursor: pointer;
  }
  [role='option']:hover {
    background: var(--_raised);
  }
  .active {
    background: var(--_tint);
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
  }
  i {
    white-space: pre;
  }
  .empty {
    padding: 0.75rem;
  }
  .alert {
    margin-block-start: 0.5rem;
  }
  @media (pointer: coarse) {
    input,
    [role='option'] {
      min-block-size: 44px;
    }
    [part='clear'] {
      inline-size: 44px;
    }
    input:has(+ button) {
      padding-inline-end: 4.75rem;
    }
  }
`;
