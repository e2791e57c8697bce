import { describeBackend, watchFetch } from '../../src/testing.js';
import { acme } from './acme.js';
import { openAcme } from './server.js';

describeBackend(
  'acme',
  {
    absent: ['rate', 'updateTicket', 'listTags', 'readAttachment'],
    id: ({ number }) => number,
    lines: {
      list: 'GET /cases?',
      read: 'GET /cases/309214?',
      create: 'POST /cases',
      reply: 'POST /cases/309214/posts',
      topics: 'GET /areas',
    },
    states: { new: 'open', solved: 'resolved', done: 'closed', frozen: 'closed' },
    reopened: 'open',
    dated: true,
    paged: false,
    refuses: 'lock',
    unknownId: '999999',
    draft: {},
    replyFiles: false,
  },
  async () => {
    const desk = await openAcme();
    const wire = watchFetch(desk.url);
    const options = { url: desk.url, apiKey: desk.key };
    return {
      desk: { ...desk, ...wire, address: desk.url, close: () => (wire.restore(), desk.close()) },
      backend: acme(options),
      remake: (changes) => acme({ ...options, ...changes }),
      identity: { email: 'jane@example.test', displayName: 'Jane Doe' },
    };
  },
);
