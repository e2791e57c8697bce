import { css } from './css.js';

/**
 * The look of every element: public `--help-desk-*` properties feed private `--_*` ones, so that a page sets what it
 * wants and nothing else changes. Every pair of text and surface has a contrast of at least 4.5:1, borders of controls 3:1.
 */
export const tokens = css`
  :host {
    --_accent: var(--help-desk-accent, light-dark(#1d5bbf, #94b8ff));
    --_on-accent: var(--help-desk-on-accent, light-dark(#fff, #0d1730));
    --_tint: var(--help-desk-tint, light-dark(#edf3fd, #1d2940));
    --_surface: var(--help-desk-surface, light-dark(#fff, #15171c));
    --_raised: var(--help-desk-raised, light-dark(#f4f5f8, #1f2229));
    --_text: var(--help-desk-text, light-dark(#1a1e26, #e9ebf0));
    --_muted: var(--help-desk-muted, light-dark(#566070, #a9b1bf));
    --_line: var(--help-desk-line, light-dark(#e0e3e9, #343a45));
    --_control: var(--help-desk-control, light-dark(#7d8695, #7d8798));
    --_danger: var(--help-desk-danger, light-dark(#a8201a, #ffb3ab));
    --_danger-tint: var(--help-desk-danger-tint, light-dark(#fdeeed, #3a1d1b));
    --_radius: var(--help-desk-radius, 0.625em);
    --_space: var(--help-desk-space, 1em);
    display: block;
    box-sizing: border-box;
    color-scheme: var(--help-desk-color-scheme, light dark);
    color: var(--_text);
    background: var(--_surface);
    font-family: var(--help-desk-font, inherit);
    font-size: var(--help-desk-font-size, inherit);
    line-height: 1.5;
    text-align: start;
    text-indent: 0;
    text-transform: none;
    white-space: normal;
    overflow-wrap: break-word;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  ::before,
  ::after {
    box-sizing: inherit;
  }
  h2,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  h2 {
    font-size: 1.125em;
    font-weight: 650;
    line-height: 1.3;
    text-wrap: balance;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
    margin: 0;
    border: 1px solid var(--_control);
    border-radius: calc(var(--_radius) * 0.8);
    background: none;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  button {
    min-block-size: 2.25em;
    padding: 0.25em 0.875em;
    font-weight: 550;
    cursor: pointer;
  }
  button:hover {
    background: var(--_raised);
  }
  button[disabled],
  button[aria-disabled='true'] {
    cursor: default;
    opacity: 0.65;
  }
  .primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .primary:hover {
    background: color-mix(in oklab, var(--_accent), var(--_text) 15%);
  }
  .plain {
    border-color: transparent;
    color: var(--_accent);
  }
  label {
    display: block;
    font-weight: 550;
    margin-block-end: 0.25em;
  }
  input,
  select,
  textarea {
    display: block;
    inline-size: 100%;
    min-block-size: 2.5em;
    padding: 0.375em 0.75em;
    background: var(--_surface);
  }
  textarea {
    min-block-size: 6.5em;
    max-block-size: 40vh;
    resize: vertical;
    field-sizing: content;
  }
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  [aria-invalid='true'] {
    border-color: var(--_danger);
  }
  .wrong {
    color: var(--_danger);
    font-size: 0.9375em;
    margin-block-start: 0.25em;
  }
  .muted {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25em 0.625em;
  }
  .grow {
    flex: 1 1 auto;
    min-inline-size: 0;
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .notice {
    padding: 0.625em 0.875em;
    border-radius: calc(var(--_radius) * 0.8);
    background: var(--_raised);
  }
  .alert {
    background: var(--_danger-tint);
    color: var(--_danger);
  }
  .notice button {
    color: inherit;
    border-color: currentColor;
  }
  .notice button:hover {
    background: none;
    text-decoration: underline;
  }
  .empty {
    padding: calc(var(--_space) * 2) var(--_space);
    text-align: center;
    color: var(--_muted);
    text-wrap: balance;
  }
  .bone {
    block-size: 0.875em;
    margin-block: 0.5em;
    border-radius: 0.25em;
    background: var(--_raised);
  }
  .bone:nth-child(even) {
    inline-size: 60%;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .bone {
      animation: breathe 1.6s ease-in-out infinite alternate;
    }
  }
  @media (prefers-contrast: more) {
    :host {
      --_muted: var(--_text);
      --_line: var(--_control);
    }
  }
  @media (forced-colors: active) {
    .notice {
      border: 1px solid;
    }
  }
`;
