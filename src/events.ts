/** One class per event. Those of an element come with the element. */
import type { TicketSelectEvent } from './events/ticket-list.js';
import type { TicketSubmitEvent, TicketCreatedEvent } from './events/ticket-form.js';
import type {
  ReplySendEvent,
  ReplySentEvent,
  StatusChangeEvent,
  StatusChangedEvent,
  TicketRatedEvent,
} from './events/ticket-thread.js';
import type {
  UnreadChangedEvent,
  HelpDeskReadyEvent,
  IdentityRequiredEvent,
  HelpDeskErrorEvent,
} from './events/desk.js';
import type { HelpDeskOpenEvent, HelpDeskCloseEvent } from './events/panel.js';

export * from './events/ticket-list.js';
export * from './events/ticket-form.js';
export * from './events/ticket-thread.js';
export * from './events/desk.js';
export * from './events/panel.js';

/** Event name → class, for typed listeners on any element. */
export interface HelpDeskEventMap {
  'ticket-select': TicketSelectEvent;
  'ticket-submit': TicketSubmitEvent;
  'ticket-created': TicketCreatedEvent;
  'reply-send': ReplySendEvent;
  'reply-sent': ReplySentEvent;
  'status-change': StatusChangeEvent;
  'status-changed': StatusChangedEvent;
  'ticket-rated': TicketRatedEvent;
  'unread-changed': UnreadChangedEvent;
  'help-desk-ready': HelpDeskReadyEvent;
  'help-desk-open': HelpDeskOpenEvent;
  'help-desk-close': HelpDeskCloseEvent;
  'identity-required': IdentityRequiredEvent;
  'help-desk-error': HelpDeskErrorEvent;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- declaration merging wants an interface
  interface GlobalEventHandlersEventMap extends HelpDeskEventMap {}
}
