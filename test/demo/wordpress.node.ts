/** The WordPress plugin: what it writes into pages, whom it signs tokens for, and that the relay believes them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { expect } from 'chai';
import { openDesk } from '../../demo/desk/desk.js';
import { osticket } from '../../src/backends/osticket.js';
import { createRelay } from '../../src/relay/index.js';
import { root } from './demo.js';

const folder = join(root, 'demo/wordpress/helpdesk-elements');
const files = readdirSync(folder).filter((file) => file.endsWith('.php'));
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const php = (args: readonly string[], input = ''): ReturnType<typeof spawnSync> =>
  spawnSync('php', args, { input, encoding: 'utf8', cwd: root });
const hasPhp = php(['-v']).status === 0;
if (!hasPhp) console.log('There is no PHP here: what the WordPress plugin does is left out.');

interface Answer {
  readonly html: string;
  readonly answer: unknown;
  readonly scripts: Readonly<Record<string, readonly [string, boolean]>>;
  readonly errors: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly block: readonly [string, string];
  readonly page: string;
  readonly rest: boolean;
}

interface Site {
  readonly settings?: object;
  readonly user?: { readonly id: number; readonly email: string; readonly name: string };
  readonly can?: readonly string[];
  readonly person?: object | false;
  readonly constant?: string;
}

/** A site so, and what is called of the plugin. */
function site(given: Site, ...calls: readonly (readonly [string, unknown?])[]): Answer {
  const { stdout, stderr, status } = php(
    ['-d', 'display_errors=stderr', '-d', 'error_reporting=-1', 'test/demo/wordpress.php'],
    JSON.stringify({ ...given, calls: calls.map(([name, argument = []]) => [name, argument]) }),
  );
  expect(String(stderr)).to.equal('');
  expect(status).to.equal(0);
  return JSON.parse(String(stdout)) as Answer;
}

const secret = 'a secret of the site that is long enough';
const settings = { url: 'https://help.example.com', audience: 'help.example.com', secret, proved: true };
const jane = { id: 7, email: 'jane@example.test', name: 'Jane Doe' };
const tokenUrl = 'https://www.example.com/wp-json/helpdesk-elements/v1/token?_wpnonce=nonce-wp_rest';
const can = ['read'];
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

