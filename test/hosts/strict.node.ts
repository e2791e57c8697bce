/** Pages that allow little, or have much of their own: the script tag in each, in every engine that is here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildCdn, built, connection } from '../loader/site.js';
import { bundle } from './bundle.js';
import { answerAsText, digest, drawn, openHost, press, reply, watch, watched, type Host } from './host.js';
import { engines, start, until, type Machine, type Tab } from './tab.js';

/** Scripts of the host's own, bundled as a host would. */
const hostScripts: Readonly<Record<string, string>> = {
  lit: `import { html, render } from 'lit';
    window.drawHost = () => render(html\`<p id="lit" title=\${'x'}>\${'Lit of the host'}</p>\`, document.querySelector('#host'));
    addEventListener('DOMContentLoaded', drawHost);`,
  purify: `import DOMPurify from 'dompurify';
    DOMPurify.setConfig({ ALLOWED_TAGS: ['i'], RETURN_TRUSTED_TYPE: true });
    addEventListener('DOMContentLoaded', () => {
      document.querySelector('#host').innerHTML = DOMPurify.sanitize('<i>of the host</i><b>b</b>');
    });
    window.DOMPurify = DOMPurify;`,
  lax: `trustedTypes.createPolicy('default', { createHTML: (html) => html });`,
  strict: `trustedTypes.createPolicy('default', { createHTML: (html) => html.replace(/ @?on\\w+=| @/g, ' data-was-') });`,
};

const source = (file: string): Buffer => readFileSync(join(built, file));
const manifest = (): Record<string, { integrity: string }> =>
  JSON.parse(source('manifest.json').toString()) as Record<string, { integrity: string }>;

const rest = "default-src 'none'; connect-src 'self'; img-src data: blob:; base-uri 'none'; form-action 'none'";
const trusted = "require-trusted-types-for 'script'; trusted-types";
const loader = (attributes = ''): string => `<script async src="/cdn/help-desk.js"${attributes}></script>`;
const widget = (host: Host): string => `<help-desk ${connection} view="ticket:${host.ticket.number}"></help-desk>`;

interface Strict {
  readonly name: string;
  readonly policy: () => string;
  /** Scripts of the page's head; by default the script tag. */
  readonly head?: () => string;
  /** Of every script: how the policy knows it. */
  readonly attributes?: string;
  /** Before the widget. */
  readonly body?: string;
  /** What must be true at the end. */
  readonly holds?: string;
  /** Where it can be: all by default. */
  readonly engines?: readonly string[];
}

/** A script in the page itself, as a policy of hashes has it: it fetches ours. */
const inline =
  "const tag = document.createElement('script'); tag.src = '/cdn/help-desk.js'; tag.async = true; document.head.append(tag)";

