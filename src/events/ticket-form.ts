/** What the form for a new ticket fires. */
import type { Ticket, TicketDraft } from '../model.js';
import { HelpDeskEvent } from './event.js';

/** A ticket is about to be sent. The draft may be changed; cancel to keep it from being sent. */
export class TicketSubmitEvent extends HelpDeskEvent<{ draft: TicketDraft }> {
  declare readonly draft: TicketDraft;
  constructor(draft: TicketDraft) {
    super('ticket-submit', { draft }, true);
  }
}

/** A ticket was stored by the back end. */
export class TicketCreatedEvent extends HelpDeskEvent<{ ticket: Ticket }> {
  declare readonly ticket: Ticket;
  constructor(ticket: Ticket) {
    super('ticket-created', { ticket });
  }
}
