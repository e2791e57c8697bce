import { css } from '../shared/css.js';

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    max-block-size: var(--help-desk-block-size, min(44em, 85vh));
    container-type: inline-size;
    position: relative;
    /* In a low place messages keep theirs, and what is below is scrolled to. */
    overflow-y: auto;
  }
  [role='status'] {
    inset-block-start: 0;
  }
  header,
  footer,
  .scroller > * {
    padding-inline: var(--_space);
  }
  :host > .notice,
  [part='skeleton'] {
    margin: 0.75em var(--_space);
  }
  header {
    padding-block: 0.75em;
    border-block-end: 1px solid var(--_line);
  }
  header p {
    margin-block-start: 0.25em;
  }
  .scroller {
    flex: 1 1 auto;
    min-block-size: 6em;
    overflow: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    padding-block: 0.75em;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .more,
  .day {
    text-align: center;
  }
  .day {
    margin-block: 0.75em 0.5em;
  }
  article:not(.day + article) {
    margin-block-start: 0.75em;
  }
  article {
    inline-size: fit-content;
    max-inline-size: min(44em, 92%);
    min-inline-size: min(16em, 92%);
    padding: 0.625em 0.875em;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  article.message {
    margin-inline-start: auto;
    background: var(--_tint);
  }
  article.event {
    min-inline-size: 0;
    margin-inline: auto;
    padding-block: 0;
    background: none;
    color: var(--_muted);
    font-size: 0.875em;
  }
  .by,
  article.event {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.5em;
  }
  .by {
    margin-block-end: 0.125em;
  }
  .role {
    padding-inline: 0.375em;
    border: 1px solid currentColor;
    border-radius: 1em;
    color: var(--_accent);
    font-size: 0.75em;
    font-weight: 600;
  }
  .body {
    contain: layout paint;
    overflow: auto;
    unicode-bidi: plaintext;
  }
  .body.text {
    white-space: pre-wrap;
  }
  .body a {
    color: var(--_accent);
  }
  summary {
    min-block-size: 1.5em;
    color: var(--_muted);
    font-size: 0.875em;
    cursor: pointer;
  }
  article ul.row {
    margin-block-start: 0.5em;
  }
  [part='attachment'] {
    background: var(--_surface);
    text-align: start;
  }
  .news {
    display: flex;
    justify-content: center;
    block-size: 0;
  }
  .news button {
    translate: 0 calc(-100% - 0.5em);
    block-size: fit-content;
    border-radius: 2em;
    box-shadow: 0 2px 10px #0004;
  }
  footer {
    display: grid;
    gap: 0.5em;
    padding-block: 0.75em;
    border-block-start: 1px solid var(--_line);
  }
  /* The place of what is on its way. */
  .later {
    block-size: 2.25em;
  }
  .later.open {
    block-size: 12em;
  }
  @container (max-width: 25em) {
    .later.open {
      block-size: 16em;
    }
  }
  /* Most of what is seen is messages: scrolling goes on from them to what is around. */
  @media (max-height: 30em) {
    .scroller {
      min-block-size: 40vh;
      overscroll-behavior: auto;
    }
  }
`;