const hosts: readonly Strict[] = [
  {
    name: 'allows scripts by nonce only, and what those load',
    policy: () => `${rest}; script-src 'nonce-n1' 'strict-dynamic'`,
    attributes: ' nonce="n1"',
  },
  {
    name: 'allows scripts by nonce only',
    policy: () => `${rest}; script-src 'nonce-n1'`,
    attributes: ' nonce="n1"',
  },
  {
    name: 'allows scripts by hash only, and what those load',
    policy: () => `${rest}; script-src '${digest(inline)}' '${digest(watch)}' 'strict-dynamic'`,
    head: () => `<script>${inline}</script>`,
  },
  {
    name: 'allows scripts by hash only, of each file',
    // WebKit does not look into the map for what a module imports at once.
    engines: ['chrome', 'firefox'],
    policy: () =>
      `${rest}; script-src '${digest(importMap())}' '${digest(watch)}' ${Object.values(manifest())
        .map(({ integrity }) => `'${integrity}'`)
        .join(' ')}`,
    head: () =>
      `<script type="importmap">${importMap()}</script>${loader(` integrity="${manifest()['help-desk.js']!.integrity}"`)}`,
  },
  {
    name: 'wants Trusted Types, of our name only',
    policy: () => `${rest}; script-src 'self'; ${trusted} helpdesk-elements`,
  },
  {
    name: 'has its own Lit first',
    policy: () => `${rest}; script-src 'self'; ${trusted} helpdesk-elements lit-html`,
    head: () => `<script src="/lit.js"></script>${loader()}`,
    body: '<div id="host"></div>',
    holds: "document.querySelector('#lit').textContent === 'Lit of the host'",
  },
  {
    name: 'has its own Lit afterwards',
    policy: () => `${rest}; script-src 'self'; ${trusted} helpdesk-elements lit-html`,
    body: '<div id="host"></div>',
    holds: `import('/lit.js').then(() => (drawHost(), document.querySelector('#lit').textContent === 'Lit of the host'))`,
  },
  {
    name: 'has its own DOMPurify',
    policy: () => `${rest}; script-src 'self'; ${trusted} helpdesk-elements dompurify`,
    head: () => `<script src="/purify.js"></script>${loader()}`,
    body: '<div id="host"></div>',
    // Its settings are still its own.
    holds: `document.querySelector('#host').innerHTML === '<i>of the host</i>b' && String(DOMPurify.sanitize('<i>x</i><u>y</u>')) === '<i>x</i>y'`,
  },
  {
    name: 'gives no storage',
    policy: () => `${rest}; script-src 'self'`,
    head: () => `<script src="/no-storage.js"></script>${loader()}`,
    holds: '(() => { try { localStorage } catch { return true } })()',
  },
  {
    name: 'allows nothing in the element that styles it',
    policy: () => `${rest}; script-src 'self'; style-src 'none'; style-src-attr 'none'; font-src 'none'`,
  },
];

/** Words of people who mean harm, in what is shown of a ticket. */
const hostile = {
  subject: '<img src=x onerror=pwned=1>${pwned=1}<!--?lit$-->',
  answer: [
    '<p>Dear Jane</p><img src=x onerror="pwned=2"><script>pwned=3</script><svg onload="pwned=4"><script>pwned=5</script></svg>',
    '<a id="deep" href="JaVaScript:pwned=6">a</a><a href="java&#9;script:pwned=7">b</a><iframe srcdoc="<script>parent.pwned=8</script>"></iframe>',
    '<form action="/x"><button onclick="pwned=9">Send</button></form><ticket-form></ticket-form><dialog open>Sign in</dialog>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwned=10&gt;"></table></mtext></math>',
    '<template><img src=x onerror="pwned=11"></template><p slot="after" style="position:fixed;inset:0" @click="pwned=12">cover</p>',
    '<?lit$123$><i @click$lit$="pwned=13">{{pwned=14}}</i><p>The end</p>',
  ].join(''),
};

const noStorage = `
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(window, name, { get() { throw new DOMException('No storage', 'SecurityError') } });
  Object.defineProperty(Document.prototype, 'cookie', {
    get() { throw new DOMException('No cookies', 'SecurityError') },
    set() { throw new DOMException('No cookies', 'SecurityError') },
  });
`;

/** Gives each chunk its hash, for what is loaded by `import()`. */
const importMap = (): string =>
  JSON.stringify({
    integrity: Object.fromEntries(
      Object.entries(manifest()).map(([file, { integrity }]) => [`/cdn/${file}`, integrity]),
    ),
  });

