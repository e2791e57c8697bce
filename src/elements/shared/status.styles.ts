import { css } from './css.js';

/** How a ticket's state looks as a badge, in the list and in the thread, and its times. */
export const statusStyles = css`
  :host {
    --_success: var(--help-desk-success, light-dark(#17633a, #8fd8ac));
    --_success-tint: var(--help-desk-success-tint, light-dark(#e5f4eb, #173324));
    --_waiting: var(--help-desk-waiting, light-dark(#754700, #f2c46e));
    --_waiting-tint: var(--help-desk-waiting-tint, light-dark(#fdf2de, #38290f));
  }
  time {
    unicode-bidi: plaintext;
  }
  .badge {
    display: inline-block;
    padding: 0 0.5em;
    border-radius: 1em;
    background: var(--_tint);
    color: var(--_accent);
    font-size: 0.8125em;
    font-weight: 600;
    line-height: 1.6;
    white-space: nowrap;
  }
  .badge.pending,
  .badge.on-hold {
    background: var(--_waiting-tint);
    color: var(--_waiting);
  }
  .badge.resolved {
    background: var(--_success-tint);
    color: var(--_success);
  }
  .badge.closed {
    background: var(--_raised);
    color: var(--_muted);
  }
  @media (forced-colors: active) {
    .badge {
      border: 1px solid;
    }
  }
`;
