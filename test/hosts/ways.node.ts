/** Every way in, on a page with a strict policy, in every engine that is here: a ticket is opened, read and answered. */
import { expect } from 'chai';
import { buildCdn, connection, data, tag } from '../loader/site.js';
import { bundle } from './bundle.js';
import { drawn, openHost, press, reply, watched, write, type Host } from './host.js';
import { engines, start, until, type Machine, type Tab } from './tab.js';

/** Names of policies: ours; and that of Lit, where the page has bundled it. */
const policy = (names: string): string =>
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data: blob:; base-uri 'none'; " +
  `require-trusted-types-for 'script'; trusted-types ${names}; report-uri /reported`;
const ours = 'helpdesk-elements';
const withLit = `${ours} lit-html`;

const app = '<script type="module" src="/app.js"></script>';
const composed = `<main><ticket-list></ticket-list></main><aside><ticket-thread></ticket-thread></aside>`;
/** A desk that only connects. */
const connected = `<help-desk ${connection}><span hidden></span></help-desk>`;

interface Way {
  readonly name: string;
  readonly body: string;
  readonly head: string;
  readonly names?: string;
  /** Code of the page's own script, bundled. */
  readonly app?: string;
  /** What a person presses before there are tickets. */
  readonly press?: string;
  /** The desk of which a ticket is chosen, where there are two. */
  readonly desk?: string;
  /** What must be true at the end. */
  readonly holds?: string;
}

const ways: readonly Way[] = [
  {
    name: 'a script tag and a launcher',
    head: tag,
    body: `<help-desk launcher ${connection}></help-desk>`,
    press: 'Help',
  },
  {
    name: 'a script tag alone',
    head: `<script async src="/cdn/help-desk.js" data-launcher ${data}></script>`,
    body: '',
    press: 'Help',
  },
  { name: 'a script tag and the widget in the page', head: tag, body: `<help-desk ${connection}></help-desk>` },
  {
    name: 'what a CMS left of the tags',
    head: tag,
    body: `<div data-help-desk="help-desk" ${data}><div data-help-desk="ticket-list"></div></div><div data-help-desk="ticket-thread"></div>`,
  },
  { name: 'elements in unrelated places', head: tag, body: composed + connected },
  {
    name: 'the script as a module',
    head: tag.replace('async', 'type="module"'),
    body: `<help-desk ${connection}></help-desk>`,
  },
  {
    name: 'everything from npm, bundled',
    head: app,
    body: `<help-desk ${connection}></help-desk>`,
    names: withLit,
    app: "import '/src/define.ts';",
  },
  {
    name: 'single elements from npm, bundled',
    head: app,
    body: composed + connected,
    names: withLit,
    app: "import '/src/elements/ticket-list/define.ts'; import '/src/elements/ticket-thread/define.ts'; import '/src/elements/help-desk/define.ts';",
  },
  {
    name: 'a bundle with other names beside the script tag',
    head: tag + app,
    body: `<acme-help-desk name="acme" ${connection}></acme-help-desk><help-desk ${connection} view="ticket:NUMBER"></help-desk>`,
    names: withLit,
    app: "import { define } from '/src/index.ts'; define({ prefix: 'acme-' });",
    desk: 'acme-help-desk',
    holds: `!!deep('td', document.querySelector('help-desk').shadowRoot)`,
  },
];

for (const engine of engines) {
  describe(`ways in, in ${engine}`, function () {
    this.timeout(90_000);
    let machine: Machine;
    let host: Host;
    let tab: Tab;

    before(async () => {
      await buildCdn();
      machine = await start(engine);
    });
    after(() => machine?.close());
    beforeEach(async () => {
      host = await openHost();
      tab = await machine.tab();
    });
    afterEach(async () => {
      await tab?.close();
      await host?.close();
    });

    async function open({ name, names = ours, body, head, app: code }: Way): Promise<void> {
      host.headers.set('content-security-policy', policy(names));
      if (code)
        host.pages.set('/app.js', await bundle(`app-${ways.findIndex((one) => one.name === name)}`, code, 'es'));
      host.pages.set('/', watched(body.replace('NUMBER', host.ticket.number), head));
      await tab.open(`${host.url}/`);
    }
    const nothingSaid = async (): Promise<void> => {
      expect(await tab.value('seen')).to.deep.equal([]);
      expect([...host.reports, ...tab.problems]).to.deep.equal([]);
    };

    for (const way of ways) {
      it(`a ticket is read and answered by ${way.name}`, async () => {
        await open(way);
        if (way.press) await press(tab, way.press);
        const root = way.desk ? `document.querySelector('${way.desk}').shadowRoot` : 'document';
        await until(tab, `(() => { const row = deep('[part~=item]', ${root}); row?.click(); return !!row; })()`);
        await drawn(tab);
        await reply(tab, host, 'It glows now.');
        if (way.holds) await until(tab, way.holds);
        await nothingSaid();
      });
    }

    it('a form alone, as a CMS left it, opens a ticket', async () => {
      await open({
        name: 'form',
        head: tag,
        body: `<div data-help-desk="ticket-form" data-topic="2" data-subject="A lamp"></div>${connected}`,
      });
      await write(tab, "document.querySelector('ticket-form')?.shadowRoot", 'textarea', 'Where is it?');
      await press(tab, 'Send');
      await until(
        tab,
        `document.querySelector('ticket-form').shadowRoot.textContent.includes('Your ticket was sent.')`,
      );
      const [last] = host.desk.store.tickets({ newest: true });
      expect([last!.subject, last!.topic_id, host.desk.store.entries(last!.id)[0]!.body]).to.deep.equal([
        'A lamp',
        2,
        '<p>Where is it?</p>',
      ]);
      await nothingSaid();
    });
  });
}