describe('the WordPress plugin', function () {
  this.timeout(60_000);

  it('is whole: every file guards itself, the block and the readme name it alike', () => {
    for (const file of files)
      expect(read(file), file).to.match(/defined\('(ABSPATH|WP_UNINSTALL_PLUGIN)'\) \|\| exit;/);
    const block = JSON.parse(read('block.json')) as Record<string, unknown>;
    expect(block).to.include({ name: 'helpdesk-elements/help-desk', editorScript: 'file:./block.js' });
    expect(read('block.js')).to.include(`registerBlockType('${block['name'] as string}'`);
    const version = /Version: +(\S+)/.exec(read('helpdesk-elements.php'))![1];
    expect(read('readme.txt')).to.include(`Stable tag: ${version}\n`);
    expect(read('block.asset.php')).to.include(`'version' => '${version}'`);
  });

  if (!hasPhp) return;

  it('is PHP without a mistake', () => {
    for (const file of files) {
      const { stdout, status } = php(['-l', join(folder, file)]);
      expect(status, String(stdout)).to.equal(0);
    }
  });

  it('signs tokens with which the relay shows a person their tickets, and nobody else’s', async () => {
    const desk = openDesk({ key: 'k' });
    const answerDesk = desk.handler('osticket', '/desk');
    const server = createServer((request, response) => void getRequestListener(answerDesk)(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const relayOf = (own: string) =>
      createRelay({
        backend: osticket({ url: `http://127.0.0.1:${port}/desk`, apiKey: 'k' }),
        identity: { audience: 'help.example.com', keys: [{ alg: 'HS256', secret: own }] },
        origins: ['https://www.example.com'],
      });
    const { answer, headers } = site({ settings, user: jane, can }, ['token']);
    expect(headers).to.deep.equal({ 'Cache-Control': 'no-store' });
    const { token, relay: named } = (answer as { data: { token: string; relay: string } }).data;
    // A page may not say who gets it.
    expect(named).to.equal('https://help.example.com');
    const ask = (relay: ReturnType<typeof createRelay>, path = '/v1/tickets'): Promise<Response> =>
      relay(new Request(`http://relay${path}`, { headers: { authorization: `Bearer ${token}` } }));
    const relay = relayOf(secret);
    const response = await ask(relay);
    expect(response.status).to.equal(200);
    const { items } = (await response.json()) as { items: { requester: { email: string } }[] };
    expect(items.length).to.be.greaterThan(5);
    expect(new Set(items.map(({ requester }) => requester.email))).to.deep.equal(new Set(['jane@example.test']));
    const [other] = desk.control({ op: 'tickets', email: 'omar@example.test' }) as { number: string }[];
    expect((await ask(relay, `/v1/tickets/${other!.number}`)).status).to.equal(404);
    expect((await ask(relayOf('another secret that is long enough too'))).status).to.equal(401);
    server.closeAllConnections();
    server.close();
    desk.close();
  });

  it('signs what the contract asks for, and no more', () => {
    const { answer } = site({ settings, user: { ...jane, name: 'Žofie "Q" \u{1f600}' }, can }, ['token']);
    expect(answer).to.include({ may: true, methods: 'GET', status: 200 });
    const [head, , signature] = (answer as { data: { token: string } }).data.token.split('.');
    expect(JSON.parse(Buffer.from(head!, 'base64url').toString())).to.deep.equal({ alg: 'HS256', typ: 'JWT' });
    expect(signature).to.match(/^[\w-]{43}$/);
    const { iat, exp, jti, ...claims } = claimsOf((answer as { data: { token: string } }).data.token);
    expect(claims).to.deep.equal({
      sub: 'wp-7',
      email: 'jane@example.test',
      name: 'Žofie "Q" \u{1f600}',
      aud: 'help.example.com',
    });
    expect(Number(exp) - Number(iat)).to.equal(600);
    expect(jti).to.match(/^[\da-f]{32}$/);
  });

  it('takes what a site says more of a person', () => {
    const { answer } = site({ settings, user: jane, can, person: { id: 'c-1', userId: '42' } }, ['token']);
    const { sub, userId, email } = claimsOf((answer as { data: { token: string } }).data.token);
    expect({ sub, userId, email }).to.deep.equal({ sub: 'c-1', userId: '42', email: undefined });
  });

  it('signs for nobody who is not signed in, not proved, not allowed, or without a good secret', () => {
    expect(site({ settings, can }, ['token']).answer).to.deep.equal({ may: false, methods: 'GET' });
    expect(site({ settings, user: jane }, ['token']).answer).to.deep.equal({ may: false, methods: 'GET' });
    for (const given of [
      { settings: { ...settings, proved: false } },
      { settings: { ...settings, secret: 'short' } },
      { settings, constant: 'short' },
      { settings, person: false as const },
    ]) {
      const { answer, html } = site({ user: jane, can, ...given }, ['token'], ['shortcode']);
      expect(answer).to.deep.include({ status: 401, data: {} });
      expect(html).to.equal('<help-desk url="https://help.example.com"></help-desk>');
    }
  });

  it('takes the secret of wp-config.php before a stored one', () => {
    const constant = 'the secret of wp-config.php, which is long';
    const { answer } = site({ settings: { ...settings, secret: '' }, constant, user: jane, can }, ['token']);
    expect(answer).to.include({ status: 200 });
  });

  it('writes the element for people with and without a name, and loads its script then only', () => {
    const script = 'https://www.example.com/wp-content/plugins/helpdesk-elements/cdn/help-desk.js';
    expect(site({ settings }).scripts).to.deep.equal({ 'helpdesk-elements': [script, false] });
    const guest = site({ settings }, ['shortcode']);
    expect(guest.html).to.equal('<help-desk url="https://help.example.com"></help-desk>');
    expect(guest.scripts).to.deep.equal({ 'helpdesk-elements': [script, true] });
    expect(guest.block).to.deep.equal(['helpdesk-elements', 'helpdesk_elements_render']);
    expect(site({ settings, user: jane }, ['shortcode']).html).to.equal(
      `<help-desk url="https://help.example.com" token-url="${tokenUrl}"></help-desk>`,
    );
    expect(site({ settings: { ...settings, script: '/x.js' } }).scripts['helpdesk-elements']![0]).to.equal('/x.js');
    expect(site({}, ['tag', '<script src="/x.js"></script>']).answer).to.equal('<script async src="/x.js"></script>');
  });

  it('writes single elements with one desk for all', () => {
    const form = ['shortcode', { element: 'ticket-form', topic: '2', subject: 'Order' }] as const;
    const { html } = site({ settings }, form, ['shortcode', { element: 'ticket-list', page_size: '5' }]);
    expect(html).to.equal(
      '<ticket-form topic="2" subject="Order" desk="wordpress"></ticket-form>' +
        '<help-desk name="wordpress" url="https://help.example.com"><span hidden></span></help-desk>' +
        '<ticket-list page-size="5" desk="wordpress"></ticket-list>',
    );
  });

  it('puts the button on every page where it should be', () => {
    expect(site({ settings }, ['footer']).html).to.equal('');
    const everywhere = { ...settings, everywhere: true, placement: 'top-start', label: 'Questions?' };
    expect(site({ settings: everywhere }, ['footer']).html).to.equal(
      '<help-desk label="Questions?" launcher placement="top-start" url="https://help.example.com"></help-desk>',
    );
  });

  it('lets no author write anything but what is meant to be written', () => {
    const { html } = site(
      { settings },
      [
        'shortcode',
        {
          element: 'script',
          url: 'https://evil.example',
          'token-url': 'https://evil.example',
          backend: 'osticket',
          onclick: 'alert(1)',
          style: 'color:red',
          placement: '"><script>',
          label: '"><img src=x onerror=alert(1)>',
          topic: ['a'],
        },
      ],
      ['shortcode', ''],
    );
    expect(html).to.equal(
      '<help-desk label="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;" url="https://help.example.com"></help-desk>' +
        '<help-desk url="https://help.example.com"></help-desk>',
    );
  });

  it('shows a ticket system without the relay to staff only', () => {
    const direct = { ...settings, backend: 'osticket', url: '/support', options: '{"apiKey":"it\'s <k>"}' };
    for (const given of [{}, { user: jane, can }])
      expect(site({ settings: direct, ...given }, ['shortcode']).html).to.equal('');
    expect(site({ settings: direct, user: jane, can: ['edit_others_posts'] }, ['shortcode']).html).to.equal(
      '<help-desk backend="osticket" url="/support" email="jane@example.test" display-name="Jane Doe" ' +
        'options="{&quot;apiKey&quot;:&quot;it&#039;s &lt;k&gt;&quot;}"></help-desk>',
    );
  });

  it('tells an administrator what is missing, and nobody else', () => {
    expect(site({}, ['shortcode']).html).to.equal('');
    expect(site({ can: ['manage_options'] }, ['shortcode']).html).to.equal(
      '<p>The help desk is not shown: see Settings, Help desk.</p>',
    );
  });

  it('has settings for administrators, which never show the secret', () => {
    expect(site({ settings }, ['page']).html).to.equal('');
    const { html, page, rest } = site({ settings: { ...settings, label: '"><b>' }, can: ['manage_options'] }, ['page']);
    expect(page).to.equal('manage_options');
    expect(rest).to.equal(false);
    expect(html).to.not.include(secret);
    expect(html).to.include('value="&quot;&gt;&lt;b&gt;"').and.to.include('type="password" value=""');
    const labels = [...html.matchAll(/<label for="([\w-]+)"/g)].map(([, id]) => id);
    expect(labels.length).to.equal(10);
    for (const id of labels) expect(html).to.include(` id="${id}"`);
    const fixed = site({ settings, constant: secret, can: ['manage_options'] }, ['page']);
    expect(fixed.html).to.match(/<input id="helpdesk-secret"[^>]* disabled="disabled">/);
    expect(fixed.html).to.include('Set in wp-config.php.');
  });

  it('stores what is right, twice the same, and leaves as it was what is not', () => {
    const given = {
      url: ' https://relay.example.com ',
      backend: 'relay',
      options: '',
      audience: 'a<b>',
      secret: '',
      proved: '1',
      everywhere: '1',
      placement: 'top-end',
      label: 'Ask',
      script: '/cdn/help-desk.js',
      more: 'x',
    };
    const good = { ...given, url: 'https://relay.example.com', audience: 'a', secret, proved: true, everywhere: true };
    const { more: _, ...expected } = good;
    const once = site({ settings }, ['sanitize', given]);
    expect(once.answer).to.deep.equal(expected);
    expect(once.errors).to.deep.equal([]);
    expect(site({ settings: {} }, ['sanitize', once.answer]).answer).to.deep.equal(expected);
    const bad = site({ settings }, [
      'sanitize',
      {
        url: 'javascript:alert(1)',
        script: '//evil.example',
        secret: 'short',
        options: '{',
        backend: 'x',
        placement: 1,
      },
    ]);
    expect(bad.answer).to.include({ url: settings.url, script: '', secret, options: '', backend: 'relay' });
    expect(bad.answer).to.include({ placement: 'bottom-end', proved: false });
    expect(bad.errors).to.deep.equal(['options', 'secret', 'url', 'script']);
    expect(site({ settings, constant: secret }, ['sanitize', given]).answer).to.include({ secret: '' });
    expect(site({ settings }, ['sanitize', 'x']).answer).to.include({ url: '' });
  });
});
