import { css } from 'lit';

export const styles = css`
  :host {
    background: none;
  }
  .field {
    position: relative;
  }
  input {
    padding-inline-end: 2.25rem;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  [aria-expanded='true'] {
    cursor: text;
  }
  input:disabled {
    opacity: 0.65;
    cursor: default;
  }
  .clearable {
    padding-inline-end: 4.25rem;
  }
  .field::after {
    content: '';
    position: absolute;
    inset-block-start: calc(50% - 0.375rem);
    inset-inline-end: 1rem;
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border: solid var(--_muted);
    border-width: 0 2px 2px 0;
    rotate: 45deg;
    pointer-events: none;
  }
  [part='clear'] {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 2rem;
    inline-size: 2rem;
    min-block-size: 0;
    padding: 0;
    border: 0;
    color: var(--_muted);
    font-size: 1.25em;
    line-height: 1;
  }
  .popup {
    position: fixed;
    inset: auto;
    max-block-size: 20rem;
    margin: 0;
    padding: 0.25rem;
    overflow: auto;
    overscroll-behavior: contain;
    border: 1px solid var(--_control);
    border-radius: calc(var(--_radius) * 0.8);
    background: var(--_surface);
    color: inherit;
    box-shadow: 0 0.5rem 1.5rem #0003;
    z-index: var(--help-desk-z-index, 10);
  }
  [role='option'] {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-block-size: max(24px, 2.25em);
    padding: 0.25rem 0.5rem;
    border-radius: calc(var(--_radius) * 0.5);
    cursor: pointer;
  }
  [role='option']:hover {
    background: var(--_raised);
  }
  [role='option'].active {
    background: var(--_tint);
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
  }
  i {
    white-space: pre;
  }
  [aria-selected='true'] {
    font-weight: 600;
  }
  [aria-selected='true']::after {
    content: '';
    flex: none;
    inline-size: 0.375em;
    block-size: 0.75em;
    margin: 0 0.25em 0.125em;
    border: solid var(--_accent);
    border-width: 0 2px 2px 0;
    rotate: 45deg;
  }
  .popup .empty {
    padding: 0.75rem;
  }
  .alert {
    margin-block-start: 0.5rem;
  }
  @media (pointer: coarse) {
    input,
    [role='option'] {
      min-block-size: max(44px, 2.75em);
    }
    [part='clear'] {
      inline-size: 44px;
    }
    .clearable {
      padding-inline-end: calc(2.25rem + 44px);
    }
  }
`;
