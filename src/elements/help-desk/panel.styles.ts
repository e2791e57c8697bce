import { css } from '../shared/css.js';
import { launcherStyles } from './launcher-button.js';

const own = css`
  [part='launcher']:hover {
    /* What every other button has under the pointer would be under white words. */
    background: var(--_accent);
  }
  [part='panel'] {
    --_edge: var(--help-desk-launcher-offset, 1rem);
    /* The button and a gap. */
    --_beside: calc(var(--_edge) + max(3.75rem, 60px));
    container-type: inline-size;
    position: fixed;
    inset-block: var(--_top, auto) var(--_bottom, max(var(--_beside) + env(safe-area-inset-bottom), var(--_below, 0px)));
    inset-inline: var(--_start, auto) var(--_end, var(--_edge));
    inline-size: min(var(--help-desk-panel-inline-size, 26em), 100vi - 2 * var(--_edge));
    block-size: min(var(--help-desk-block-size, 44em), 100dvb - max(var(--_beside), var(--_below, 0px)) - var(--_edge));
    max-inline-size: none;
    max-block-size: none;
    margin: 0 env(safe-area-inset-right) 0 env(safe-area-inset-left);
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    overflow: auto;
    overscroll-behavior: contain;
    color: inherit;
    background: var(--_surface);
    box-shadow: 0 8px 40px #0003;
  }
  [part='panel']:focus-visible {
    outline-offset: -2px;
  }
  :host([placement^='top']) [part='panel'] {
    --_top: calc(var(--_beside) + env(safe-area-inset-top));
    --_bottom: auto;
  }
  :host([placement$='start']) [part='panel'] {
    --_start: var(--_edge);
    --_end: auto;
  }
  @media (prefers-reduced-motion: no-preference) {
    [part='panel'] {
      animation: arrive 0.15s ease-out;
    }
  }
  @keyframes arrive {
    from {
      translate: 0 0.5em;
    }
  }
  [part='panel'] .frame {
    block-size: 100%;
    border: 0;
    border-radius: 0;
  }
  [part='panel'] .frame [part='bar'] {
    padding-inline-end: 3.5em;
  }
  [part='panel'] > slot,
  [part='panel'] > .notice,
  [part='panel'] > .empty {
    display: block;
    margin: 3.5em var(--_space) var(--_space);
  }
  [part='close'] {
    position: absolute;
    z-index: 1;
    inset-block-start: calc(0.5em + env(safe-area-inset-top) * var(--_full, 0));
    inset-inline-end: 0.5em;
    inline-size: 2.25em;
    padding: 0;
    border-color: transparent;
  }
  [part='close']::before {
    content: '✕' / '';
  }
  [part='unread'] {
    display: inline-block;
    min-inline-size: 1.5em;
    margin-inline-start: 0.5em;
    padding-inline: 0.375em;
    border-radius: 1em;
    background: var(--_surface);
    color: var(--_text);
    font-size: 0.875em;
    text-align: center;
  }
  [part='panel'].full {
    --_full: 1;
    inset: var(--_above, 0) 0 var(--_below, 0);
    margin: 0;
    inline-size: auto;
    block-size: auto;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
    border: 0;
    border-radius: 0;
  }
`;

/** With what the script tag's button looks like, which has no Lit. */
export const panelStyles = css([launcherStyles + own.cssText]);