for (const engine of engines) {
  describe(`strict hosts in ${engine}`, function () {
    this.timeout(90_000);
    let machine: Machine;
    let host: Host;
    let tab: Tab;
    const bundled = new Map<string, string>();

    before(async () => {
      await buildCdn();
      for (const [name, code] of Object.entries(hostScripts)) bundled.set(`/${name}.js`, await bundle(name, code));
      machine = await start(engine);
    });
    after(() => machine?.close());
    beforeEach(async () => {
      host = await openHost();
      for (const [path, code] of bundled) host.pages.set(path, code);
      host.pages.set('/no-storage.js', noStorage);
      tab = await machine.tab();
    });
    afterEach(async () => {
      await tab?.close();
      await host?.close();
    });

    for (const { name, policy, head, attributes = '', body = '', holds, engines: known } of hosts) {
      if (known && !known.includes(engine)) continue;
      it(`shows an answer and sends a reply where the host ${name}`, async () => {
        host.headers.set('content-security-policy', `${policy()}; report-uri /reported`);
        const scripts = watched(body + widget(host), head?.() ?? loader(attributes), attributes);
        host.pages.set('/', digested(scripts, policy()));
        await tab.open(`${host.url}/`);
        await drawn(tab);
        await reply(tab, host, 'It glows now.');
        if (holds) await until(tab, holds);
        expect(await tab.value('seen')).to.deep.equal([]);
        expect([...host.reports, ...tab.problems]).to.deep.equal([]);
      });
    }

    /** Opens the page of a widget under a policy. */
    async function open(policy: string, body = widget(host), head = loader()): Promise<void> {
      host.headers.set('content-security-policy', `${policy}; report-uri /reported`);
      host.pages.set('/', watched(`<main>Shop</main>${body}`, head));
      await tab.open(`${host.url}/`);
    }
    /** What our code said; a browser says what it refuses besides. */
    const said = async (): Promise<string[]> =>
      (await tab.value<string[]>('seen')).filter((line) => !line.startsWith('violation: '));
    const advice = 'Content-Security-Policy: trusted-types has to allow helpdesk-elements';

    for (const [names, scripts = ''] of [
      ["'none'"],
      ['shop'],
      ['default', '<script src="/strict.js"></script>'],
    ] as const) {
      it(`says which name to allow, once, where Trusted Types of ${names} are wanted, and leaves the page whole`, async () => {
        const inside = '<p slot="after">Call us</p>';
        await open(
          `${rest}; script-src 'self'; ${trusted} ${names}`,
          `${widget(host).replace('><', `>${inside}<`)}<ticket-list></ticket-list><help-desk name="two" launcher ${connection}></help-desk>`,
          scripts + loader(),
        );
        await until(tab, `seen.some((line) => line.startsWith('warn'))`);
        if (await tab.value<boolean>(`'setHTML' in Element.prototype`)) {
          const answer = `deep('article.reply', deep('ticket-thread')?.shadowRoot ?? document)`;
          await until(tab, `${answer}?.querySelector('.body.text')?.textContent === ${JSON.stringify(answerAsText)}`);
          await until(tab, `!!deep('[part~=item]', document.querySelector('ticket-list').shadowRoot)`);
          await reply(tab, host, 'It glows now.');
          expect(await said()).to.deep.equal([`warn: Help desk: ${advice}`]);
        } else {
          // There nothing can be drawn: what stands in the tag is shown, and the launcher says that it did not open.
          expect(await tab.value('document.querySelector("help-desk p").getClientRects().length')).to.equal(1);
          for (const words of ['Help', 'Try again']) await press(tab, words);
          await until(tab, `deep('[part=launcher]').textContent === 'Try again' && !deep('[part=launcher]').ariaBusy`);
          expect(await said()).to.deep.equal([`warn: Help desk: Error: ${advice}`]);
        }
        expect(await tab.value('document.querySelector("main").textContent')).to.equal('Shop');
      });
    }

    it('works in a frame without an origin, which has no storage and may send no forms', async () => {
      const answerDesk = host.desk.handler('osticket', '/desk');
      const { answer } = host;
      // Such a frame is a stranger to everybody.
      const cors = {
        'access-control-allow-origin': 'null',
        'access-control-allow-headers': '*',
        'access-control-allow-methods': 'GET, POST, PUT, DELETE, PATCH',
      };
      host.answer = async (request) => {
        if (!new URL(request.url).pathname.startsWith('/desk/')) return answer!(request);
        if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: cors });
        const { status, body, headers } = await answerDesk(request);
        return new Response(body, { status, headers: { ...Object.fromEntries(headers), ...cors } });
      };
      const self = host.url;
      const policy = `default-src 'none'; script-src ${self}; connect-src ${self}; img-src data:; ${trusted} helpdesk-elements`;
      host.headers.set('content-security-policy', `${policy}; frame-src 'self'`);
      host.pages.set('/framed', watched(widget(host), loader()));
      host.pages.set('/', watched('<iframe sandbox="allow-scripts" src="/framed" width="800" height="600"></iframe>'));
      await tab.open(`${host.url}/`);
      await until(tab, `(() => { try { localStorage } catch { return origin === 'null' } })()`, 'iframe');
      await drawn(tab, 'iframe');
      await reply(tab, host, 'It glows now.', 'iframe');
      expect(await tab.value('seen', 'iframe')).to.deep.equal([]);
      expect(await tab.value('seen')).to.deep.equal([]);
    });

    it('shows HTML as text and says why, once, where a bundle has its own Lit and our name is not allowed', async () => {
      host.pages.set('/app.js', await bundle('refused', "import '/src/define.ts';", 'es'));
      const page = `${widget(host)}<help-desk name="two" ${connection} view="ticket:${host.ticket.number}"></help-desk>`;
      await open(
        `${rest}; script-src 'self'; ${trusted} lit-html`,
        page,
        '<script type="module" src="/app.js"></script>',
      );
      for (const desk of ['help-desk', 'help-desk[name=two]'])
        await until(
          tab,
          `deep('article.reply .body.text', document.querySelector('${desk}').shadowRoot)?.textContent === ${JSON.stringify(answerAsText)}`,
        );
      await reply(tab, host, 'It glows now.');
      expect(await said()).to.deep.equal([`warn: Help desk: ${advice}`]);
    });

    for (const [what, names] of [
      ['without a policy', ''],
      ['where our name is allowed', 'helpdesk-elements'],
      ['where no name is allowed', "'none'"],
    ] as const) {
      it(`runs nothing of a hostile ticket and keeps nothing that deceives, ${what}`, async () => {
        await host.close();
        host = await openHost(hostile.subject, hostile.answer);
        for (const [path, code] of bundled) host.pages.set(path, code);
        // Inline scripts and handlers may run here: what holds them back is ours.
        if (names) host.headers.set('content-security-policy', `${trusted} ${names}`);
        host.pages.set('/', watched(widget(host), loader()));
        await tab.open(`${host.url}/`);
        const blank = names === "'none'" && !(await tab.value<boolean>(`'setHTML' in Element.prototype`));
        if (blank) await until(tab, `seen.some((line) => line.startsWith('warn'))`);
        else {
          const body = `deep('article.reply', deep('ticket-thread')?.shadowRoot ?? document)?.querySelector('.body')`;
          await until(tab, `${body}?.textContent.includes('The end') && !${body}.ariaBusy`);
          const kept = `[...${body}.querySelectorAll('*')].map(({ localName }) => localName)`;
          const bad = 'script,iframe,form,button,input,style,svg,math,object,template,ticket-form,dialog,slot'.split(
            ',',
          );
          const found = await tab.value<string[]>(kept);
          expect(found.filter((name) => bad.includes(name))).to.deep.equal([]);
          expect(
            await tab.value(`${body}.querySelectorAll('[onerror],[onload],[style],[slot],[id],[href^="j" i]').length`),
          ).to.equal(0);
          expect(await tab.value(`deep('ticket-thread').shadowRoot.querySelector('h2').textContent.trim()`)).to.equal(
            hostile.subject,
          );
          await reply(tab, host, 'No.');
        }
        // What an image or a frame would have run, it would have run by now.
        await tab.value(`new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))`);
        expect(await tab.value(`window.pwned ?? 'no'`)).to.equal('no');
      });
    }

    for (const [what, names, scripts = ''] of [
      ['are named but not wanted', "trusted-types 'none'"],
      ["are signed by the page's default policy", `${trusted} default`, '<script src="/lax.js"></script>'],
    ] as const) {
      it(`needs no name where Trusted Types ${what}`, async () => {
        await open(`${rest}; script-src 'self'; ${names}`, widget(host), scripts + loader());
        await drawn(tab);
        await reply(tab, host, 'It glows now.');
        expect(await said()).to.deep.equal([]);
      });
    }
  });
}

/** The watching script knows itself by its hash where that is how the policy knows scripts. */
const digested = (page: string, policy: string): string =>
  policy.includes(`'${digest(watch)}'`)
    ? page.replace('<script src="/watch.js"></script>', `<script>${watch}</script>`)
    : page;
