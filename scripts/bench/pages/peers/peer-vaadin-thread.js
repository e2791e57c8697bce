import '@vaadin/message-list';
import { makeEntries, makeEntry } from './data.js';
import { elementsIn, untilPainted } from './watch.js';

const list = document.body.appendChild(document.createElement('vaadin-message-list'));
list.style.cssText = 'display:block;block-size:44rem';
const item = ({ author, body, createdAt }) => ({ text: body.value, time: createdAt, userName: author.name });
let entries;
window.bench = {
  prepare: (size) => (entries = makeEntries(size).map(item)),
  show: () =>
    untilPainted(
      () => (list.items = entries),
      () => list.querySelectorAll('vaadin-message').length >= entries.length,
    ),
  append: () => {
    entries = [...entries, item(makeEntry(1, 1))];
    return untilPainted(
      () => (list.items = entries),
      () => list.querySelectorAll('vaadin-message').length >= entries.length,
    );
  },
  elements: () => elementsIn(document.body),
};
