import { html, render } from 'lit';
import { virtualize } from '@lit-labs/virtualizer/virtualize.js';
import { makeTicket, makeTickets } from './data.js';
import { elementsIn, untilPainted } from './watch.js';

const place = document.body.appendChild(document.createElement('ul'));
const row = ({ id, subject, status, number, topic, updatedAt }) =>
  html`<li style="inline-size:100%">
    <button data-id=${id} style="display:grid;inline-size:100%;padding:0.75rem;text-align:start">
      <span>${subject}</span><span>${status}</span>
      <span><span>#${number}</span> <span>${topic.name}</span> <time>${updatedAt.slice(0, 10)}</time></span>
    </button>
  </li>`;
const draw = (items) => render(virtualize({ items, renderItem: row, keyFunction: ({ id }) => id }), place);
let items;
window.bench = {
  prepare: (size) => (items = makeTickets(size)),
  show: () =>
    untilPainted(
      () => draw(items),
      () => place.querySelectorAll('button').length >= 5,
    ),
  append: () => {
    items = [{ ...makeTicket(0), id: 'fresh' }, ...items];
    return untilPainted(
      () => draw(items),
      () => place.querySelector('[data-id=fresh]'),
    );
  },
  elements: () => elementsIn(document.body),
};
