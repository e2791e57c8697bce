/** How each system differs when it is spoken to through the relay, for the contract suite. */
import type { Traits } from '../../src/testing.js';
import { fixedTopics, type Upstream } from './upstreams.js';

const common = { paged: true, refuses: 'lock', unknownId: '999999' } as const;

const osticket: Traits = {
  ...common,
  absent: ['rate', 'updateTicket', 'listTags', 'readAttachment'],
  id: ({ number }) => number,
  lines: {
    list: 'GET /api/tickets.json?',
    read: 'GET /api/tickets.json/309214',
    create: 'POST /api/tickets.json',
    reply: 'PUT /api/tickets.json/',
    topics: 'GET /api/topics.json',
  },
  states: { open: 'open', processing: 'open', resolved: 'resolved', closed: 'closed', archived: 'closed' },
  reopened: 'open',
  dated: true,
  draft: {},
  replyFiles: false,
};

/** As each system is, but for what the relay adds: pages, and limits of its own. */
export const systems: Record<Upstream, Traits> = {
  osticket: { ...osticket, createFiles: [5, 2_097_152] },
  'osticket-2018': osticket,
  'osticket-2020': {
    ...osticket,
    absent: ['rate', 'updateTicket', 'listTags'],
    createFiles: [5, 2_097_152],
  },
  'support-ticket': {
    ...common,
    absent: ['rate', 'updateTicket'],
    id: ({ id }) => String(id),
    lines: {
      list: 'GET /api/v1/support/get/ticket/history/',
      read: 'GET /api/v1/support/ticket/detailed-view/',
      create: 'POST /api/v1/support/create/ticket/',
      reply: 'POST /api/v1/support/ticket/conversation/',
      topics: 'GET /api/v1/support/get/category-list/',
    },
    states: { open: 'open', processing: 'pending', resolved: 'closed', closed: 'closed', archived: 'closed' },
    reopened: 'pending',
    dated: false,
    draft: { topicId: '1' },
    createFiles: [1, 2_097_152],
    replyFiles: true,
  },
  'osticket-http': {
    paged: true,
    unknownId: '999999',
    createFiles: [5, 2_097_152],
    absent: ['reply', 'setStatus', 'rate', 'updateTicket', 'listTags', 'readAttachment'],
    id: ({ number }) => number,
    lines: {
      list: 'GET /api/http.php/tickets/clientTickets',
      read: 'GET /api/http.php/tickets/ticketInfo',
      create: 'POST /api/tickets.json',
    },
    topics: fixedTopics['osticket-http'],
    states: { open: 'open', processing: 'open', resolved: 'resolved', closed: 'closed', archived: 'closed' },
    reopened: 'open',
    dated: true,
    draft: {},
    replyFiles: false,
  },
  jaze: {
    paged: true,
    refuses: 'lock',
    unknownId: '999999',
    absent: ['updateTicket', 'listTags', 'readAttachment'],
    id: ({ id }) => String(id),
    lines: {
      list: 'GET /api/v1/get_tickets/',
      read: 'GET /api/v1/get_ticket_details/',
      create: 'POST /api/v1/raise_ticket',
      reply: 'POST /api/v1/send_message',
    },
    topics: fixedTopics.jaze,
    topic: (id) => ({ 12: 'VPN and remote', 14: 'Refund request' })[id]!,
    states: { open: 'open', processing: 'open', resolved: 'closed', closed: 'closed', archived: 'closed' },
    reopened: 'open',
    dated: true,
    draft: { topicId: 'General Inquiry' },
    replyFiles: false,
  },
};
