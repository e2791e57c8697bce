/**
 * osTicket 1.18 with PR 4361: reading and replying for agents, and osTicket's own create. Field names, their order, media
 * types, statuses and texts are those of recorded answers of a real installation; the comment says what was not recorded.
 * The calls answer under `/api/` and under `/api/http.php/`.
 */
import type { Dialect, DialectDesk } from './dialect.js';
import {
  createRoute,
  dispatch,
  type Facts,
  fullAddress,
  json,
  jsonType,
  mayWrite,
  priorityObject,
  readJson,
  staffCall,
  staffReply,
  type StaffRules,
  states,
  textType,
  toEntry,
} from './osticket-core.js';

const toTicket = (desk: DialectDesk, { ticket, user, topic, entries, ...facts }: Facts): unknown => {
  const files = desk.store.attachments(ticket.id);
  return {
    ticket_number: ticket.number,
    subject: ticket.subject,
    ticket_status: states[ticket.state].name,
    statusId: states[ticket.state].id,
    priority: priorityObject(ticket.priority),
    department: 'Support',
    create_timestamp: facts.created,
    user_name: user.name,
    user_email: { email: user.email, address: fullAddress(user) },
    user_phone: user.phone,
    source: ticket.source,
    due_timestamp: facts.due,
    close_timestamp: facts.closed,
    help_topic: topic?.path ?? null,
    last_message_timestamp: facts.lastMessage,
    last_response_timestamp: facts.lastResponse,
    assigned_to: facts.assignedTo,
    thread_entries: entries.map((entry) => ({
      model: toEntry(desk, entry),
      // How many, whatever the name says; a picture within the words is none of them.
      annotations: {
        has_attachments: files.filter(({ entry_id, key }) => entry_id === entry.id && !entry.body.includes(key)).length,
      },
    })),
  };
};

const staff: StaffRules = {
  toTicket,
  respond: (_, value, status) => json(value, status, jsonType),
  read: readJson,
  required: ['ticketNumber', 'staffUserName', 'reply_status_id'],
};

/** What PR 4361 adds, and the number of a new ticket as plain text. */
export const osticketHttp: Dialect = dispatch([
  createRoute(textType),
  [
    /^GET tickets\/(ticketInfo|staffTickets|clientTickets)$/,
    (desk, request, found) => staffCall(desk, request, found[1]!, staff),
  ],
  [
    /^POST tickets\/reply\.json$/,
    (desk, request) => {
      mayWrite(desk, request);
      return staffReply(desk, request, staff);
    },
  ],
]);
