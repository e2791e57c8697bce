/**
 * osTicket 1.18 with the API extension in its documented ("readme") shape. Field names, their order, media types,
 * statuses and texts are those of recorded answers of a real installation; where none was recorded, the comment says so.
 */
import type { PersonRow, TicketRow } from '../store.js';
import type { Dialect, DialectDesk } from './dialect.js';
import {
  addPerson,
  answer,
  jsonType,
  castNumber,
  close,
  createTicket,
  customer,
  dispatch,
  type Facts,
  type Input,
  isEmail,
  json,
  manyTickets,
  messageBody,
  missingOfPerson,
  oneTicket,
  pairs,
  personObject,
  priorities,
  publicTopics,
  readJson,
  Refusal,
  reopen,
  reply,
  type Route,
  staffCall,
  staffReply,
  type StaffRules,
  states,
  toEntry,
  userObject,
  word,
} from './osticket-core.js';

const toTicket = (desk: DialectDesk, facts: Facts): unknown => ({
  ticket_number: facts.ticket.number,
  subject: facts.ticket.subject,
  ticket_status: states[facts.ticket.state].name,
  statusId: states[facts.ticket.state].id,
  priority: priorities[facts.ticket.priority],
  department: 'Support',
  create_timestamp: facts.created,
  user: userObject(facts.user),
  source: facts.ticket.source,
  due_timestamp: facts.due,
  close_timestamp: facts.closed,
  topic: facts.topic?.path ?? null,
  topicId: facts.topic?.id ?? null,
  last_message_timestamp: facts.lastMessage,
  last_response_timestamp: facts.lastResponse,
  assigned_to: facts.assignedTo,
  threads: facts.entries.map((entry) => toEntry(desk, entry)),
});

function findUser(desk: DialectDesk, input: Input): PersonRow {
  const id = word(input.user_id);
  const email = word(input.email);
  if (!id && !email) throw new Refusal(400, 'Either user_id or email must be provided in request.');
  const user = customer(desk, id, email);
  if (!user) throw new Refusal(400, 'Invalid user.');
  return user;
}

function findTicket(desk: DialectDesk, number: string, user?: PersonRow): TicketRow {
  const ticket = desk.store.ticketByNumber(castNumber(desk, number));
  if (!ticket || (user && ticket.requester_id !== user.id)) throw new Refusal(400, 'Unknown or invalid ticket ID.');
  return ticket;
}

const ticketJson = (desk: DialectDesk, ticket: TicketRow, justReplied = false): Response =>
  json(oneTicket(desk, desk.store.ticket(ticket.id)!, toTicket, justReplied));

const staff: StaffRules = {
  toTicket,
  respond: (_, value, status) => json(value, status, jsonType),
  read: readJson,
  required: ['ticketNumber', 'staffUserName', 'reply_status_id'],
};

/** Answers a write on one ticket after checking who asks: parsing first, then the person, then the ticket. */
const onTicket =
  (work: (desk: DialectDesk, ticket: TicketRow, user: PersonRow, input: Input) => Response): Route =>
  async (desk, request, found) => {
    const input = await readJson(request);
    const user = findUser(desk, input);
    return work(desk, findTicket(desk, found[1]!, user), user, input);
  };

const routes: readonly (readonly [RegExp, Route])[] = [
  [/^GET topics\.(?:json|xml)$/, (desk) => json(publicTopics(desk))],
  [
    /^GET tickets\.(?:json|xml)$/,
    (desk, { query }) => {
      const user = findUser(desk, { user_id: query.get('user_id'), email: query.get('email') });
      return json(manyTickets(desk, desk.store.tickets({ requesterId: user.id }), toTicket));
    },
  ],
  [/^GET tickets\.(?:json|xml)\/(\d+)$/, (desk, _, found) => ticketJson(desk, findTicket(desk, found[1]!))],
  // Even with a key that may not create.
  [
    /^POST tickets\.json$/,
    async (desk, request) => {
      const input = await readJson(request);
      const user = input.user_id === undefined ? undefined : findUser(desk, input);
      return json(oneTicket(desk, createTicket(desk, input, { user }), toTicket), 201);
    },
  ],
  [/^POST tickets\.json\/(\d+)$/, onTicket((desk, ticket) => ticketJson(desk, reopen(desk, ticket)))],
  [
    /^PUT tickets\.json\/(\d+)$/,
    onTicket((desk, ticket, user, { message }) => {
      // Nothing to say: 200, and nothing is stored.
      const said = Boolean(word(message));
      if (said) reply(desk, ticket, user, '', messageBody(message, 'html'));
      return ticketJson(desk, ticket, said);
    }),
  ],
  [
    /^DELETE tickets\.json\/(\d+)$/,
    onTicket((desk, ticket) => {
      // Done or refused: 204 all the same.
      close(desk, ticket);
      return answer(204, null, undefined);
    }),
  ],
  [
    /^GET scp\/tickets\/(ticketInfo|staffTickets|clientTickets)(?:\.json)?$/,
    (desk, request, found) => staffCall(desk, request, found[1]!, staff),
  ],
  [/^POST (?:scp\/)?tickets\/reply\.json$/, (desk, request) => staffReply(desk, request, staff)],
  [/^GET scp\/tickets\.json$/, (desk) => json(pairs(desk), 200, jsonType)],
  [
    /^POST scp\/users\.json$/,
    async (desk, request) => {
      const input = await readJson(request);
      const missing = missingOfPerson(input);
      // The extension's source; not recorded.
      if (missing.length) throw new Refusal(400, `Missing parameters ${missing.join(', ')}`);
      const email = word(input.email);
      // An address that is no address is said to be in use, too (documented).
      if (!isEmail(email) || desk.store.personByEmail(email))
        throw new Refusal(400, `email ${email} is already in use.`);
      return json(personObject(addPerson(desk, input)), 201);
    },
  ],
];

/** The extension as documented; its create answers the whole ticket. */
export const osticket: Dialect = dispatch(routes);
