import { css } from '../shared/css.js';

/** How files, rating and details look; comes with them. */
export const extrasStyles = css`
  .agent .message {
    margin-inline-start: 0;
    background: var(--_raised);
  }
  .agent .reply {
    margin-inline-start: auto;
    background: var(--_tint);
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  legend {
    padding: 0;
    font-weight: 550;
  }
  :is([type='radio'], [type='checkbox']) {
    inline-size: 1.125em;
    block-size: 1.125em;
    min-block-size: 0;
    margin: 0;
    accent-color: var(--_accent);
  }
  .choice {
    display: inline-flex;
    align-items: center;
    gap: 0.375em;
    min-block-size: 1.75em;
    min-inline-size: 1.5em;
    margin: 0;
    font-weight: 400;
    cursor: pointer;
  }
  .rating .choice {
    padding-inline: 0.25em;
  }
  [part='details'] {
    margin-block-start: 0.375em;
  }
  /* What stands between details and its content passes nothing on. */
  .fields,
  .fields * {
    box-sizing: border-box;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(12em, 100%), 1fr));
    gap: 0.75em;
    padding-block: 0.5em 0.25em;
  }
  .fields .row {
    flex-wrap: nowrap;
  }
  .fields fieldset .row {
    flex-wrap: wrap;
  }
  .after {
    margin-block-start: 0.5em;
  }
  .picture:not(:empty) {
    display: block;
    margin-block-start: 0.375em;
  }
  .picture button {
    display: block;
    max-inline-size: 100%;
    padding: 0.125em;
    background: var(--_surface);
    line-height: 0;
    cursor: zoom-in;
  }
  .picture [aria-pressed='true'] {
    cursor: zoom-out;
  }
  .picture img {
    max-inline-size: min(100%, 16em);
    max-block-size: 10em;
    border-radius: 0.25em;
  }
  .picture [aria-pressed='true'] img {
    max-inline-size: 100%;
    max-block-size: none;
  }
  .state {
    margin-block-start: 0.25em;
  }
  .state progress {
    inline-size: 4em;
    accent-color: var(--_accent);
  }
`;
