// The designer: a theme is changed, is on the widget at once, and stands there as CSS.
import { showSnippets } from './demo.js';
import { checks, colours, fonts, others, themeCss, themes } from './themes.js';

const form = document.querySelector('[data-design]');
const place = document.querySelector('[data-snippets]');
const verdict = document.querySelector('[data-verdict]');
const byId = (id) => document.getElementById(id);
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

/** On the widgets of this page. Made here, so that the policy of this page may forbid styles in it. */
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

let theme = {};
let shown = 'light dark';

const swatches = document.querySelector('[data-swatches]');
for (const [name, [, , what]] of Object.entries(colours)) {
  const words = make('span', { title: what }, make('code', { textContent: name }), ` ${what}`);
  const inputs = ['day', 'night'].map((time, at) => {
    const input = make('input', { type: 'color', ariaLabel: `${what}, by ${time} (${name})` });
    input.dataset.colour = name;
    input.dataset.at = at;
    return input;
  });
  swatches.append(words, ...inputs);
}
for (const [value, words] of Object.entries(fonts)) byId('font').append(new Option(words, value));
document.querySelector('[data-themes]').append(
  ...Object.entries(themes).map(([value, { name }]) => {
    const input = make('input', { type: 'radio', name: 'theme', value });
    return make('label', {}, input, name);
  }),
);

/** Where a range stands while the theme says nothing of it. */
const usual = { 'font-size': 1, 'block-size': 44 };

function fill() {
  for (const input of swatches.querySelectorAll('input')) {
    const { colour, at } = input.dataset;
    input.value = (theme[colour] ?? colours[colour])[at];
  }
  byId('color-scheme').value = theme['color-scheme'] ?? 'light dark';
  byId('font').value = theme.font ?? 'inherit';
  for (const range of form.querySelectorAll('[type=range]')) {
    const value = theme[range.id] ?? others[range.id][0];
    range.value = Number.isNaN(parseFloat(value)) ? usual[range.id] : parseFloat(value);
  }
}

const names = { light: 'by day', dark: 'by night' };
function judge() {
  const all = checks(theme);
  const bad = all.filter(({ enough }) => !enough);
  verdict.classList.toggle('bad', bad.length > 0);
  const first = bad[0];
  verdict.textContent = first
    ? `${bad.length === 1 ? 'One pair is' : `${bad.length} pairs are`} hard to read. ${first.what} ${names[first.time]}: ` +
      `${first.ratio} : 1, and ${first.least} : 1 is needed (${first.front} on ${first.back}).`
    : `All ${all.length} pairs of colours can be read.`;
  const cell = ({ ratio, least, enough } = {}) => {
    if (ratio === undefined) return make('td', { textContent: 'not shown' });
    const words = enough ? `${ratio} : 1, enough` : `${ratio} : 1, too little: ${least} : 1 is needed`;
    return make('td', { textContent: words, className: enough ? '' : 'bad' });
  };
  document.querySelector('[data-pairs]').replaceChildren(
    ...[...new Set(all.map(({ what }) => what))].map((what) => {
      const of = (time) => all.find((one) => one.what === what && one.time === time);
      return make('tr', {}, make('th', { scope: 'row', textContent: what }), cell(of('light')), cell(of('dark')));
    }),
  );
}

function draw() {
  for (const output of form.querySelectorAll('output')) {
    const range = byId(output.htmlFor.value);
    output.textContent =
      theme[range.id] === undefined ? others[range.id][0].replace('inherit', 'the page’s') : theme[range.id];
    range.ariaValueText = output.textContent;
  }
  const css = themeCss(theme);
  // After the theme, so that it can be seen by day and by night.
  const look = theme['color-scheme'] ?? shown;
  sheet.replaceSync(`${css}help-desk { --help-desk-color-scheme: ${look}; }`);
  showSnippets(place, [{ file: 'your-page.css', code: css || '/* As it comes: nothing to write. */\n' }]);
  judge();
}

form.addEventListener('input', ({ target }) => {
  const { colour, at } = target.dataset;
  if (target.name === 'theme') {
    theme = structuredClone(themes[target.value]);
    fill();
  } else if (colour) {
    const pair = [...(theme[colour] ?? colours[colour]).slice(0, 2)];
    pair[at] = target.value;
    theme[colour] = pair;
  } else {
    theme[target.id] = target.value + (target.dataset.unit ?? '');
  }
  draw();
});
form.addEventListener('submit', (event) => event.preventDefault());

for (const button of document.querySelectorAll('[data-show]'))
  button.addEventListener('click', () => {
    shown = button.dataset.show;
    for (const one of document.querySelectorAll('[data-show]')) one.ariaPressed = `${one === button}`;
    draw();
  });

form.querySelector('[name=theme]').checked = true;
fill();
draw();
