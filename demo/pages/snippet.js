// What to paste: made from choices, for the configurator, the pages of the paths, the preview and their tests.
import { themeCss, themes } from './themes.js';

/** Ticket systems: the demo's address of each, and in what ways a page can say who is there. */
export const backends = {
  relay: {
    name: 'The relay, in front of any of the others',
    url: '/helpdesk',
    signIn: ['token-url', 'callback', 'guest'],
  },
  osticket: { name: 'osTicket with the API extension', url: '/desk/osticket', signIn: ['person', 'later', 'guest'] },
  'osticket-http': {
    name: 'osTicket with pull request 4361',
    url: '/desk/osticket-http',
    signIn: ['person', 'later', 'guest'],
  },
  'support-ticket': { name: 'Support-ticket API', url: '/desk/support-ticket/api/v1', signIn: ['person'] },
  jaze: { name: 'ISP manager', url: '/desk/jaze', signIn: ['person'] },
};

/** Every choice there is, with its words; the first is what is taken without one. */
export const choices = {
  way: {
    script: 'Script tag',
    placeholder: 'CMS that strips tags',
    iframe: 'Iframe',
    react: 'React',
    vue: 'Vue',
    bundle: 'Your own bundle',
  },
  form: { launcher: 'A button in the corner', inline: 'In the page' },
  backend: Object.fromEntries(Object.entries(backends).map(([key, { name }]) => [key, name])),
  signIn: {
    'token-url': 'An address of your site gives a token',
    callback: 'Your own code gives a token',
    guest: 'Nobody: people write without signing in',
    person: 'Your server writes them into the page',
    later: 'Your page says it later',
  },
  placement: {
    'bottom-end': 'Bottom, at the end of lines',
    'bottom-start': 'Bottom, at the start of lines',
    'top-end': 'Top, at the end of lines',
    'top-start': 'Top, at the start of lines',
  },
  look: Object.fromEntries(Object.entries(themes).map(([key, { name }]) => [key, name])),
};

/** Choices that go together: what is not known, or not possible beside another, becomes the first that is. */
export function settle(given) {
  const known = Object.fromEntries(
    Object.entries(choices).map(([name, all]) => [
      name,
      Object.hasOwn(all, given[name] ?? '') ? given[name] : Object.keys(all)[0],
    ]),
  );
  const { signIn } = backends[known.backend];
  if (!signIn.includes(known.signIn)) known.signIn = signIn[0];
  const words = {
    label: '',
    script: '/cdn/help-desk.js',
    url: '',
    tokenUrl: '/helpdesk-token',
    key: 'demo',
    hosted: '/hosted/',
  };
  for (const name of Object.keys(words)) words[name] = given[name]?.trim() || words[name];
  return { ...known, ...words, url: words.url || backends[known.backend].url };
}

const text = (value) =>
  value.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);
/** A string in a script: nothing in it can end the script or the string. */
const quoted = (value) => {
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
};

/** The back end's own options. Whoever opens the page can read them. */
function optionsOf({ backend, key }) {
  if (backend === 'relay') return undefined;
  if (backend === 'support-ticket') return { apiKey: key, accessToken: 'token-jane' };
  return backend === 'jaze' ? { headers: { Authorization: `Bearer ${key}` } } : { apiKey: key };
}

/** The attributes of `<help-desk>`, in the order in which people read them. True for one without a value. */
function settings(chosen) {
  const { form, placement, label, backend, url, signIn, tokenUrl } = chosen;
  const options = optionsOf(chosen);
  return {
    ...(form === 'launcher' && { launcher: true }),
    ...(form === 'launcher' && placement !== 'bottom-end' && { placement }),
    ...(label && { label }),
    ...(backend !== 'relay' && { backend }),
    url,
    ...(signIn === 'token-url' && { 'token-url': tokenUrl }),
    ...(signIn === 'person' && (backend === 'jaze' ? { 'user-id': '1' } : { email: 'jane@example.test' })),
    ...(options && { options }),
  };
}

const json = (value) => JSON.stringify(value).replaceAll('&', '&amp;').replaceAll("'", '&#39;').replaceAll('<', '&lt;');

/** Attributes as HTML. Values of options are JSON: single quotes, so that it can be read. */
const attributes = (values, prefix = '') =>
  Object.entries(values).map(([name, value]) => {
    if (value === true) return prefix + name;
    if (typeof value === 'string') return `${prefix}${name}="${text(value)}"`;
    return `${prefix}${name}='${json(value)}'`;
  });

/** A tag with its attributes: on one line where there is room. */
function tag(name, list, indent = '', end = `></${name}>`) {
  const line = `${indent}<${[name, ...list].join(' ')}${end}`;
  if (line.length <= 100) return line;
  return `${indent}<${name}\n${list.map((one) => `${indent}  ${one}\n`).join('')}${indent}${end.trimStart()}`;
}

const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const style = (look, indent = '') => {
  const css = themeCss(themes[look]);
  return css ? `<style>\n${css.replace(/^(?=.)/gm, '  ')}</style>\n`.replace(/^(?=.)/gm, indent) : '';
};

/** What a page says by script: who is there. */
function spoken({ signIn, tokenUrl }) {
  if (signIn === 'callback')
    return `HelpDesk('identify', {\n  getToken: async () => (await (await fetch(${quoted(tokenUrl)})).json()).token,\n});`;
  if (signIn === 'later') return "HelpDesk('identify', { email: 'jane@example.test', displayName: 'Jane Doe' });";
  return '';
}

const stub =
  'window.HelpDesk =\n  window.HelpDesk ||\n  function () {\n    (HelpDesk.q = HelpDesk.q || []).push(arguments);\n  };\n';

