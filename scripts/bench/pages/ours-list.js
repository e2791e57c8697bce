import '../../../src/elements/ticket-list/define.ts';
import { createStore } from '../../../src/store/store.ts';
import { makeTicket, makeTickets } from './data.js';
import { elementsIn, untilPainted } from './watch.js';

let answer;
const backend = {
  name: 'memory',
  limits: {},
  listTickets: () => new Promise((resolve) => (answer = resolve)),
  readThread: () => new Promise(() => {}),
  createTicket: () => new Promise(() => {}),
};
const store = createStore(backend, { pollInterval: 0, storage: null });
const list = document.createElement('ticket-list');
list.store = store;
document.body.append(list);
const rows = () => list.shadowRoot.querySelectorAll('[part~=item]');

let items;
window.bench = {
  prepare: (size) => (items = makeTickets(size)),
  show: () =>
    untilPainted(
      () => answer({ items }),
      () => rows().length >= 20,
    ),
  append: () => {
    items = [{ ...makeTicket(0), id: 'fresh', subject: 'A new one' }, ...items];
    void store.refresh();
    return untilPainted(
      () => answer({ items }),
      () => rows()[0].dataset.id === 'fresh',
    );
  },
  again: () => {
    items = structuredClone(items);
    void store.refresh();
    return untilPainted(
      () => answer({ items }),
      () => true,
    );
  },
  elements: () => elementsIn(document.body),
};
