import { css } from '../shared/css.js';

export const styles = css`
  :host {
    container-type: inline-size;
    border-radius: var(--_radius);
  }
  :host([launcher]:not([hidden])) {
    display: contents;
  }
  .frame {
    display: flex;
    flex-direction: column;
    block-size: var(--help-desk-block-size, min(44em, 85vh));
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    overflow: clip;
  }
  [part='bar'] {
    flex: none;
    min-block-size: 3.25em;
    padding: 0.5em var(--_space);
    border-block-end: 1px solid var(--_line);
  }
  .back::before {
    content: '';
    display: inline-block;
    inline-size: 0.5em;
    block-size: 0.5em;
    margin-inline-end: 0.375em;
    border: solid currentColor;
    border-width: 0 0 2px 2px;
    rotate: 45deg;
  }
  :host(:dir(rtl)) .back::before {
    rotate: -135deg;
  }
  .back {
    margin-inline-start: -0.5em;
  }
  .back + .grow h2 {
    display: none;
  }
  .panes {
    flex: 1 1 auto;
    min-block-size: 0;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  section {
    grid-area: 1 / 1;
    min-block-size: 0;
    overflow: auto;
    overscroll-behavior: contain;
  }
  section:focus-visible {
    outline-offset: -2px;
  }
  section > .notice,
  [part='skeleton'] {
    margin: 0.75em var(--_space);
  }
  /* Below where the bar will be, and the button that closes the panel. */
  .frame > [part='skeleton'] {
    margin-block-start: 4em;
  }
  .fill {
    block-size: 100%;
    max-block-size: none;
  }
  /* Hidden but laid out, so that it keeps its scroll place. */
  .detail [part='list-pane'],
  .overview [part='detail-pane'] {
    visibility: hidden;
  }
  @container (min-width: 46em) {
    .panes {
      grid-template-columns: minmax(17em, 2fr) minmax(0, 3fr);
    }
    .panes [part] {
      visibility: visible;
    }
    [part='detail-pane'] {
      grid-column: 2;
      border-inline-start: 1px solid var(--_line);
    }
    [part='detail-pane']:only-child {
      grid-column: 1 / -1;
      border: 0;
    }
    .detail .back {
      display: none;
    }
    .back + .grow h2 {
      display: block;
    }
  }
`;
