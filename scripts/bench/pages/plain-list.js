// Everything at once, written by hand: what a list costs that does not wait.
import { makeTickets } from './data.js';
import { elementsIn, untilPainted } from './watch.js';

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const list = document.body.appendChild(document.createElement('ul'));
const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

let items;
window.bench = {
  prepare: (size) => (items = makeTickets(size)),
  show: () =>
    untilPainted(
      () => {
        list.innerHTML = items
          .map(
            ({ subject, status, number, topic, updatedAt }) =>
              `<li><button style="display:grid;inline-size:100%;padding:0.75rem;text-align:start"><span>${escape(subject)}</span><span>${status}</span><span><span>#${number}</span> <span>${escape(topic.name)}</span> <time>${format.format(new Date(updatedAt))}</time></span></button></li>`,
          )
          .join('');
      },
      () => list.children.length >= 20,
    ),
  elements: () => elementsIn(document.body),
};
