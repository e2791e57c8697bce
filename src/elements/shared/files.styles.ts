import { css } from './css.js';

/** How the field for files looks in the form and in the composer. */
export const fileStyles = css`
  /* As the labels of the other fields; beside a reply there are none. */
  .caption {
    display: none;
    font-weight: 550;
    margin-block-end: 0.25em;
  }
  [part='form'] .caption {
    display: block;
  }
  .add {
    display: inline-block;
    margin: 0;
    padding: 0.3125em 0.875em;
    border: 1px dashed var(--_control);
    border-radius: calc(var(--_radius) * 0.8);
    cursor: pointer;
  }
  .add:hover {
    background: var(--_raised);
  }
  .add:has(:focus-visible) {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .add:has(:disabled) {
    cursor: default;
    opacity: 0.65;
  }
`;
