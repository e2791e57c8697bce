/** The hosted page in a frame of another site: what it shows, what the two say to each other, and who is not heard. */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { hostedPage } from '../../demo/hosted/serve.mjs';
import { buildCdn, built, html, jane, openSite, type Site } from '../loader/site.js';
import { drawn, openHost, reply, watch, type Host } from './host.js';
import { engines, start, until, type Machine, type Tab } from './tab.js';

/** The address of a site by another name: for a browser another site. */
const elsewhere = ({ url }: Site): string => url.replace('127.0.0.1', 'localhost');

/** A page with the frame, that writes down what it is told. */
const around = (src: string, more = '', attributes = 'data-help-desk-frame'): string =>
  html(
    `<iframe id="desk" src="${src}" title="Help desk" width="700" height="500" ${attributes}></iframe>${more}`,
    `<script>${watch} window.told = []; addEventListener('message', ({ data, origin }) => told.push({ data, origin }))</script>`,
  );
const height = '#desk';
const frameHeight = `parseFloat(getComputedStyle(document.querySelector('${height}')).height)`;
const contentHeight = 'Math.ceil(document.documentElement.getBoundingClientRect().height)';

for (const engine of engines) {
  describe(`the hosted page in ${engine}`, function () {
    this.timeout(90_000);
    let machine: Machine;
    let tab: Tab;
    /** Where the hosted page and the help desk are; who holds it; somebody else. */
    let host: Host;
    let site: Site;
    let stranger: Site;
    /** Leaves the frame's own policy away, as a server would that was not told of it. */
    let careless: boolean;

    before(async () => {
      await buildCdn();
      machine = await start(engine);
    });
    after(() => machine?.close());
    beforeEach(async () => {
      careless = false;
      [host, site, stranger] = await Promise.all([openHost(), openSite({ seed: 'none' }), openSite({ seed: 'none' })]);
      const page = hostedPage({
        parents: [elsewhere(site)],
        attributes: {
          backend: 'osticket',
          url: '/desk',
          email: jane,
          options: '{"apiKey":"k"}',
          view: `ticket:${host.ticket.number}`,
        },
        path: '/help/',
        files: pathToFileURL(`${built}/`),
      });
      host.answer = async (request) => {
        const answer = await page(request);
        if (!answer || !careless) return answer;
        const headers = new Headers(answer.headers);
        headers.delete('content-security-policy');
        return new Response(answer.body, { headers });
      };
      tab = await machine.tab();
    });
    afterEach(async () => {
      await tab?.close();
      await Promise.all([host, site, stranger].map((one) => one?.close()));
    });

    const embed = (): string => `<script async src="${host.url}/help/embed.js"></script>`;
    async function open(where: Site, page: string): Promise<void> {
      where.pages.set('/', page);
      await tab.open(`${elsewhere(where)}/`);
    }
    /** In the frame the helpers of the tests are not there: the page has no such script. */
    const helpers = (): Promise<unknown> =>
      tab.value(`(() => { if (!window.deep) { ${watch} } return true })()`, height);

    it('shows an answer and sends a reply in the frame as the site builder made it, with no script around it', async () => {
      await open(site, around(`${host.url}/help/`));
      await until(tab, `!!document.querySelector('help-desk')?.shadowRoot`, height);
      await helpers();
      await drawn(tab, height);
      await reply(tab, host, 'It glows now.', height);
      expect(await tab.value(frameHeight)).to.equal(500);
      // It fills the frame, and nothing is cut off.
      expect(await tab.value(`[${contentHeight}, innerHeight]`, height)).to.deep.equal([500, 500]);
      expect(await tab.value('[...told, ...seen]')).to.deep.equal([]);
      expect(await tab.value('seen', height)).to.deep.equal([]);
    });

    it('has the height of what is in it where the site asks, also when that changes', async () => {
      await open(site, around(`${host.url}/help/`, embed(), 'data-help-desk-frame data-max="3000"'));
      await until(tab, `!!document.querySelector('help-desk')?.shadowRoot?.querySelector('ticket-thread')`, height);
      await helpers();
      await drawn(tab, height);
      const fits = async (): Promise<number> => {
        await until(
          tab,
          `(async () => Math.abs(innerHeight - ${contentHeight}) <= 1 && document.documentElement.scrollHeight <= innerHeight + 1)()`,
          height,
        );
        return tab.value<number>(`innerHeight`, height);
      };
      const before = await fits();
      await tab.value(`(() => { document.body.style.paddingBlockEnd = '300px'; return true })()`, height);
      await until(tab, `innerHeight === ${before + 300}`, height);
      await tab.value(`(() => { document.body.style.paddingBlockEnd = ''; return true })()`, height);
      await until(tab, `innerHeight === ${before}`, height);
      // It has come to rest, and everything came from the one origin.
      expect(await fits()).to.equal(before);
      expect(await tab.value(`[...new Set(told.map(({ origin }) => origin))]`)).to.deep.equal([host.url]);
      expect(await tab.value(`told.every(({ data }) => Object.keys(data).join() === 'type,height')`)).to.equal(true);
      expect(await tab.value('seen')).to.deep.equal([]);
    });

    it('takes no height that is none, and none beyond its bounds', async () => {
      await open(site, around(`${host.url}/help/`, embed(), 'data-help-desk-frame data-min="300" data-max="900"'));
      await until(tab, `document.documentElement.classList.contains('grows')`, height);
      const send = (message: string): Promise<unknown> =>
        tab.value(`(() => { parent.postMessage(${message}, '*'); return true })()`, height);
      const type = `type: 'help-desk-height'`;
      await until(tab, 'told.length > 0');
      // The page's own messages end here, so that what is sent is what counts.
      await tab.value(`(() => { document.querySelector('help-desk').remove(); return true })()`, height);
      // It may have been as small before: the last of them is on its way until it has been heard.
      const left = await tab.value<number>(contentHeight, height);
      await until(tab, `told.at(-1).data.height === ${left} && ${frameHeight} === 300`);
      await send(`{ ${type}, height: 700 }`);
      await until(tab, `${frameHeight} === 700`);
      const wrong = [
        ...['"9999"', 'NaN', 'Infinity', '-Infinity', 'null', '[650]', '{ valueOf: 650 }', '650n', 'true', '""'].map(
          (value) => `{ ${type}, height: ${value} }`,
        ),
        `{ ${type} }`,
        `{ type: 'help-desk-hello', height: 650 }`,
        `{ type: ['help-desk-height'], height: 650 }`,
        `'{"type":"help-desk-height","height":650}'`,
        'null',
        '650',
        `[{ ${type}, height: 650 }]`,
      ];
      const before = await tab.value<number>('told.length');
      for (const message of wrong) await send(message);
      await until(tab, `told.length === ${before + wrong.length}`);
      expect(await tab.value(frameHeight)).to.equal(700);
      for (const [said, taken] of [
        ['1e9', 900],
        ['-5', 300],
        ['0', 300],
        ['899.5', 899.5],
      ] as const) {
        await send(`{ ${type}, height: ${said} }`);
        await until(tab, `${frameHeight} === ${taken}`);
      }
      expect(await tab.value('seen')).to.deep.equal([]);
    });

    it('hears no other frame, and not its own page; and other frames are not resized', async () => {
      const shout = `const shout = () => { for (const at of [parent, parent.frames[0], parent.frames[1]])
        for (const message of [{ type: 'help-desk-height', height: 3333 }, { type: 'help-desk-hello' }]) at.postMessage(message, '*') };
        shout(); addEventListener('message', shout, { once: true });`;
      stranger.pages.set('/shout.js', shout);
      stranger.pages.set('/', html('Evil', '<script defer src="/shout.js"></script>'));
      await open(
        site,
        around(
          `${host.url}/help/`,
          `<iframe id="other" src="${stranger.url}/" height="100"></iframe>
           <iframe id="marked" src="${stranger.url}/?marked" height="100" data-help-desk-frame></iframe>${embed()}`,
        ),
      );
      await until(tab, `told.some(({ origin }) => origin === '${host.url}')`);
      await until(tab, `told.filter(({ origin }) => origin === '${stranger.url}').length >= 4`);
      await until(tab, `document.querySelector('#marked').style.blockSize === '3333px'`);
      // Now that the site certainly listens, the other says it once more.
      await tab.value(
        `(() => { parent.postMessage({ type: 'help-desk-height', height: 4444 }, '*'); return true })()`,
        '#other',
      );
      await until(tab, `told.some(({ data }) => data.height === 4444)`);
      await tab.value(`(() => { postMessage({ type: 'help-desk-height', height: 3333 }); return true })()`);
      await until(tab, `told.some(({ origin }) => origin === location.origin)`);
      expect(await tab.value(`${frameHeight} < 3333`)).to.equal(true);
      expect(await tab.value(`document.querySelector('#other').style.blockSize`)).to.equal('');
      // A frame of the page's own choice may say its own height, and no other's.
      expect(await tab.value(`document.querySelector('#marked').style.blockSize`)).to.equal('3333px');
      // What was asked by a frame was not answered to it.
      for (const frame of ['#other', '#marked'])
        expect(await tab.value('document.body.textContent', frame)).to.equal('Evil');
      expect(await tab.value('seen')).to.deep.equal([]);
    });

    it('tells a page that is not on its list nothing, even where its server lets every page hold it', async () => {
      careless = true;
      await open(stranger, around(`${host.url}/help/`, embed()));
      await until(tab, `!!document.querySelector('help-desk')?.shadowRoot`, height);
      const ask = `(() => {
        document.querySelector('${height}').contentWindow.postMessage({ type: 'help-desk-hello' }, '*');
        return true;
      })()`;
      await tab.value(
        `(() => { addEventListener('message', () => (window.asked = (window.asked ?? 0) + 1)); return true })()`,
        height,
      );
      await tab.value(ask);
      await until(tab, 'window.asked > 0', height);
      expect(await tab.value(`document.documentElement.className`, height)).to.equal('');
      expect(await tab.value('told')).to.deep.equal([]);
    });

    it('is not shown at all by a page that is not on its list', async () => {
      await open(stranger, around(`${host.url}/help/`, embed()));
      await until(tab, `document.readyState === 'complete'`);
      await until(tab, `!!document.querySelector('script[src*="embed.js"]')`);
      // Nothing of the page that was refused is ever asked for.
      expect(host.log.filter((path) => /frame|cdn|desk\//.test(path))).to.deep.equal([]);
    });
  });
}

describe('the server of the hosted page', () => {
  const files = pathToFileURL(`${built}/`);
  const page = hostedPage({
    parents: ['https://www.example.com', 'http://localhost:8080'],
    attributes: {
      backend: 'relay',
      url: 'https://relay.example.com/v1',
      'display-name': '"><script>alert(1)</script>&',
    },
    files: pathToFileURL(`${built}/`),
  });
  const get = (path: string): Promise<Response | undefined> => page(new Request(`https://help.example.com${path}`));

  it('names who may hold it in the header and in the page, and gives the desk its attributes as text', async () => {
    const answer = (await get('/'))!;
    expect(answer.headers.get('content-security-policy')).to.equal(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; " +
        "connect-src 'self' https://relay.example.com; frame-ancestors https://www.example.com http://localhost:8080; " +
        "require-trusted-types-for 'script'; trusted-types helpdesk-elements",
    );
    const text = await answer.text();
    expect(text).to.include('data-parents="https://www.example.com http://localhost:8080"');
    expect(text).to.include(
      '<help-desk backend="relay" url="https://relay.example.com/v1" display-name="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;"></help-desk>',
    );
  });

  it('takes nothing from the request into the page', async () => {
    const plain = await (await get('/'))!.text();
    for (const query of ['?url=https://evil.example', '?parents=https://evil.example', '?backend=x#y'])
      expect(await (await get(`/${query}`))!.text()).to.equal(plain);
  });

  it('may be held by nobody unless told', async () => {
    const alone = (await hostedPage({ parents: [], files })(new Request('https://help.example.com/')))!;
    expect(alone.headers.get('content-security-policy')).to.include("frame-ancestors 'none'");
  });

  it('takes exact origins only', () => {
    for (const wrong of [
      '*',
      'https://*.example.com',
      'https://www.example.com/',
      'https://www.example.com/page',
      'http://www.example.com',
      'https:',
      'https://a.example,https://b.example',
      'https://a.example,*',
      'https://a.example:99999',
      'http://localhost.evil.example',
      'https://a.example https://b.example',
      'www.example.com',
      '',
      'null',
      "'self'",
      'https://a.example; script-src *',
      'HTTPS://www.example.com',
      'https://user@www.example.com',
    ])
      expect(() => hostedPage({ parents: [wrong], files }), wrong).to.throw(`Not the origin of a page: ${wrong}`);
  });

  it('gives its own files and the script tag’s, and no other', async () => {
    await buildCdn();
    for (const path of ['/frame.js', '/frame.css', '/embed.js', '/help-desk.html', '/cdn/help-desk.js'])
      expect((await get(path))!.status, path).to.equal(200);
    expect(await (await get('/cdn/help-desk.js'))!.text()).to.equal(await readFile(`${built}/help-desk.js`, 'utf8'));
    for (const path of [
      '/serve.mjs',
      '/readme.md',
      '/cdn/../serve.mjs',
      '/cdn/..%2f..%2fpackage.json',
      '/cdn/%2e%2e/%2e%2e/package.json',
      '/cdn/manifest.json',
      '/cdn//etc/hosts.js',
      '/cdn/',
      '/..%2fpackage.json',
      '/relay/v1/topics',
    ])
      expect((await get(path))?.status, path).to.equal(undefined);
    expect((await get('/cdn/none.js'))!.status).to.equal(404);
  }).timeout(60_000);
});
