// What the pages share: copying, day and night, the other direction; and small things that single pages need.

const root = document.documentElement;

/** Says something to people who do not see it happen. */
const status = document.createElement('p');
status.className = 'skip';
status.role = 'status';
document.body.append(status);

// Buttons that change the page: day and night, and the direction of its lines.
const night = matchMedia('(prefers-color-scheme: dark)').matches;
const toggles = {
  dark: (on) => (root.dataset.scheme = on ? 'dark' : 'light'),
  rtl: (on) => (root.dir = on ? 'rtl' : 'ltr'),
};
for (const button of document.querySelectorAll('[data-toggle]')) {
  const change = toggles[button.dataset.toggle];
  if (button.dataset.toggle === 'dark') button.ariaPressed = `${night}`;
  button.addEventListener('click', () => {
    const on = button.ariaPressed !== 'true';
    button.ariaPressed = `${on}`;
    change(on);
    dispatchEvent(new Event('page-changed'));
  });
}

/** A button that copies what stands under it. Where the browser does not let it, the text is selected for the keyboard. */
function addCopy(figure) {
  const code = figure.querySelector('code');
  const button = document.createElement('button');
  button.type = 'button';
  const name = figure.querySelector('figcaption').textContent.trim();
  const show = (word) => {
    button.textContent = word;
    button.ariaLabel = `${word}: ${name}`;
  };
  show('Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      show('Copied');
      status.textContent = `Copied: ${name}`;
    } catch {
      getSelection().selectAllChildren(code);
      show('Press Ctrl+C');
      status.textContent = 'It is selected. Press Ctrl and C to copy it.';
    }
    setTimeout(() => {
      show('Copy');
      status.textContent = '';
    }, 2500);
  });
  figure.querySelector('figcaption').append(button);
}
for (const figure of document.querySelectorAll('.snippet')) addCopy(figure);

/** Snippets in place of those before: `{ file, code }` each. Focus on a button that copies stays on it. */
export function showSnippets(place, parts) {
  const figures = [...place.querySelectorAll('.snippet')];
  const same = figures.length === parts.length && figures.every((one, at) => one.dataset.file === parts[at].file);
  if (!same) {
    place.replaceChildren(
      ...parts.map(({ file }) => {
        const figure = document.createElement('figure');
        figure.className = 'snippet';
        figure.dataset.file = file;
        const caption = document.createElement('figcaption');
        caption.textContent = file;
        const pre = document.createElement('pre');
        pre.tabIndex = 0;
        pre.role = 'group';
        pre.ariaLabel = file;
        pre.append(document.createElement('code'));
        figure.append(caption, pre);
        addCopy(figure);
        return figure;
      }),
    );
  }
  place.querySelectorAll('code').forEach((code, at) => (code.textContent = parts[at].code));
}

// Buttons that open the launcher with a view.
for (const button of document.querySelectorAll('[data-opens]'))
  button.addEventListener('click', () => window.HelpDesk('open', button.dataset.opens));

// Says what is wrong with a connection.
const looking = document.querySelector('[data-diagnose]');
looking?.addEventListener('change', ({ target }) => {
  if (target.id !== 'slip') return;
  const { url, key } = target.selectedOptions[0].dataset;
  looking.querySelector('#address').value = url;
  looking.querySelector('#key').value = key;
});
looking?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const desk = document.querySelector('help-desk');
  const list = document.querySelector('dl');
  desk.setAttribute('url', looking.querySelector('#address').value);
  desk.setAttribute('options', JSON.stringify({ apiKey: looking.querySelector('#key').value }));
  list.replaceChildren();
  const findings = await window.HelpDesk('diagnose');
  list.replaceChildren(
    ...findings.flatMap(({ code, ok, words, advice = '' }) =>
      [
        ['dt', `${ok ? '✓' : '✗'} ${code}`],
        ['dd', `${words} ${advice}`.trim()],
      ].map(([tag, text]) => Object.assign(document.createElement(tag), { textContent: text })),
    ),
  );
});
