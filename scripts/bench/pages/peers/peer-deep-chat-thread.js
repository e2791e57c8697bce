import 'deep-chat';
import { makeEntries } from './data.js';
import { elementsIn, untilPainted } from './watch.js';

let entries;
let chat;
window.bench = {
  prepare: (size) =>
    (entries = makeEntries(size).map(({ kind, body }) => ({
      role: kind === 'reply' ? 'ai' : 'user',
      text: body.value,
    }))),
  show: () =>
    untilPainted(
      () => {
        chat = document.createElement('deep-chat');
        chat.history = entries;
        chat.style.blockSize = '44rem';
        document.body.append(chat);
      },
      () => chat.shadowRoot?.textContent.includes(entries.at(-1).text),
    ),
  elements: () => elementsIn(document.body),
};