/** The same for a page of a bundle, where the element is at hand. */
function call({ signIn, tokenUrl }) {
  if (signIn === 'callback')
    return `desk.getToken = async () => (await (await fetch(${quoted(tokenUrl)})).json()).token;\n`;
  return signIn === 'later' ? "desk.identify({ email: 'jane@example.test', displayName: 'Jane Doe' });\n" : '';
}

const inScript = (chosen) => {
  const words = spoken(chosen);
  return words ? `<script>\n${(stub + words).replace(/^(?=.)/gm, '  ')}\n</script>\n` : '';
};

function script(chosen) {
  const all = settings(chosen);
  const html =
    chosen.form === 'launcher'
      ? tag('script', ['async', `src="${text(chosen.script)}"`, ...attributes(all, 'data-')])
      : `${tag('script', ['async', `src="${text(chosen.script)}"`])}\n${tag('help-desk', attributes(all))}`;
  return [{ file: 'page.html', code: `${style(chosen.look)}${html}\n${inScript(chosen)}` }];
}

function placeholder(chosen) {
  const place = tag('div', ['data-help-desk="help-desk"', ...attributes(settings(chosen), 'data-')]);
  const head = `${tag('script', ['async', `src="${text(chosen.script)}"`])}\n${style(chosen.look)}${inScript(chosen)}`;
  return [
    { file: 'once, in the template of your pages', code: head },
    { file: 'in a block of HTML, where it is to stand', code: `${place}\n` },
  ];
}

const sheet = ({ look }) => {
  const css = themeCss(themes[look]);
  return css ? [{ file: 'help-desk.css', code: css }] : [];
};
const sheetImport = (chosen) => (sheet(chosen).length ? "import './help-desk.css';\n" : '');

function react(chosen) {
  const props = Object.entries(settings(chosen)).map(([name, value]) => {
    if (value === true) return camel(name);
    if (typeof value === 'string' && !/["\\&{}<>\n]/.test(value)) return `${camel(name)}="${value}"`;
    return `${camel(name)}={${JSON.stringify(value)}}`;
  });
  // Outside of the component: a new function at each drawing would have the desk connect anew.
  const outside =
    chosen.signIn === 'callback'
      ? `\nconst getToken = async () => (await (await fetch(${quoted(chosen.tokenUrl)})).json()).token;\n`
      : '';
  if (outside) props.push('getToken={getToken}');
  if (chosen.signIn === 'later') props.push('email={person?.email}', 'displayName={person?.name}');
  const later = chosen.signIn === 'later';
  const head = later
    ? 'export function Help({ person }: { person?: { email: string; name: string } }) {'
    : 'export function Help() {';
  const code = `import { HelpDesk } from 'helpdesk-elements/react';\n${sheetImport(chosen)}${outside}
${head}\n  return (\n${tag('HelpDesk', props, '    ', ' />')}\n  );\n}\n`;
  return [
    { file: 'help.tsx', code: code.replace(/\(\n( {4}<[^\n]*\/>)\n {2}\)/, (_, line) => line.trim()) },
    ...sheet(chosen),
  ];
}

function vue(chosen) {
  const { options, ...values } = settings(chosen);
  // Properties: Vue would set what it finds as a property to the attribute's text.
  const list = [...attributes(values), ...(options ? [`.options='${json(options)}'`] : [])];
  if (chosen.signIn === 'callback') list.push('.getToken="getToken"');
  if (chosen.signIn === 'later') list.push(':email="person?.email"', ':display-name="person?.name"');
  const own =
    chosen.signIn === 'callback'
      ? `\nconst getToken = async () => (await (await fetch(${quoted(chosen.tokenUrl)})).json()).token;\n`
      : chosen.signIn === 'later'
        ? '\ndefineProps({ person: Object });\n'
        : '';
  return [
    {
      file: 'help.vue',
      code: `<script setup>\nimport 'helpdesk-elements/define';\n${sheetImport(chosen)}${own}</script>\n\n<template>\n${tag('help-desk', list, '  ')}\n</template>\n`,
    },
    ...sheet(chosen),
    {
      file: 'vite.config.js',
      code: `import vue from '@vitejs/plugin-vue';\nimport { defineConfig } from 'vite';\n\nexport default defineConfig({\n  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } } })],\n});\n`,
    },
  ];
}

function bundle(chosen) {
  const words = call(chosen);
  const find = words && `\nconst desk = document.querySelector('help-desk');\n${words}`;
  return [
    { file: 'main.js', code: `import 'helpdesk-elements/define';\n${sheetImport(chosen)}${find}` },
    { file: 'page.html', code: `${tag('help-desk', attributes(settings(chosen)))}\n` },
    ...sheet(chosen),
  ];
}

/** The page of the help desk in a frame; what it is set to be is set there. */
function iframe({ hosted }) {
  const frame = ['title="Help desk"', 'width="100%"', 'height="700"', 'data-help-desk-frame'];
  return [
    {
      file: 'in a block of HTML, where it is to stand',
      code: `${tag('iframe', [`src="${text(hosted)}"`, ...frame])}\n`,
    },
    {
      file: 'once, where your system takes scripts too',
      code: `${tag('script', ['async', `src="${text(hosted.replace(/[^/]*$/, 'embed.js'))}"`])}\n`,
    },
  ];
}

const ways = { script, placeholder, iframe, react, vue, bundle };

/** The files of these choices, each with its name (or place) and its text. */
export function parts(given) {
  const chosen = settle(given);
  return ways[chosen.way](chosen);
}
