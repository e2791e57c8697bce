/** What all pages of the demo share: head, menu, and the order of things. A page's file holds its title and its `main`. */
import { parts, type Choices } from './pages/snippet.js';

/** Every page, in groups: address, name in the menu. */
export const menu: readonly (readonly [group: string, pages: readonly (readonly [path: string, name: string])[]])[] = [
  [
    'See it',
    [
      ['/widget.html', 'The whole widget'],
      ['/launcher.html', 'A launcher'],
      ['/relay.html', 'Behind the relay'],
      ['/blocks.html', 'Four elements in blocks'],
      ['/picker.html', 'A plain form'],
    ],
  ],
  [
    'Put it in your page',
    [
      ['/configure.html', 'Make your snippet'],
      ['/paths/script-tag.html', 'Script tag'],
      ['/paths/cms.html', 'CMS'],
      ['/paths/iframe.html', 'Iframe'],
      ['/paths/react.html', 'React'],
      ['/paths/vue.html', 'Vue'],
      ['/paths/bundle.html', 'Your own bundle'],
      ['/paths/wordpress.html', 'WordPress'],
      ['/paths/osticket.html', 'osTicket and relay'],
    ],
  ],
  [
    'Make it yours',
    [
      ['/theming.html', 'Design a theme'],
      ['/slots.html', 'Slots and parts'],
    ],
  ],
  ['When it does not work', [['/diagnose.html', 'What is wrong?']]],
];

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text as HTML. */
export const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign]!);

const navigation = (current: string): string =>
  [['', [['/', 'Start']]] as const, ...menu]
    .map(([group, pages]) => {
      const items = pages.map(
        ([path, name]) =>
          `<li><a href="${path}"${path === current ? ' aria-current="page"' : ''}>${escape(name)}</a></li>`,
      );
      return `${group && `<h2>${group}</h2>`}<ul>${items.join('')}</ul>`;
    })
    .join('\n');

/** Code with its name, which a button to copy is put beside. `code` is HTML. */
const figure = (name: string, code: string): string =>
  `<figure class="snippet"><figcaption>${name}</figcaption><pre tabindex="0" role="group" aria-label="${name}"><code>${code}</code></pre></figure>`;

/** `<snippet-of way="react">` in a page: the snippet that the configurator makes of these choices, each file with its name. */
const snippets = (page: string): string =>
  page.replace(/<snippet-of([^>]*)><\/snippet-of>/g, (_, attributes: string) => {
    const chosen = Object.fromEntries(
      [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [
        name!.replace(/-(\w)/, (__, letter: string) => letter.toUpperCase()),
        value,
      ]),
    );
    return parts(chosen as Partial<Choices>)
      .map(({ file, code }) => figure(escape(file), escape(code)))
      .join('\n');
  });

/** `<pre data-file="…">` as a snippet. */
const codes = (page: string): string =>
  page.replace(/<pre data-file="([^"]*)">\n?([^]*?)<\/pre>/g, (_, name: string, code: string) => figure(name, code));

const dedent = (text: string): string => {
  const lines = text.replace(/^\n+|\s+$/g, '').split('\n');
  const least = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return `${lines.map((line) => line.slice(least)).join('\n')}\n`;
};

/** `<source-of-example>`: the page's `.example` as it is written, with the script tag that makes it work. */
const source = (page: string): string => {
  const example = /<div class="example[^"]*">\n([^]*?)\n\s*<\/div>\s*<!-- \/example -->/.exec(page)?.[1] ?? '';
  const code = `<script async src="/cdn/help-desk.js"></script>\n\n${dedent(example)}`;
  return page.replace(
    '<source-of-example></source-of-example>',
    () => `<h2>How it is made</h2>\n${figure('page.html', escape(code))}`,
  );
};

/** A page from its file: everything around `main`, with the page's own place in the menu marked. */
export function layout(path: string, fragment: string): string {
  const [, title = '', rest = ''] = /^<title>(.*?)<\/title>([^]*)$/.exec(fragment.trim()) ?? [];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} · helpdesk-elements</title>
    <link rel="icon" href="/icon.svg" />
    <link rel="stylesheet" href="/demo.css" />
    <script async src="/cdn/help-desk.js"></script>
    <script type="module" src="/demo.js"></script>
  </head>
  <body>
    <a class="skip" href="#main">To the content</a>
    <header>
      <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28" /> helpdesk-elements</a>
      <div class="tools">
        <button type="button" data-toggle="dark" aria-label="Dark" aria-pressed="false"><span class="long">Dark</span><span class="short" aria-hidden="true">◐</span></button>
        <button type="button" data-toggle="rtl" aria-label="Right to left" aria-pressed="false"><span class="long">Right to left</span><span class="short" aria-hidden="true">⇄</span></button>
        <button type="button" class="open-menu" popovertarget="menu">Menu</button>
      </div>
    </header>
    <nav id="menu" popover aria-label="Pages">
${navigation(path)}
    </nav>
    ${snippets(codes(source(rest.trim())))}
  </body>
</html>
`;
}
