/** The components in a React app as it is built, in strict mode, over a real help desk. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import type { Browser, Page } from 'puppeteer-core';
import { build, type Rolldown } from 'vite';
import { HelpDesk as HelpDeskClass } from '../../src/elements/help-desk/help-desk.js';
import { TicketForm as TicketFormClass } from '../../src/elements/ticket-form/ticket-form.js';
import { TicketList as TicketListClass } from '../../src/elements/ticket-list/ticket-list.js';
import { TicketThread as TicketThreadClass } from '../../src/elements/ticket-thread/ticket-thread.js';
import { TopicPicker as TopicPickerClass } from '../../src/elements/topic-picker/topic-picker.js';
import { HelpDesk, TicketForm, TicketList, TicketThread, TopicPicker } from '../../src/react.js';
import { has, html, jane, openBrowser, openSite, root, type Site } from '../loader/site.js';

/** Every event with its class, as declared; and a value for each kind of setting. */
function typesOf() {
  const map = /interface HelpDeskEventMap \{(.*?)^\}/ms.exec(readFileSync(join(root, 'src/events.ts'), 'utf8'))![1]!;
  const events = [...map.matchAll(/'([\w-]+)': (\w+);/g)].map(([, name, type]) => [name!, type!] as const);
  const settings = [
    ['HelpDesk', 'url', '"/"'],
    ['HelpDesk', 'launcher', 'true'],
    ['HelpDesk', 'options', '{ apiKey: "k" }'],
    ['HelpDesk', 'getToken', 'async () => "t"'],
    ['HelpDesk', 'view', '"ticket:1"'],
    ['HelpDesk', 'prefill', '{ subject: { value: "x", readOnly: true } }'],
    ['TicketList', 'pageSize', '3'],
    ['TicketThread', 'order', '"newest"'],
    ['TicketForm', 'draft', '{ subject: "x", message: "y" }'],
    ['TopicPicker', 'topics', '[{ id: "1", name: "Orders" }]'],
    ['TopicPicker', 'value', '"1"'],
  ] as const;
  return { events, settings };
}

