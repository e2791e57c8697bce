import '@vaadin/grid';
import { makeTicket, makeTickets } from './data.js';
import { elementsIn, untilPainted } from './watch.js';

const grid = document.body.appendChild(document.createElement('vaadin-grid'));
grid.style.blockSize = '44rem';
for (const path of ['subject', 'status', 'number', 'topic.name', 'updatedAt']) {
  const column = document.createElement('vaadin-grid-column');
  column.path = path;
  grid.append(column);
}
const shown = (words) =>
  [...grid.querySelectorAll('vaadin-grid-cell-content')].some((one) => one.textContent === words);
let items;
window.bench = {
  prepare: (size) => (items = makeTickets(size)),
  show: () =>
    untilPainted(
      () => (grid.items = items),
      () => shown(items[5].number),
    ),
  append: () => {
    items = [{ ...makeTicket(0), number: 'fresh' }, ...items];
    return untilPainted(
      () => (grid.items = items),
      () => shown('fresh'),
    );
  },
  elements: () => elementsIn(document.body),
};
