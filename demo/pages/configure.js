// The configurator: choices on the left, the snippet and a page with it on the right.
import { showSnippets } from './demo.js';
import { backends, choices, parts, settle } from './snippet.js';

const form = document.querySelector('[data-configure]');
const place = document.querySelector('[data-snippets]');
const frame = document.querySelector('.preview');
const field = (name) => form.elements.namedItem(name);

for (const group of form.querySelectorAll('[data-pills]')) {
  const name = group.dataset.pills;
  group.append(
    ...Object.entries(choices[name]).map(([value, words], at) => {
      const label = document.createElement('label');
      const input = Object.assign(document.createElement('input'), { type: 'radio', name, value, checked: !at });
      label.append(input, words);
      return label;
    }),
  );
}
const fill = (select, values, chosen) => {
  select.replaceChildren(
    ...values.map((value) => new Option(choices[select.name][value], value, value === chosen, value === chosen)),
  );
};
for (const name of ['backend', 'placement', 'look']) fill(field(name), Object.keys(choices[name]));

/** Shows or hides what belongs to a field: its label and its hint too. */
const show = (name, shown) => (field(name).closest('div').hidden = !shown);

// What the address says is chosen already: a page of the paths may link here.
for (const [name, value] of new URLSearchParams(location.search)) if (field(name)) field(name).value = value;

let previewed = '';
function draw() {
  const chosen = settle(Object.fromEntries(new FormData(form)));
  const relay = chosen.backend === 'relay';
  const iframe = chosen.way === 'iframe';
  fill(field('signIn'), backends[chosen.backend].signIn, chosen.signIn);
  field('url').placeholder = backends[chosen.backend].url;
  field('script').placeholder = '/cdn/help-desk.js';
  field('tokenUrl').placeholder = '/helpdesk-token';
  field('key').placeholder = 'demo';
  field('hosted').placeholder = '/hosted/';
  for (const name of ['backend', 'signIn', 'url', 'look']) show(name, !iframe);
  show('script', ['script', 'placeholder'].includes(chosen.way));
  show('tokenUrl', !iframe && ['token-url', 'callback'].includes(chosen.signIn));
  show('key', !relay && !iframe);
  show('hosted', iframe);
  show('placement', chosen.form === 'launcher' && !iframe);
  show('label', chosen.form === 'launcher' && !iframe);
  form.querySelector('[data-pills=form]').closest('fieldset').hidden = iframe;
  form.querySelector('[data-warning]').hidden = relay || iframe;
  document.querySelector('[data-framework]').hidden = !['react', 'vue', 'bundle'].includes(chosen.way);
  showSnippets(place, parts(chosen));

  const { way, form: as, backend, signIn, placement, look, label } = chosen;
  const { scheme } = document.documentElement.dataset;
  const query = new URLSearchParams({ way, form: as, backend, signIn, placement, look, label });
  if (scheme === 'dark') query.set('dark', '');
  if (document.documentElement.dir === 'rtl') query.set('dir', 'rtl');
  const next = `/preview?${query}`;
  if (next === previewed) return;
  previewed = next;
  // In place of the page before, so that the way back leads out of this page.
  frame.contentWindow.location.replace(next);
}

let typing;
form.addEventListener('input', ({ target }) => {
  clearTimeout(typing);
  if (target.type === 'text') typing = setTimeout(draw, 250);
  else draw();
});
form.addEventListener('submit', (event) => event.preventDefault());
addEventListener('page-changed', draw);
draw();
