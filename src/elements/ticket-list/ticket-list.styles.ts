import { css } from '../shared/css.js';

export const styles = css`
  :host {
    container-type: inline-size;
    position: relative;
  }
  [part='filters'] {
    padding: 0.75em var(--_space);
    border-block-end: 1px solid var(--_line);
  }
  [part='filters'] > * {
    flex: 1 1 8em;
    min-inline-size: 0;
  }
  [part='filters'] .search {
    flex: 1 1 100%;
  }
  .notice,
  [part='skeleton'] {
    margin: 0.75em var(--_space);
  }
  li + li {
    border-block-start: 1px solid var(--_line);
  }
  [part='item'] {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0.125em 0.75em;
    align-items: start;
    inline-size: 100%;
    padding: 0.75em var(--_space);
    padding-inline-start: calc(var(--_space) - 3px);
    border: 0;
    border-inline-start: 3px solid transparent;
    border-radius: 0;
    text-align: start;
    font-weight: 400;
  }
  [part='item']:focus-visible {
    outline-offset: -2px;
  }
  [part='item'][aria-current] {
    background: var(--_tint);
    border-inline-start-color: var(--_accent);
  }
  [part='subject'] {
    font-weight: 550;
    min-inline-size: 0;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  .unread [part='subject'] {
    font-weight: 750;
  }
  .news {
    color: var(--_accent);
  }
  .news::before {
    content: '';
    display: inline-block;
    inline-size: 0.5em;
    block-size: 0.5em;
    margin-inline-end: 0.375em;
    border-radius: 50%;
    background: currentColor;
  }
  .meta {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    column-gap: 0.75em;
  }
  .more {
    padding: 0.75em;
    text-align: center;
  }
  .refreshing {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0;
    block-size: 2px;
    background: var(--_accent);
    opacity: 0;
  }
  @media (prefers-reduced-motion: no-preference) {
    .refreshing {
      animation: breathe 1.2s 0.4s ease-in-out infinite alternate;
    }
  }
  @media (forced-colors: active) {
    /* What is transparent would be seen: every ticket would look like the current one. */
    [part='item'] {
      border-inline-start-color: Canvas;
    }
  }
  @container (max-width: 22em) {
    [part='item'] {
      grid-template-columns: 1fr;
    }
    .badge {
      justify-self: start;
    }
  }
`;
