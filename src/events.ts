/** One class per event. Each bubbles, crosses shadow roots, and has its data as fields and under `detail`. */
import type { HelpDeskError } from './errors.js';
import type { ReplyDraft, Ticket, TicketDraft, TicketStatus, ThreadEntry } from './model.js';

class HelpDeskEvent<T extends object> extends Event {
  /** The same data as the event's own fields. */
  readonly detail: T;

  constructor(type: string, detail: T, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable });
    this.detail = detail;
  }
}

/** A ticket was chosen in a list. Cancel it to show the ticket in your own way. */
export class TicketSelectEvent extends HelpDeskEvent<{ ticket: Ticket }> {
  readonly ticket: Ticket;
  constructor(ticket: Ticket) {
    super('ticket-select', { ticket }, true);
    this.ticket = ticket;
  }
}

/** A ticket is about to be sent. The draft may be changed; cancel to keep it from being sent. */
export class TicketSubmitEvent extends HelpDeskEvent<{ draft: TicketDraft }> {
  readonly draft: TicketDraft;
  constructor(draft: TicketDraft) {
    super('ticket-submit', { draft }, true);
    this.draft = draft;
  }
}

/** A ticket was stored by the back end. */
export class TicketCreatedEvent extends HelpDeskEvent<{ ticket: Ticket }> {
  readonly ticket: Ticket;
  constructor(ticket: Ticket) {
    super('ticket-created', { ticket });
    this.ticket = ticket;
  }
}

/** A reply is about to be sent. The draft may be changed; cancel to keep it from being sent. */
export class ReplySendEvent extends HelpDeskEvent<{ ticketId: string; draft: ReplyDraft }> {
  readonly ticketId: string;
  readonly draft: ReplyDraft;
  constructor(ticketId: string, draft: ReplyDraft) {
    super('reply-send', { ticketId, draft }, true);
    this.ticketId = ticketId;
    this.draft = draft;
  }
}

/** A reply was stored by the back end. */
export class ReplySentEvent extends HelpDeskEvent<{ ticketId: string; entry: ThreadEntry }> {
  readonly ticketId: string;
  readonly entry: ThreadEntry;
  constructor(ticketId: string, entry: ThreadEntry) {
    super('reply-sent', { ticketId, entry });
    this.ticketId = ticketId;
    this.entry = entry;
  }
}

/** A ticket is about to be closed or reopened. Cancel to keep its status. */
export class StatusChangeEvent extends HelpDeskEvent<{ ticketId: string; status: TicketStatus }> {
  readonly ticketId: string;
  readonly status: TicketStatus;
  constructor(ticketId: string, status: TicketStatus) {
    super('status-change', { ticketId, status }, true);
    this.ticketId = ticketId;
    this.status = status;
  }
}

/** The back end has changed a ticket's status. */
export class StatusChangedEvent extends HelpDeskEvent<{ ticket: Ticket }> {
  readonly ticket: Ticket;
  constructor(ticket: Ticket) {
    super('status-changed', { ticket });
    this.ticket = ticket;
  }
}

/** The back end has stored a rating. */
export class TicketRatedEvent extends HelpDeskEvent<{ ticketId: string; score: number }> {
  readonly ticketId: string;
  /** 1 to 5. */
  readonly score: number;
  constructor(ticketId: string, score: number) {
    super('ticket-rated', { ticketId, score });
    this.ticketId = ticketId;
    this.score = score;
  }
}

/** The number of tickets with news has changed. */
export class UnreadChangedEvent extends HelpDeskEvent<{ count: number }> {
  readonly count: number;
  constructor(count: number) {
    super('unread-changed', { count });
    this.count = count;
  }
}

/** The desk is connected to its back end. */
export class HelpDeskReadyEvent extends HelpDeskEvent<{ name: string }> {
  readonly name: string;
  constructor(name: string) {
    super('help-desk-ready', { name });
    this.name = name;
  }
}

/** The panel has opened. */
export class HelpDeskOpenEvent extends HelpDeskEvent<Record<string, never>> {
  constructor() {
    super('help-desk-open', {});
  }
}

/** The panel has closed. */
export class HelpDeskCloseEvent extends HelpDeskEvent<Record<string, never>> {
  constructor() {
    super('help-desk-close', {});
  }
}

/** A (new) proof of who asks is needed and none can be had. */
export class IdentityRequiredEvent extends HelpDeskEvent<Record<string, never>> {
  constructor() {
    super('identity-required', {});
  }
}

/** Something failed and the person was told. */
export class HelpDeskErrorEvent extends HelpDeskEvent<{ error: HelpDeskError }> {
  readonly error: HelpDeskError;
  constructor(error: HelpDeskError) {
    super('help-desk-error', { error });
    this.error = error;
  }
}

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
