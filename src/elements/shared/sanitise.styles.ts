import { css } from './css.js';

/** How the HTML of an entry looks, and what stands in for its images. */
export const styles = css`
  .body.html :is(p, ul, ol, pre, table, blockquote, details) {
    margin-block: 0.5em;
  }
  .body .bare {
    white-space: pre-wrap;
  }
  .body.html > :first-child {
    margin-block-start: 0;
  }
  .body.html > :last-child {
    margin-block-end: 0;
  }
  .body :is(ul, ol) {
    list-style: revert;
    padding-inline-start: 1.5em;
  }
  .body img {
    max-inline-size: 100%;
    block-size: auto;
  }
  .body pre {
    overflow: auto;
    padding: 0.5em;
    border-radius: 0.25em;
    background: var(--_surface);
  }
  .body table {
    border-collapse: collapse;
  }
  .body :is(td, th) {
    padding: 0.25em 0.5em;
    border: 1px solid var(--_control);
    text-align: start;
  }
  .body blockquote {
    margin-inline: 0;
    padding-inline-start: 0.75em;
    border-inline-start: 3px solid var(--_line);
  }
  .image {
    color: var(--_muted);
  }
`;
