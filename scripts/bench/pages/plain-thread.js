// Everything at once, written by hand: what a thread costs that does not wait.
import { makeEntries } from './data.js';
import { elementsIn, untilPainted } from './watch.js';

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const list = document.body.appendChild(document.createElement('ol'));
list.style.cssText = 'overflow:auto;block-size:min(44rem,85vh)';
const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

let entries;
window.bench = {
  prepare: (size) => (entries = makeEntries(size)),
  show: () =>
    untilPainted(
      () => {
        list.innerHTML = entries
          .map(
            ({ author, createdAt, body }) =>
              `<li><article><p><strong>${escape(author.name)}</strong> <time>${format.format(new Date(createdAt))}</time></p><div>${escape(body.value)}</div></article></li>`,
          )
          .join('');
        list.scrollTop = list.scrollHeight;
      },
      () => list.children.length >= 20,
    ),
  elements: () => elementsIn(document.body),
};