describe('the components for React', function () {
  this.timeout(60_000);
  let browser: Browser;
  let site: Site;
  let page: Page;
  const problems: string[] = [];

  before(async () => {
    const [{ output }] = (await build({
      root,
      configFile: false,
      logLevel: 'error',
      define: { 'process.env.NODE_ENV': '"development"' },
      build: {
        write: false,
        target: 'es2022',
        lib: { entry: join(root, 'test/package/react-page.tsx'), formats: ['es'], fileName: 'app' },
      },
    })) as [Rolldown.RolldownOutput];
    site = await openSite();
    for (const file of output) if (file.type === 'chunk') site.pages.set(`/${file.fileName}`, file.code);
    const entry = output.find((file) => file.type === 'chunk' && file.isEntry)!;
    site.pages.set('/', html(`<div id="app"></div><script type="module" src="/${entry.fileName}"></script>`));
    browser = await openBrowser();
    page = await browser.newPage();
    await page.evaluateOnNewDocument('globalThis.__name = (one) => one');
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) problems.push(message.text());
    });
    await page.goto(`${site.url}/`);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  const form = 'document.querySelector("ticket-form").shadowRoot';

  it('set properties, objects and booleans too, and attributes that every element has', async () => {
    await has(page, `document.querySelectorAll("ticket-list").length && ${form}?.querySelector("textarea")`);
    const set = await page.evaluate(() => {
      const desk = document.querySelector('help-desk')!;
      const list = document.querySelector('ticket-list')!;
      return [
        desk.options,
        desk.email,
        desk.className,
        list.pageSize,
        list.noFilters,
        document.querySelector('ticket-thread')!.order,
      ];
    });
    expect(set).to.deep.equal([{ apiKey: 'k' }, jane, 'desk', 2, true, 'newest']);
    await has(page, 'document.querySelector("ticket-list").shadowRoot.querySelector("[part~=item]")');
  });

  it('follow the state of the app', async () => {
    expect(await page.evaluate(() => document.querySelector('ticket-form')!.subject)).to.equal('My order');
    await page.locator('::-p-text(It is about an invoice)').click();
    await has(page, 'document.querySelector("ticket-form").subject === "My invoice"');
  });

  it('call back for events, with what they carry, and let a draft be changed', async () => {
    await page.evaluate(() => {
      const root = document.querySelector('ticket-form')!.shadowRoot!;
      const write = (field: HTMLInputElement | HTMLTextAreaElement, value: string): void => {
        field.value = value;
        field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
      };
      write(root.querySelector('input:not([type])') ?? root.querySelector('input')!, 'A lamp');
      write(root.querySelector('textarea')!, 'It blinks');
      root.querySelector('form')!.requestSubmit();
    });
    await has(page, '/^Sent: \\d+$/.test(document.querySelector("p").textContent)');
    const number = (await page.$eval('p', (place) => place.textContent)).slice(6);
    await page.locator('::-p-text(Look again)').click();
    await page.evaluate((id) => Object.assign(document.querySelector('ticket-thread')!, { ticket: id }), number);
    await has(
      page,
      'document.querySelector("ticket-thread").shadowRoot.textContent.includes("It blinks (from React)")',
    );
    expect(problems).to.deep.equal([]);
  });

  it('know every setting whose attribute has another name', () => {
    const classes = {
      HelpDesk: HelpDeskClass,
      TicketForm: TicketFormClass,
      TicketList: TicketListClass,
      TicketThread: TicketThreadClass,
      TopicPicker: TopicPickerClass,
    };
    const components = { HelpDesk, TicketForm, TicketList, TicketThread, TopicPicker };
    for (const [name, { elementProperties }] of Object.entries(classes)) {
      for (const [property, { attribute }] of elementProperties) {
        if (typeof attribute !== 'string') continue;
        const written = renderToString(
          createElement(components[name as keyof typeof components] as React.FC, { [property]: 'x' } as object),
        );
        expect(written, `${name}.${String(property)}`).to.include(` ${attribute}="x"`);
      }
    }
  });

  it('have every event as a prop of its own type, and every setting with its own', function () {
    const { events, settings } = typesOf();
    expect(events.length).to.equal(14);
    const folder = join(root, `.cache/react-types-${process.pid}`);
    const lines = [
      ...['HelpDesk', 'TicketList', 'TicketThread', 'TicketForm', 'TopicPicker'].flatMap((component) =>
        events.flatMap(([name, type]) => {
          const prop = `on${name.replace(/(^|-)(\w)/g, (_all, _hyphen, letter: string) => letter.toUpperCase())}`;
          const tag = component.replace(/\B[A-Z]/g, '-$&').toLowerCase();
          return [
            `<${component} ${prop}={(event) => exactly<events.${type}>()(event)} />,`,
            `<${tag} on${name}={(event) => exactly<events.${type}>()(event)} />,`,
            `// @ts-expect-error -- another event`,
            `<${component} ${prop}={(event: MouseEvent) => event} />,`,
          ];
        }),
      ),
      ...settings.flatMap(([component, name, value]) => [
        `<${component} ${name}={${value}} />,`,
        `<${component} ${name}={undefined} />,`,
        `// @ts-expect-error -- never a symbol`,
        `<${component} ${name}={Symbol()} />,`,
      ]),
      '// @ts-expect-error -- read only',
      '<TicketList tickets={[]} />,',
      '// @ts-expect-error -- a method',
      '<HelpDesk refresh={async () => undefined} />,',
      '// @ts-expect-error -- no such event',
      '<HelpDesk onTicketLost={() => undefined} />,',
    ];
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'check.tsx'),
      [
        `import * as events from '../../src/events.js';`,
        `import { HelpDesk, TicketForm, TicketList, TicketThread, TopicPicker } from '../../src/react.js';`,
        `const exactly = <T,>() => <U extends T>(event: [T] extends [U] ? U : never): void => void event;`,
        `void events;`,
        `export const all = [`,
        ...lines,
        `];`,
      ].join('\n'),
    );
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: { types: [] }, include: ['.'], exclude: [] }),
    );
    const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: root, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([stdout, status]).to.deep.equal(['', 0]);
  });

  it('are written as tags on a server', () => {
    const written = renderToString(
      createElement(
        HelpDesk,
        { backend: 'osticket', url: '/desk', email: jane, options: { apiKey: 'k' } },
        createElement(TicketForm, { subject: 'A lamp', onTicketCreated: () => undefined }),
        createElement(TicketList, { pageSize: 2, noFilters: true }),
        createElement(TopicPicker, { name: 'topic', required: true }),
      ),
    );
    expect(written).to.equal(
      `<help-desk backend="osticket" url="/desk" email="${jane}" options="{&quot;apiKey&quot;:&quot;k&quot;}"><ticket-form subject="A lamp"></ticket-form>` +
        '<ticket-list page-size="2" no-filters=""></ticket-list><topic-picker name="topic" required=""></topic-picker></help-desk>',
    );
  });
});
