import { html, type TemplateResult } from 'lit';
import type { Ticket, TicketStatus } from '../../model.js';

/** Our words for the five states, in the order of a ticket's life. */
export const statusWords: Readonly<Record<TicketStatus, string>> = {
  open: 'Open',
  pending: 'In progress',
  'on-hold': 'On hold',
  resolved: 'Resolved',
  closed: 'Closed',
};

/** True where nobody works on the ticket any more. */
export const isOver = (status: TicketStatus): boolean => status === 'closed' || status === 'resolved';

/** The state as a badge: our word, and the back end's own where it says something else. */
export function statusBadge(ticket: Ticket, text: (english: string) => string): TemplateResult {
  const ours = text(statusWords[ticket.status] ?? '');
  const own = ticket.statusLabel && `${ticket.statusLabel}`;
  return html`<span part="status" class="badge ${ticket.status}" title=${own ?? ours}
    >${own && own.toLowerCase() !== ours.toLowerCase() ? (ours ? `${ours} · ${own}` : own) : ours}</span
  >`;
}
