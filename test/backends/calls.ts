/**
 * Every call that is documented of every ticket system, and what became of it here. The README's table is written from
 * this by `npm run calls -- --write`, and a test sees to it that methods, elements and tests are there.
 */
import type { Backend } from '../../src/backends/backend.js';

export type System = 'osticket' | 'osticket-http' | 'support-ticket' | 'jaze';

interface Documented {
  readonly system: System;
  /** Method and path; in words what is special. */
  readonly call: string;
}

/** A call that is made. */
export interface Offered extends Documented {
  readonly method: Exclude<keyof Backend, 'name' | 'limits' | 'ready'>;
  /** Tag of the element that shows it, and by what. */
  readonly element: readonly [tag: string, by: string];
  /** Title of a test, in the contract suite or in the test file of the back end. */
  readonly test: string;
}

/** A call that is not made. */
export interface NotOffered extends Documented {
  readonly reason: string;
}

type Row = Omit<Offered, 'system'> | Omit<NotOffered, 'system'>;

const list = ['ticket-list', 'its rows'] as const;
const filters = ['ticket-list', 'Search, Status, Topic'] as const;
const thread = ['ticket-thread', 'its entries'] as const;
const form = ['ticket-form', 'Send'] as const;
const topics = ['topic-picker', 'its options'] as const;
const reply = ['ticket-thread', 'Reply'] as const;
const close = ['ticket-thread', 'Close ticket'] as const;
const reopen = ['ticket-thread', 'Reopen ticket'] as const;
const details = ['ticket-thread', 'Priority, tags'] as const;
const file = ['ticket-thread', 'an attachment'] as const;

const twice = 'closes, closes again, and reopens';
const listed = "lists the person's tickets, last activity first";
const administration =
  'Administration of accounts, not part of a ticket; a key that may do it does not belong near a page.';

