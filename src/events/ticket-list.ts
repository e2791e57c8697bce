/** What a list fires. */
import type { Ticket } from '../model.js';
import { HelpDeskEvent } from './event.js';

/** A ticket was chosen in a list. Cancel it to show the ticket in your own way. */
export class TicketSelectEvent extends HelpDeskEvent<{ ticket: Ticket }> {
  declare readonly ticket: Ticket;
  constructor(ticket: Ticket) {
    super('ticket-select', { ticket }, true);
  }
}
