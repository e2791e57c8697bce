// The floor before the click: a button, and a panel whose content is fetched when it is asked for.
// Built once for each kind of form; `fetch on hover` is the other thing told apart.
const load = () => (KIND === 'plain' ? import('./plain-form.js') : import('./lit-form.js'));
const host = document.createElement('div');
const root = host.attachShadow({ mode: 'open' });
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  'button.launch{position:fixed;inset:auto 1rem 1rem auto;padding:.5rem 1.25rem;border:0;border-radius:1.5rem;background:#1d5bbf;color:#fff;font:inherit}[popover]{inset:auto 1rem 5rem auto}',
);
root.adoptedStyleSheets = [sheet];
const button = document.createElement('button');
button.className = 'launch';
button.part.add('launcher');
button.textContent = 'Help';
const panel = document.createElement('dialog');
panel.popover = 'manual';
if (HOVER) button.addEventListener('pointerenter', load);
button.addEventListener('click', async () => {
  const { fill } = await load();
  if (!panel.firstChild) fill(panel);
  panel.togglePopover();
});
root.append(button, panel);
document.body.append(host);
