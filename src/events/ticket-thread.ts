/** What a thread fires. */
import type { ReplyDraft, Ticket, TicketStatus, ThreadEntry } from '../model.js';
import { HelpDeskEvent } from './event.js';

/** A reply is about to be sent. The draft may be changed; cancel to keep it from being sent. */
export class ReplySendEvent extends HelpDeskEvent<{ ticketId: string; draft: ReplyDraft }> {
  declare readonly ticketId: string;
  declare readonly draft: ReplyDraft;
  constructor(ticketId: string, draft: ReplyDraft) {
    super('reply-send', { ticketId, draft }, true);
  }
}

/** A reply was stored by the back end. */
export class ReplySentEvent extends HelpDeskEvent<{ ticketId: string; entry: ThreadEntry }> {
  declare readonly ticketId: string;
  declare readonly entry: ThreadEntry;
  constructor(ticketId: string, entry: ThreadEntry) {
    super('reply-sent', { ticketId, entry });
  }
}

/** A ticket is about to be closed or reopened. Cancel to keep its status. */
export class StatusChangeEvent extends HelpDeskEvent<{ ticketId: string; status: TicketStatus }> {
  declare readonly ticketId: string;
  declare readonly status: TicketStatus;
  constructor(ticketId: string, status: TicketStatus) {
    super('status-change', { ticketId, status }, true);
  }
}

/** The back end has changed a ticket's status. */
export class StatusChangedEvent extends HelpDeskEvent<{ ticket: Ticket }> {
  declare readonly ticket: Ticket;
  constructor(ticket: Ticket) {
    super('status-changed', { ticket });
  }
}

/** The back end has stored a rating. */
export class TicketRatedEvent extends HelpDeskEvent<{ ticketId: string; score: number }> {
  declare readonly ticketId: string;
  /** 1 to 5. */
  declare readonly score: number;
  constructor(ticketId: string, score: number) {
    super('ticket-rated', { ticketId, score });
  }
}