const calls: Readonly<Record<System, readonly Row[]>> = {
  osticket: [
    { call: 'GET /api/tickets.json', method: 'listTickets', element: list, test: listed },
    { call: 'GET /api/tickets.json/{number}', method: 'readThread', element: thread, test: 'maps a whole ticket' },
    {
      call: 'POST /api/tickets.json',
      method: 'createTicket',
      element: form,
      test: 'creates tickets in osTicket without the extension',
    },
    {
      call: 'PUT /api/tickets.json/{number}',
      method: 'reply',
      element: reply,
      test: 'reopens a closed ticket by a reply',
    },
    { call: 'DELETE /api/tickets.json/{number}', method: 'setStatus', element: close, test: twice },
    { call: 'POST /api/tickets.json/{number}', method: 'setStatus', element: reopen, test: twice },
    {
      call: 'GET /api/topics.json',
      method: 'listTopics',
      element: topics,
      test: 'lists the topics that people may choose',
    },
    { call: 'GET a download_url (shape 2020)', method: 'readAttachment', element: file, test: 'reads files' },
    {
      call: 'GET /api/scp/tickets/ticketInfo.json',
      method: 'readThread',
      element: ['ticket-thread', 'its entries, for agents'],
      test: 'reads any ticket, also one with zeros before its number',
    },
    {
      call: 'GET /api/scp/tickets/clientTickets.json',
      method: 'listTickets',
      element: ['ticket-list', 'scope="all", Search for an address'],
      test: "lists a customer's tickets where an address is searched for",
    },
    {
      call: 'GET /api/scp/tickets/staffTickets.json',
      method: 'listTickets',
      element: ['ticket-list', 'scope="assigned"'],
      test: 'lists what is assigned to the agent, or to the one that the identity names',
    },
    {
      call: 'POST /api/scp/tickets/reply.json',
      method: 'reply',
      element: ['ticket-thread', 'Reply with a status, for agents'],
      test: 'replies, and the ticket keeps its status or takes the one that is given',
    },
    {
      call: 'POST /api/tickets/reply.json',
      method: 'reply',
      element: ['ticket-thread', 'Reply with a status, for agents'],
      test: 'sends replies by the other path where the first is not there, and remembers it',
    },
    {
      call: 'GET /api/scp/tickets.json',
      method: 'listTickets',
      element: ['ticket-list', 'scope="all"'],
      test: 'lists the whole desk in pages, and reads again only what has changed',
    },
    {
      call: 'POST /api/scp/users.json',
      method: 'createUser',
      element: ['ticket-list', 'New user, for agents'],
      test: 'makes somebody known, once',
    },
    { call: 'GET, DELETE /api/scp/users.json/{id} (2020)', reason: administration },
    { call: 'POST, GET, DELETE /api/scp/organizations.json (2020)', reason: administration },
    { call: 'GET /api/scp/organizations.json/users/{id} (2020)', reason: administration },
  ],
  'osticket-http': [
    {
      call: 'GET /api/http.php/tickets/ticketInfo',
      method: 'readThread',
      element: thread,
      test: 'maps a whole ticket, its entries wrapped or not',
    },
    { call: 'GET /api/http.php/tickets/clientTickets', method: 'listTickets', element: list, test: listed },
    {
      call: 'GET /api/http.php/tickets/staffTickets',
      method: 'listTickets',
      element: ['ticket-list', 'its rows, for agents'],
      test: 'lists what is assigned, and reads any ticket',
    },
    {
      call: 'POST /api/http.php/tickets/reply.json',
      method: 'reply',
      element: ['ticket-thread', 'Reply with a status, for agents'],
      test: 'replies, and the ticket keeps its status or takes the one that is given',
    },
    {
      call: 'POST /api/tickets.json, or /api/http.php/tickets.json',
      method: 'createTicket',
      element: form,
      test: 'creates tickets by the other route where the first is not there, and remembers it',
    },
  ],
  'support-ticket': [
    {
      call: 'GET support/get/category-list/',
      method: 'listTopics',
      element: topics,
      test: 'lists the topics that people may choose',
    },
    {
      call: 'POST support/create/ticket/',
      method: 'createTicket',
      element: form,
      test: 'tells a new ticket from an older one of the same words',
    },
    {
      call: 'GET support/get/ticket/history/',
      method: 'listTickets',
      element: filters,
      test: 'reaches the end of 300 tickets',
    },
    {
      call: 'GET support/get/ticket/tags/',
      method: 'listTags',
      element: details,
      test: 'names topics and tags that a ticket only numbers',
    },
    {
      call: 'POST support/update/ticket/',
      method: 'updateTicket',
      element: details,
      test: 'changes priority and tags',
    },
    {
      call: 'GET support/ticket/detailed-view/',
      method: 'readThread',
      element: thread,
      test: 'knows its own messages by the address, whatever its case, or else by the author of the ticket',
    },
    {
      call: 'GET support/ticket/download/{attachment_id}/',
      method: 'readAttachment',
      element: file,
      test: 'reads the name of a file in every form, and takes no page for a file',
    },
    { call: 'POST support/ticket/conversation/', method: 'reply', element: reply, test: 'sends files with a reply' },
    {
      call: 'POST support/ticket/status/',
      method: 'setStatus',
      element: ['ticket-thread', 'Close, Reopen ticket'],
      test: twice,
    },
  ],
  jaze: [
    {
      call: 'POST /api/v1/raise_ticket',
      method: 'createTicket',
      element: form,
      test: 'closes a new ticket at once, with a resolution',
    },
    {
      call: 'GET /api/v1/get_tickets/{userId}/{status}',
      method: 'listTickets',
      element: filters,
      test: 'filters on hold and closed where the system can',
    },
    {
      call: 'POST /api/v1/get_tickets/{userId}, with dates',
      method: 'listTickets',
      element: list,
      test: 'asks for a range of dates by POST',
    },
    {
      call: 'GET /api/v1/get_tickets/…/{assigned_admin}',
      reason: 'For agents, and user 0 means everybody: only lists of one positive id are asked for.',
    },
    {
      call: 'POST /api/v1/send_message',
      method: 'reply',
      element: reply,
      test: 'speaks as the user, whatever it is asked',
    },
    {
      call: 'GET /api/v1/get_ticket_details/{ticketId}',
      method: 'readThread',
      element: thread,
      test: 'joins the conversation with the list, and shows what is for the user',
    },
    {
      call: 'GET /api/v1/close_ticket/{ticketId}',
      method: 'setStatus',
      element: close,
      test: 'closes once, though it is a GET',
    },
    {
      call: 'POST /api/v1/reopen_ticket',
      method: 'setStatus',
      element: reopen,
      test: 'reopens with a reason',
    },
    {
      call: 'POST /api/v1/ticket_rating',
      method: 'rate',
      element: ['ticket-thread', 'How did we do?'],
      test: 'rates from 1 to 5',
    },
    {
      call: 'POST /api/v1/assign_ticket_to_admin',
      method: 'updateTicket',
      element: ['ticket-thread', 'Assignee, with the option assign'],
      test: 'assigns where it may, though success is called an error',
    },
  ],
};

/** All of them, in the order of the documentation. */
export const documentedCalls: readonly (Offered | NotOffered)[] = (Object.keys(calls) as System[]).flatMap((system) =>
  calls[system].map((row) => ({ system, ...row })),
);
