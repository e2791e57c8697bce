import { css } from '../shared/css.js';

/** How the list looks; comes with it. */
export const popupStyles = css`
  input:has(+ button) {
    padding-inline-end: 3.5em;
  }
  [part='clear'] {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 1.75em;
    inline-size: 1.75em;
    min-block-size: 0;
    padding: 0;
    border: 0;
  }
  [aria-selected='true']::after {
    content: '';
    inline-size: 0.5em;
    block-size: 0.875em;
    margin: -0.25em 0.5em 0;
    border: solid;
    border-width: 0 2px 2px 0;
    rotate: 45deg;
  }
  [popover] {
    position: fixed;
    inset: auto;
    min-inline-size: min(15em, 100%);
    margin: 0;
    padding: 0.25em;
    overscroll-behavior: contain;
    border: 1px solid var(--_control);
    border-radius: calc(var(--_radius) * 0.8);
    background: var(--_surface);
    color: inherit;
    box-shadow: 0 0.5em 1.5em #0003;
  }
  [role='option'] {
    display: flex;
    align-items: center;
    padding: 0.375em 0.5em;
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
    padding: 0.75em;
  }
  @media (pointer: coarse) {
    [part='clear'] {
      inline-size: 44px;
    }
    input:has(+ button) {
      padding-inline-end: 4.75em;
    }
    [role='option'] {
      min-block-size: 44px;
    }
  }
`;
