import { expect } from 'chai';
import type { Backend, BackendOptions } from '../../src/backends/backend.js';
import { diagnose, type Finding } from '../../src/backends/diagnose.js';
import { jaze } from '../../src/backends/jaze.js';
import { osticketHttp } from '../../src/backends/osticket-http.js';
import { osticket } from '../../src/backends/osticket.js';
import { relay } from '../../src/backends/relay.js';
import { supportTicket } from '../../src/backends/support-ticket.js';
import '../../src/define.js';
import type { HelpDesk } from '../../src/elements/help-desk/help-desk.js';
import { HelpDeskError } from '../../src/errors.js';
import type { Identity } from '../../src/model.js';
import { openTestDesk, type DialectName, type TestDesk } from '../support/desk.js';

const jane = 'jane@example.test';
const factories: Partial<Record<DialectName, (options: never) => Backend>> = {
  osticket,
  'osticket-http': osticketHttp,
  'support-ticket': supportTicket,
  jaze,
};
/** Another origin, for a browser, of the same test server. */
const elsewhere = (url: string): string =>
  url.replace(/\/\/(localhost|127\.0\.0\.1)/, (_, host) => (host === 'localhost' ? '//127.0.0.1' : '//localhost'));

describe('diagnose', function () {
  this.timeout(30_000);
  let desk: TestDesk;
  beforeEach(async () => (desk = await openTestDesk()));
  afterEach(() => desk.close());

  const look = (
    dialect: DialectName,
    changes: Readonly<Record<string, unknown>> = {},
    identity: Identity | undefined = { email: jane },
  ): Promise<readonly Finding[]> => {
    const options = { ...desk.backendOptions(dialect, jane), ...changes };
    const make = (more?: object): Backend => factories[dialect]!({ ...options, ...more } as never);
    return diagnose({ make, options, identity });
  };
  const codes = (findings: readonly Finding[]): string[] => findings.map(({ code, ok }) => (ok ? `${code}: ok` : code));
  /** The next answers to whatever is read. */
  const answer = (status: number, body: string, headers: Record<string, string> = {}): Promise<null> =>
    desk.fault({ match: 'GET', kind: 'answer', status, body, headers, times: 9 });
  const lines = async (): Promise<string[]> =>
    (await desk.log()).map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`).sort();

  for (const [dialect, identity] of [
    ['osticket', { email: jane }],
    ['osticket-http', { userId: '1', email: jane }],
    ['support-ticket', { email: jane }],
    ['jaze', { userId: '1' }],
  ] as const)
    it(`finds nothing wrong with ${dialect}`, async () => {
      const findings = await look(dialect, {}, identity);
      expect(findings).to.deep.equal([
        { code: 'clock', ok: true, words: 'The clocks agree.' },
        { code: 'all-well', ok: true, words: 'Everything that was tried works.' },
      ]);
    });

  for (const dialect of ['osticket', 'osticket-http'] as const)
    it(`finds nothing wrong where an agent works with ${dialect}`, async () => {
      const findings = await look(dialect, { staffUserName: 'nora' }, { staff: 'nora' });
      expect(codes(findings)).to.deep.equal(['clock: ok', 'all-well: ok']);
      expect((await lines())[0]).to.match(/staffTickets/);
    });
  it('finds nothing wrong with the relay, and says who is not signed in', async () => {
    const url = desk.url('osticket').replace(/osticket$/, 'relay-osticket');
    const token = async (): Promise<string> =>
      ((await (await fetch(url.replace(/relay-osticket$/, 'relay-token/jane'))).json()) as { token: string }).token;
    const see = (options: BackendOptions & { getToken?: () => Promise<string> }): Promise<readonly Finding[]> =>
      diagnose({ make: () => relay(options), options: { ...options } });
    expect(codes(await see({ url, getToken: token }))).to.deep.equal(['clock: ok', 'all-well: ok']);
    for (const getToken of [async () => '', async () => 'no.such.token', () => Promise.reject(new Error('gone'))])
      expect(codes(await see({ url, getToken }))).to.deep.equal(['sign-in', 'clock: ok']);
  });

  it('says why no relay of another site gets the token of an address', async () => {
    const tokenUrl = `/__desk__/${desk.id}/relay-token/jane`;
    for (const [url, source] of [
      ['http://relay.invalid', tokenUrl],
      [desk.url('osticket').replace(/osticket$/, 'relay-osticket'), 'https://token.invalid/'],
    ] as const) {
      const [first] = await diagnose({
        make: () => relay({ url, tokenUrl: source }),
        options: { url, tokenUrl: source },
      });
      expect([first!.code, first!.ok, first!.advice]).to.deep.equal([
        'sign-in',
        false,
        'Keep token-url on this site. Where the relay is elsewhere, let it answer {"token": "…", "relay": "https://…"}.',
      ]);
    }
  });

  it('asks little, and writes nothing', async () => {
    await look('osticket');
    expect(await lines()).to.deep.equal(['GET /api/tickets.json', 'GET /api/topics.json', 'HEAD /']);
  });

  it('does not try what needs a person where none is named', async () => {
    const findings = await diagnose({
      make: () => osticket(desk.backendOptions('osticket', jane)),
      options: { ...desk.backendOptions('osticket', jane) },
    });
    expect(codes(findings)).to.deep.equal(['clock: ok', 'sign-in: ok', 'all-well: ok']);
    expect(await lines()).to.deep.equal(['GET /api/topics.json', 'HEAD /']);
  });

  it('takes a back end that the page has made, without knowing its address', async () => {
    const backend = osticket(desk.backendOptions('osticket', jane));
    expect(codes(await diagnose({ make: () => backend, identity: { email: jane } }))).to.deep.equal(['all-well: ok']);
    const silent = osticket({ url: 'http://127.0.0.1:1', apiKey: 'K' });
    expect(codes(await diagnose({ make: () => silent }))).to.deep.equal(['unreachable']);
  });

  describe('the address', () => {
    const cases: [url: string, code: string][] = [
      ['', 'address'],
      [' \u200e', 'address'],
      ['https://[broken', 'address'],
      ['ftp://help.example.test', 'address'],
      ['javascript:alert(1)', 'address'],
      ['https://user:SECRET@help.example.test', 'address'],
      ['https://help.example.test/?key=SECRET', 'address'],
    ];
    for (const [url, code] of cases)
      it(`${JSON.stringify(url)} is no good`, async () => {
        const findings = await look('osticket', { url });
        expect(codes(findings).at(-1)).to.equal(code);
        expect(JSON.stringify(findings)).not.to.contain('SECRET');
        expect(await lines()).to.deep.equal([]);
      });

    const signs: [sign: string, name: string][] = [
      ['\u200e', 'left-to-right mark (U+200E)'],
      ['\u200b', 'zero-width space (U+200B)'],
      ['\ufeff', 'byte order mark (U+FEFF)'],
      ['\u00a0', 'no-break space (U+00A0)'],
      ['\u202e', 'U+202E'],
      ['\u00e2\u20ac\u017d', 'left-to-right mark (U+200E, as it looks when its encoding was mistaken)'],
      ['%E2%80%8E', 'left-to-right mark (U+200E, as it looks when its encoding was mistaken)'],
    ];
    for (const [sign, name] of signs)
      it(`holds ${name}`, async () => {
        const findings = await look('osticket', { url: sign + desk.url('osticket') + sign });
        expect(findings).to.deep.equal([
          {
            code: 'invisible-character',
            ok: false,
            words: `There is something in "url" that nobody sees: ${name}.`,
            advice: 'It is left out when asking; still, type "url" by hand instead of pasting it.',
          },
          { code: 'clock', ok: true, words: 'The clocks agree.' },
        ]);
      });

    it('may have one in a path or a key, which is not told', async () => {
      const findings = await look('osticket', { paths: { topics: '\u200eapi/topics.json' } });
      expect(findings[0]!.words).to.equal(
        'There is something in "topics" that nobody sees: left-to-right mark (U+200E).',
      );
      const [first, ...more] = await look('osticket', { apiKey: `SECRET\u200b` });
      expect(first).to.deep.equal({
        code: 'invisible-character',
        ok: false,
        words: 'There is something in "apiKey" that nobody sees: zero-width space (U+200B).',
        advice: 'Type "apiKey" by hand instead of pasting it.',
      });
      expect(JSON.stringify(more)).not.to.contain('SECRET');
    });

    it('where nothing answers', async () => {
      expect(await look('osticket', { url: 'http://127.0.0.1:1' })).to.deep.equal([
        {
          code: 'unreachable',
          ok: false,
          words: 'Nothing answers at this address.',
          advice: 'Look for a slip in the name or the port.',
        },
      ]);
    });

    it('where the connection breaks', async () => {
      await desk.fault({ match: 'GET /api', kind: 'drop', times: 99 });
      const [one, ...more] = await look('osticket');
      expect([one!.code, one!.words, more]).to.deep.equal([
        'unreachable',
        'The server is there, but breaks the connection.',
        [],
      ]);
    });

    it('where a server knows no such path', async () => {
      const wrong = await look('support-ticket', {
        url: `${location.origin}/__desk__/${desk.id}/support-ticket/wrong`,
      });
      expect(codes(wrong)).to.deep.equal(['wrong-address', 'clock: ok']);
    });

    it('that leads elsewhere', async () => {
      await answer(302, '', { Location: 'https://elsewhere.example.test/' });
      expect(codes(await look('osticket'))).to.deep.equal(['redirect', 'clock: ok']);
    });
  });

  it('names another origin that does not let the page read', async () => {
    for (const dialect of ['osticket', 'support-ticket'] as const) {
      const findings = await look(dialect, { url: elsewhere(desk.url(dialect)) });
      expect(codes(findings)).to.deep.equal(['cors']);
      expect(findings[0]!.advice).to.contain(`Let it allow the origin ${location.origin},`);
    }
  });

  describe('a key', () => {
    it('that is refused', async () => {
      for (const dialect of ['osticket', 'support-ticket'] as const) {
        const findings = await look(dialect, { apiKey: 'SECRET' });
        // Of a key that it knows for another address osTicket says just the same.
        expect(codes(findings)).to.deep.equal([dialect === 'osticket' ? 'key-address' : 'key', 'clock: ok']);
        expect(JSON.stringify(findings)).not.to.contain('SECRET');
      }
    });

    it('that is bound to another address', async () => {
      const findings = await look('osticket', { apiKey: `${desk.key}-inactive` });
      expect(codes(findings)).to.deep.equal(['key-address', 'clock: ok']);
      expect(findings[0]!.advice).to.match(
        /^In osTicket a key belongs to one IP address\. A page should ask the relay/,
      );
      expect(JSON.stringify(findings)).not.to.contain(desk.key);
    });

    it('without the right to it', async () => {
      await answer(401, 'API key not authorized');
      expect(codes(await look('osticket'))).to.deep.equal(['key', 'clock: ok']);
    });
  });

  it('knows an osTicket without extension, which takes tickets and shows none', async () => {
    const findings = await look('osticket', { url: desk.url('osticket-core') });
    expect(codes(findings)).to.deep.equal(['no-reading', 'clock: ok']);
  });

  it('knows the other set of paths of the support-ticket API', async () => {
    for (const [style, other, gone] of [
      ['documented', 'samples', '/api/v1/support/get/'],
      ['samples', 'documented', '/api/v1/get/'],
    ]) {
      await desk.fault({ match: `GET ${gone}`, kind: 'answer', status: 404, body: '<h1>Not Found</h1>', times: 4 });
      expect(await look('support-ticket', { pathStyle: style })).to.deep.equal([
        {
          code: 'path-style',
          ok: false,
          words: `The help desk knows the paths of the style "${other}", not of "${style}".`,
          advice: `Set "pathStyle" in options to "${other}" or "auto".`,
        },
        { code: 'clock', ok: true, words: 'The clocks agree.' },
      ]);
      await desk.control({ op: 'clear-faults' });
    }
  });

  it('says wrong address where neither set of paths is there', async () => {
    await answer(404, '<h1>Not Found</h1>');
    expect(codes(await look('support-ticket', { pathStyle: 'samples' }))).to.deep.equal(['wrong-address', 'clock: ok']);
  });

  describe('an answer', () => {
    for (const dialect of ['osticket', 'support-ticket'] as const) {
      it(`that is a page to sign in, of ${dialect}`, async () => {
        await desk.fault({ match: 'GET', kind: 'html-page', times: 9 });
        const [one, ...more] = await look(dialect);
        expect([one!.code, one!.words]).to.deep.equal(['html-page', 'A page to sign in is answered instead of data.']);
        expect(codes(more)).to.deep.equal(['clock: ok']);
      });

      it(`that breaks off, of ${dialect}`, async () => {
        await desk.fault({ match: 'GET', kind: 'truncated', times: 9 });
        expect(codes(await look(dialect))).to.deep.equal(['answer', 'clock: ok']);
      });
    }

    it('that is a page for people', async () => {
      await answer(200, '<!DOCTYPE html><html><body>Welcome, SECRET</body></html>');
      const findings = await look('osticket');
      expect(findings[0]!.words).to.equal('A page for people is answered instead of data.');
      expect(codes(findings)).to.deep.equal(['html-page', 'clock: ok']);
      expect(JSON.stringify(findings)).not.to.contain('SECRET');
    });

    it('with a password to give', async () => {
      await answer(200, '<html><form><input type="password"></form></html>');
      expect(codes(await look('osticket'))).to.deep.equal(['html-page', 'clock: ok']);
    });

    it('of a server that fails', async () => {
      await answer(503, '<html>SECRET</html>', { 'Retry-After': '3600' });
      const findings = await look('osticket');
      expect(codes(findings)).to.deep.equal(['unavailable', 'clock: ok']);
      expect(findings[0]!.words).to.equal('The help desk is there, but fails.');
    });

    it('that does not come', async () => {
      await desk.fault({ match: 'GET', kind: 'hang', times: 9 });
      const [one] = await look('osticket', { timeout: 200 });
      expect([one!.code, one!.words]).to.deep.equal(['unavailable', 'The help desk takes too long to answer.']);
    });

    it('of a back end that throws what it should not', async () => {
      const broken: Backend = {
        ...osticket({ url: desk.url('osticket') }),
        listTopics: () => Promise.reject(new Error('SECRET')),
      };
      const findings = await diagnose({ make: () => broken });
      expect(codes(findings)).to.deep.equal(['answer', 'sign-in: ok']);
      expect(JSON.stringify(findings)).not.to.contain('SECRET');
      const [none] = await diagnose({ make: () => Promise.reject(new Error('SECRET')) });
      expect(none!.code).to.equal('backend');
    });

    it('that asks for a pause', async () => {
      await answer(429, '', { 'Retry-After': '3600' });
      const [one] = await look('osticket');
      expect([one!.code, one!.words]).to.deep.equal(['unavailable', 'The help desk wants to be asked less often.']);
    });
  });

  describe('time', () => {
    for (const [minutes, words] of [
      [10, '10 minutes ahead of'],
      [-45, '45 minutes behind'],
      [180, '3 hours ahead of'],
    ] as const)
      it(`${words} this device`, async () => {
        const date = new Date(Date.now() + minutes * 60_000).toUTCString();
        await desk.fault({ match: 'HEAD', kind: 'answer', status: 200, headers: { Date: date } });
        const findings = await look('osticket');
        expect(findings.find(({ code }) => code === 'clock')).to.deep.equal({
          code: 'clock',
          ok: false,
          words: `The clock of the help desk's server is ${words} this device's.`,
          advice: 'Set whichever is wrong: tokens and times depend on it.',
        });
      });

    it('is of another zone', async () => {
      await desk.close();
      desk = await openTestDesk({ timeZone: 'Asia/Tokyo' });
      const [ticket] = await desk.tickets(jane);
      await desk.control({ op: 'reply', number: ticket!.number, body: 'Now.' });
      const findings = await look('osticket');
      expect(codes(findings)).to.deep.equal(['clock: ok', 'time-zone']);
      expect(findings[1]!.words).to.equal(
        "The newest ticket is dated in the future: the help desk's times are at least 9 h ahead of UTC.",
      );
      expect(codes(await look('osticket', { timeZone: 'Asia/Tokyo' }))).to.deep.equal(['clock: ok', 'all-well: ok']);
    });
  });

  it('tells a back end that cannot be made from a file that cannot be loaded', async () => {
    const options = { url: desk.url('osticket') };
    const [none] = await diagnose({ make: () => Promise.reject(new HelpDeskError('unsupported')), options });
    expect(none).to.deep.equal({
      code: 'backend',
      ok: false,
      words: 'There is no such back end, or it refuses its options.',
      advice: 'Look at backend and options. One of your own is there once defineBackend was called with its name.',
    });
    const [gone] = await diagnose({ make: () => Promise.reject(new HelpDeskError('network')), options });
    expect([gone!.code, gone!.words]).to.deep.equal(['backend', "The back end's file could not be loaded."]);
  });

  describe('of an element', () => {
    let element: HelpDesk;
    const { warn } = console;
    beforeEach(() => {
      console.warn = () => undefined;
      element = document.createElement('help-desk');
    });
    afterEach(() => {
      element.remove();
      console.warn = warn;
    });

    it('looks at what the element is set to', async () => {
      const { url, ...options } = desk.backendOptions('osticket', jane);
      Object.assign(element, { backend: 'osticket', url, options, email: jane });
      document.body.append(element);
      await element.ready;
      expect(codes(await element.diagnose())).to.deep.equal(['clock: ok', 'all-well: ok']);
      element.options = { apiKey: 'SECRET' };
      expect(codes(await element.diagnose())).to.deep.equal(['key-address', 'clock: ok']);
      element.backend = 'no-such';
      expect(codes(await element.diagnose())).to.deep.equal(['backend']);
    });

    it('looks at a relay that could not be connected to', async () => {
      element.url = 'http://127.0.0.1:1';
      document.body.append(element);
      expect(codes(await element.diagnose())).to.deep.equal(['unreachable']);
    });

    it('looks at a store that the page has made', async () => {
      const { createStore } = await import('../../src/store/store.js');
      element.store = createStore(osticket({ ...desk.backendOptions('osticket', jane), apiKey: 'SECRET' }), {
        identity: { email: jane },
      });
      document.body.append(element);
      await element.updateComplete;
      expect(codes(await element.diagnose())).to.deep.equal(['key-address']);
      element.store.dispose();
    });

    for (const text of ["{'apiKey':'SECRET'}", '{“apiKey”:“SECRET”}', 'SECRET', '["SECRET"]', '7'])
      it(`says first that what should be options is none: ${text}`, async () => {
        Object.assign(element, { backend: 'osticket', url: desk.url('osticket'), email: jane });
        element.setAttribute('options', text);
        document.body.append(element);
        await element.ready;
        const findings = await element.diagnose();
        expect(codes(findings)).to.deep.equal(['options', 'key-address', 'clock: ok']);
        expect(findings[0]).to.deep.equal({
          code: 'options',
          ok: false,
          words: 'What "options" says is not JSON, or no object: nothing of it is used.',
          advice: `Write it as options='{"name": "value"}': braces, straight double quotes inside, single ones around.`,
        });
        expect(JSON.stringify(findings)).not.to.include('SECRET');
        element.options = desk.backendOptions('osticket', jane) as object as HelpDesk['options'];
        expect(codes(await element.diagnose())).to.deep.equal(['clock: ok', 'all-well: ok']);
      });

    it('says nothing of options that are empty or not there', async () => {
      Object.assign(element, { backend: 'osticket', url: desk.url('osticket'), email: jane });
      document.body.append(element);
      for (const change of [
        () => element.setAttribute('options', ''),
        () => element.removeAttribute('options'),
        () => Object.assign(element, { options: null }),
        () => Object.assign(element, { options: undefined }),
      ]) {
        change();
        await element.updateComplete;
        expect(codes(await element.diagnose())).to.deep.equal(['key-address', 'clock: ok']);
      }
    });

    it('says that an address is missing', async () => {
      expect(codes(await element.diagnose())).to.deep.equal(['address']);
    });
  });

  it("names the page's own policy", async () => {
    const url = elsewhere(desk.url('osticket'));
    const page = document.createElement('iframe');
    const told = new Promise<MessageEvent<readonly Finding[]>>((resolve) =>
      addEventListener('message', resolve, { once: true }),
    );
    page.srcdoc = `<meta http-equiv="Content-Security-Policy" content="connect-src 'self'"><script type="module">
      import { diagnose } from '/src/backends/diagnose.ts';
      import { osticket } from '/src/backends/osticket.ts';
      const options = { url: '${url}', apiKey: 'K' };
      parent.postMessage(await diagnose({ make: () => osticket(options), options }), '*');
    </script>`;
    document.body.append(page);
    const { data } = await told;
    page.remove();
    expect(data).to.deep.equal([
      {
        code: 'policy',
        ok: false,
        words: "The page's own Content-Security-Policy refuses requests to this address.",
        advice: `Add ${new URL(url).origin} to connect-src.`,
      },
    ]);
  });
});
