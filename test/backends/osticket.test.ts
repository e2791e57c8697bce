import { expect } from 'chai';
import { osticket, type OsticketOptions } from '../../src/backends/osticket.js';
import { openTestDesk } from '../support/desk.js';
import { describeBackend, type Traits } from './contract.js';

const traits: Traits = {
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
  paged: false,
  refuses: 'lock',
  unknownId: '999999',
  draft: {},
  createFiles: [10, 8_388_608],
  replyFiles: false,
};

describeBackend('osticket', traits, async () => {
  const desk = await openTestDesk();
  const options: OsticketOptions = desk.backendOptions('osticket', 'jane@example.test');
  return {
    desk,
    backend: osticket(options),
    remake: (changes) => osticket({ ...options, ...changes }),
    identity: { email: 'Jane@Example.test ', displayName: 'Jane Doe' },
    omar: { backend: osticket(options), identity: { email: 'omar@example.test' } },
  };
});

void expect;
