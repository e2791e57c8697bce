import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    max-block-size: var(--help-desk-block-size, min(44rem, 85vh));
    container-type: inline-size;
    position: relative;
  }
  header,
  footer,
  .scroller > * {
    padding-inline: var(--_space);
  }
  :host > .notice,
  [part='skeleton'] {
    margin: 0.75rem var(--_space);
  }
  header {
    padding-block: 0.75rem;
    border-block-end: 1px solid var(--_line);
  }
  header p {
    margin-block-start: 0.25rem;
  }
  .scroller {
    flex: 1 1 auto;
    min-block-size: 0;
    overflow: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    padding-block: 0.75rem;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .more,
  .day {
    text-align: center;
  }
  .day {
    margin-block: 0.75rem 0.5rem;
  }
  article:not(.day + article) {
    margin-block-start: 0.75rem;
  }
  article {
    inline-size: fit-content;
    max-inline-size: min(44rem, 92%);
    min-inline-size: min(16rem, 92%);
    padding: 0.625rem 0.875rem;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  article.message {
    margin-inline-start: auto;
    background: var(--_tint);
  }
  article.event {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.5rem;
    min-inline-size: 0;
    margin-inline: auto;
    padding-block: 0;
    background: none;
    color: var(--_muted);
    font-size: 0.875em;
  }
  article.sending {
    outline: 1px dashed var(--_control);
    outline-offset: -1px;
  }
  .by {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.5rem;
    margin-block-end: 0.125rem;
  }
  .role {
    padding-inline: 0.375rem;
    border: 1px solid currentColor;
    border-radius: 1rem;
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
  .body > :first-child {
    margin-block-start: 0;
  }
  .body > :last-child {
    margin-block-end: 0;
  }
  .body.html :is(p, ul, ol, pre, table, blockquote, details) {
    margin-block: 0.5rem;
  }
  .body :is(ul, ol) {
    list-style: revert;
    padding-inline-start: 1.5rem;
  }
  .body a {
    color: var(--_accent);
  }
  .body img {
    max-inline-size: 100%;
    block-size: auto;
  }
  .body pre {
    overflow: auto;
    padding: 0.5rem;
    border-radius: 0.25rem;
    background: var(--_surface);
  }
  .body table {
    border-collapse: collapse;
  }
  .body :is(td, th) {
    padding: 0.25rem 0.5rem;
    border: 1px solid var(--_control);
    text-align: start;
  }
  .body blockquote {
    margin-inline: 0;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_line);
  }
  summary {
    min-block-size: 1.5rem;
    color: var(--_muted);
    font-size: 0.875em;
    cursor: pointer;
  }
  .image {
    color: var(--_muted);
  }
  article ul.row {
    margin-block-start: 0.5rem;
  }
  article .notice {
    margin-block-start: 0.5rem;
    background: var(--_danger-tint);
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
    translate: 0 calc(-100% - 0.5rem);
    block-size: fit-content;
    border-radius: 2rem;
    box-shadow: 0 2px 10px #0004;
  }
  footer {
    display: grid;
    gap: 0.5rem;
    padding-block: 0.75rem;
    border-block-start: 1px solid var(--_line);
  }
  .status-row .grow {
    flex-basis: 12rem;
  }
  textarea {
    min-block-size: 4.5rem;
  }
  .actions {
    margin-block-start: 0.5rem;
  }
  progress {
    accent-color: var(--_accent);
  }
`;
