import '../../../src/elements/ticket-form/define.ts';
import { createStore } from '../../../src/store/store.ts';
import { topics } from './data.js';
import { watchKeys } from './watch.js';

const backend = {
  name: 'memory',
  limits: {},
  listTickets: async () => ({ items: [] }),
  readThread: () => new Promise(() => {}),
  createTicket: () => new Promise(() => {}),
  listTopics: async () => topics,
};
const form = document.createElement('ticket-form');
form.store = createStore(backend, { pollInterval: 0 });
document.body.append(form);

window.bench = {
  look: () => !!form.shadowRoot.querySelector('textarea'),
  focus: () => form.shadowRoot.querySelector('textarea').focus(),
  typed: () => form.shadowRoot.querySelector('textarea').value,
  keys: watchKeys(),
};
