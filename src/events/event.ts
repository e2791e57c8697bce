/** Each event bubbles, crosses shadow roots, and has its data as fields and under `detail`. */
import type { HelpDeskEventMap } from '../events.js';

export class HelpDeskEvent<T extends object> extends Event {
  /** The same data as the event's own fields. */
  declare readonly detail: T;

  constructor(type: keyof HelpDeskEventMap, detail: T, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable });
    Object.assign(this, detail, { detail });
  }
}
