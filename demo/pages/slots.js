// Shows where the parts of the widget are, and the rule of CSS that reaches each.
import { showSnippets } from './demo.js';

const parts = {
  bar: ['The bar at the top', 'border-block-end-width: 3px;'],
  'list-pane': ['Where the list is', 'background: light-dark(#f6f7f9, #101216);'],
  'detail-pane': ['Where the conversation or the form is', 'padding-block-start: 0.5rem;'],
  filters: ['Search and filters', 'padding-block: 1rem;'],
  item: ['One ticket in the list', 'padding-block: 1rem;'],
  subject: ['Its subject', 'font-weight: 500;'],
  status: ['Its state', 'text-transform: uppercase;'],
  header: ['Above the conversation', 'border-block-end-width: 3px;'],
  entry: ['What somebody said', 'border-radius: 0;'],
  body: ['The words of it', 'font-family: Georgia, serif;'],
  composer: ['The form to answer', 'background: light-dark(#f6f7f9, #101216);'],
};

const form = document.querySelector('[data-parts]');
const place = document.querySelector('[data-snippets]');
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

for (const [name, [words]] of Object.entries(parts)) {
  const input = Object.assign(document.createElement('input'), { type: 'radio', name: 'part', value: name });
  const label = document.createElement('label');
  label.title = words;
  label.append(input, name);
  form.append(label);
}

function show(name) {
  const [words, style] = parts[name];
  sheet.replaceSync(`.parts help-desk::part(${name}) { outline: 3px dashed #d6246e; outline-offset: -3px; }`);
  showSnippets(place, [{ file: 'your-page.css', code: `/* ${words} */\nhelp-desk::part(${name}) {\n  ${style}\n}\n` }]);
}
form.addEventListener('input', ({ target }) => show(target.value));
form.querySelector('[value=item]').checked = true;
show('item');

// A conversation to look at: the first of the list, as soon as there is one.
await customElements.whenDefined('help-desk');
const desk = document.querySelector('[name=parts]');
const store = await desk.ready;
const tickets = store.tickets({ limit: 25 });
const stop = tickets.watch(() => {
  const [first] = tickets.peek().data?.items ?? [];
  if (!first) return;
  desk.navigate(`ticket:${first.id}`);
  queueMicrotask(stop);
});
