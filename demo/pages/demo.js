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

// Shows the page's own source under it.
const place = document.querySelector('.source');
if (place) {
  const answer = await fetch(location.href);
  place.textContent = await answer.text();
}
