import '../../../src/elements/ticket-thread/define.ts';
import { createStore } from '../../../src/store/store.ts';
import { makeEntries, makeEntry, makeTicket } from './data.js';
import { elementsIn, untilPainted, watchKeys } from './watch.js';

let answer;
const backend = {
  name: 'memory',
  limits: {},
  listTickets: async () => ({ items: [] }),
  readThread: () => new Promise((resolve) => (answer = resolve)),
  createTicket: () => new Promise(() => {}),
  reply: () => new Promise(() => {}),
  setStatus: () => new Promise(() => {}),
};
const store = createStore(backend, { pollInterval: 0 });
const thread = document.createElement('ticket-thread');
thread.store = store;
thread.ticket = 't0';
document.body.append(thread);
const articles = () => thread.shadowRoot.querySelectorAll('article');

let entries;
const ticket = makeTicket(0);
window.bench = {
  prepare: (size) => (entries = makeEntries(size)),
  show: () =>
    untilPainted(
      () => answer({ ticket, entries }),
      () => articles().length >= 20,
    ),
  append: () => {
    entries = [...entries, { ...makeEntry(1, 1), id: 'fresh' }];
    void store.refresh();
    return untilPainted(
      () => answer({ ticket, entries }),
      () => [...articles()].at(-1).dataset.id === 'fresh',
    );
  },
  again: () => {
    entries = structuredClone(entries);
    void store.refresh();
    return untilPainted(
      () => answer({ ticket, entries }),
      () => true,
    );
  },
  drawAll: async () => {
    for (let more; (more = thread.shadowRoot.querySelector('.more button')); await thread.updateComplete) more.click();
    return articles().length;
  },
  focus: () => thread.shadowRoot.querySelector('textarea').focus(),
  typed: () => thread.shadowRoot.querySelector('textarea').value,
  keys: watchKeys(),
  elements: () => elementsIn(document.body),
};
