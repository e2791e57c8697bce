import { html, nothing, type TemplateResult } from 'lit';
import type { Ticket, TicketStatus } from '../../model.js';
import { fullTime } from './times.js';

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

/** When an answer is promised, while there is one to wait for. Whether it is late, the back end knows best. */
export function dueLine(
  { status, dueAt = '', overdue }: Ticket,
  text: (english: string, values?: Readonly<Record<string, string>>) => string,
  language: string,
): unknown {
  const past = Date.parse(dueAt) < Date.now();
  const time = !past && fullTime(dueAt, language);
  const words = isOver(status)
    ? ''
    : (overdue ?? past)
      ? text('Later than planned')
      : time && text('Answer expected by {time}', { time });
  return words ? html`<span>${words}</span>` : nothing;
}
