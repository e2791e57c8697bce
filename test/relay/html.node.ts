/** HTML on its way to a back end. */
import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import type { ReplyDraft, ThreadEntry, TicketDraft } from '../../src/model.js';
import { cleanHtml } from '../../src/relay/html.js';
import { fingerprint } from '../../src/relay/once.js';
import { cost, identity, jane, openBench, openRelay, page, type RelayBench, send, ticket, unlimited } from './bench.js';
import { idOf, topicOf, type Upstream } from './upstreams.js';

const html = (source: string): string | undefined => cleanHtml(source).html;
const text = (source: string): string => cleanHtml(source).text;

describe('HTML that people send', () => {
  it('keeps what says something', () => {
    for (const good of [
      '<p>Hello <b>you</b> &amp; all</p><p>Two<br>three</p>',
      '<a href="https://a.test/?a=1&amp;b=2" title="t">here</a> <a href="mailto:a@b.test">m</a> <a href="tel:+491">t</a>',
      '<table><thead><tr><th colspan="2">x</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
      '<ol start="3"><li>a</li><li><pre>b\n  c</pre></li></ol><blockquote dir="rtl" lang="ar">q</blockquote>',
      '5 &lt; 6 &gt; 4',
    ])
      expect(html(good)).to.equal(good);
    expect(html('<P>a<p>b<li>c')).to.equal('<p>a</p><p>b<li>c</li></p>');
    expect(html('"caf&eacute;" &amp;lt;')).to.equal('&quot;café&quot; &amp;lt;');
  });

  it('loses what a back end could read, fetch, run or be led astray by', () => {
    const cases: [string, string][] = [
      ['<img src="php://filter/convert.base64-encode/resource=/etc/passwd">x', '[image]x'],
      [
        '<img src="file:///etc/passwd" alt="a cat"><img src="/etc/passwd"><img src="//a.test/x">',
        '[a cat][image][image]',
      ],
      ['<image src="https://a.test/x.png" alt="&lt;b&gt;">', '[&lt;b&gt;]'],
      ['x<img src="https://a.test/x.png" width="1" height=1><img src=x height=0px>', 'x'],
      [
        '<a href="php://x">1</a><a href="file:///x">2</a><a href="/x">3</a><a href="//a.test">4</a>',
        '<a>1</a><a>2</a><a>3</a><a>4</a>',
      ],
      [
        '<a href="javascript:alert(1)">1</a><a href=" JaVa&#x73;cript:alert(1)">2</a><a href="data:text/html,x">3</a>',
        '<a>1</a><a>2</a><a>3</a>',
      ],
      [
        '<a href="https://a.test/&quot;onclick=x">1</a><a href="https://a.test/a b">2</a>',
        '<a>1</a><a href="https://a.test/a%20b">2</a>',
      ],
      ['<p style="background:url(php://x)" class=a id=b onclick=c data-d=e>x</p>', '<p>x</p>'],
      ['<b title="a&gt;b" title="c">x</b><td colspan=1e9>y</td>', '<b>x</b><td>y</td>'],
      ['<script>1</script><style>@import "php://x"</style><iframe src="file:///x">2</iframe>x', 'x'],
      [
        '<link rel=stylesheet href="file:///x"><meta http-equiv=refresh content="0;url=file:///x"><base href="php://x">x',
        'x',
      ],
      ['<svg><image href="file:///x"/><text>1</text></svg><math><mi>2</mi></math>x', 'x'],
      ['<object data="file:///x">1</object><embed src="file:///x"><annotation file="/x">y</annotation>', 'y'],
      ['<form action="https://a.test"><input value=v><button>b</button></form>', 'b'],
      ['<!-- <b> --><!--><b>x</b><![CDATA[y]]><?php z ?>', '<b>x</b>'],
      ['<noscript><p title="</noscript><img src=x onerror=1>">', ''],
      ['<textarea></textarea><img src=x onerror=1>', '[image]'],
      ['<title></title><xmp><b></xmp>x<plaintext>y', 'x'],
      ['&lt;img src="php://x"&gt;', '&lt;img src=&quot;php://x&quot;&gt;'],
      ['<b <i>x</i>', '<b>x</b>'],
      ['<b', ''],
      ['<x-y>a</x-y><__proto__>b', 'a&lt;__proto__&gt;b'],
    ];
    for (const [source, wanted] of cases) expect(html(source), source).to.equal(wanted);
  });

  it('can be said without markup', () => {
    for (const [source, wanted] of [
      [
        '<p>Hello  <b>you</b>\n&amp; all</p>\n<p>Two<br>three<br><br><br>four</p>',
        'Hello you & all\n\nTwo\nthree\n\nfour',
      ],
      ['<ul><li>a</li> <li>b </li></ul><table><tr><td>1</td><td>2</td></tr></table>', 'a\nb\n\n1 2'],
      [
        'see <a href="https://a.test/x">this</a>, <a href="https://a.test/y">https://a.test/y</a>',
        'see this (https://a.test/x), https://a.test/y',
      ],
      ['<pre>a\n  b</pre>c <b> d</b>', 'a\n  b\n\nc d'],
      ['<script>1</script> <img alt="a cat" src=x>', '[a cat]'],
    ] as const)
      expect(text(source), source).to.equal(wanted);
  });

  it('has no more markup where it goes deeper than anybody can mean', () => {
    expect(html('<b>'.repeat(100) + 'x')).to.equal('<b>'.repeat(100) + 'x' + '</b>'.repeat(100));
    expect(cleanHtml('<b>'.repeat(101) + 'x &lt;')).to.deep.equal({ html: undefined, text: 'x <' });
    expect(html('<b>x</b>'.repeat(1000))).to.equal('<b>x</b>'.repeat(1000));
  });

  it('is the same when it is cleaned again, and has the same words', () => {
    const vectors = [
      '<p>a<b>b</p>c',
      '<a title="&quot;&lt;">x<a>y',
      '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
      '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
      '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
      '<noembed><img title="</noembed><img src onerror=alert(1)>"></noembed>',
      '<select><template><img src=x onerror=alert(1)></template></select>x',
      '<table><caption><svg><title><template><style></title></style>x',
      '<b><p><a href="https://a.test"><li><table><b></table></p>x',
      '<<b>script>alert(1)<</b>/script>',
      '&lt;img src=x onerror=alert(1)&gt;&amp;lt;b&amp;gt;',
      '<a href="https://a.test/<script>">1</a><a href=https://a.test/x"y>2</a>',
      "<div title='\"><img src=x onerror=alert(1)>'>x</div>",
      '<body><p lang=x-"y dir=LTR start=1>x<?xml version="1.0"?><!doctype html>y',
      '\u0000<\u0000script>x</script\u0000>y<scr\u0000ipt>z',
    ];
    for (const source of vectors) {
      const clean = cleanHtml(source);
      if (clean.html === undefined) continue;
      expect(html(clean.html), source).to.equal(clean.html);
      // Whatever stands between these signs is a tag, and of an attribute nothing but what is named here.
      const bare = clean.html.replace(
        /<\/?[a-z][a-z1-6]*(?: (?:href="(?:https?:\/\/|mailto:|tel:)[^"<>\s]*"|(?:title|dir|lang|colspan|rowspan|start|datetime)="[^"<>]*"))*>/g,
        '',
      );
      expect(bare, source).not.to.match(/[<>]/);
      expect(clean.html, source).not.to.match(
        /<\/?(?:script|style|img|svg|math|iframe|object|form|input|base|meta|link)\b/,
      );
      // Links are said with their addresses, which are no words of the HTML.
      if (!clean.html.includes(' href='))
        expect(fingerprint({ format: 'html', value: clean.html }), source).to.equal(fingerprint({ value: clean.text }));
    }
  });

  it('takes no longer where it is meant to', async function () {
    this.timeout(20_000);
    const size = 100_000;
    const plain = await cost(() => cleanHtml('<p>some words</p>'.repeat(size / 17)));
    for (const sign of [
      ...['<', '<a', '<a b="', '<!--', '<b>', '<p>', '</p>', '</b>', '<b></b>', '<br>', '<table><tr><td>', '<svg>'],
      ...['&', '&amp', '&#', '"', '<![CDATA[', '<?', '</', '<pre> ', '<a href=x ', '<a href="https://', '<form>', ' '],
    ])
      expect((await cost(() => cleanHtml(sign.repeat(size / sign.length)))) / plain, sign).to.be.lessThan(30);
  });
});

describe('the relay, given HTML', () => {
  const message =
    '<p>Hello <b>you</b> &amp; all</p><img src="php://filter/resource=/etc/passwd"><p style="x">See <a href="file:///x" onclick="y">this</a></p>';
  const wanted = '<p>Hello <b>you</b> &amp; all</p>[image]<p>See <a>this</a></p>';
  const relayOf = (seen: (ReplyDraft | TicketDraft)[], name = 'scripted') => {
    const entry = { id: 'e1', kind: 'message', author: jane, attachments: [] } as const;
    const backend: Backend = {
      name,
      limits: {},
      listTickets: async () => ({ items: [] }),
      readThread: async () => ({ ticket, entries: [] }),
      async createTicket(draft) {
        seen.push(draft);
        return { ...ticket, requester: { ...jane, id: '1' }, subject: draft.subject };
      },
      async reply(_id, draft) {
        seen.push(draft);
        return { ...entry, body: { format: draft.format ?? 'text', value: draft.message } };
      },
    };
    return openRelay({ backend, identity, origins: [page], rates: unlimited, cacheMs: 0, guests: { mode: 'create' } });
  };

  it('passes on what may go on, of customers and of guests', async () => {
    const seen: (ReplyDraft | TicketDraft)[] = [];
    const relay = relayOf(seen);
    const draft = { subject: 'Hi', message, format: 'html' };
    const who = 'jane';
    const statuses = [
      await send(relay, 'POST', '/v1/tickets', { who, body: draft }),
      await send(relay, 'POST', '/v1/tickets', { body: { ...draft, email: 'jane@example.test' } }),
      await send(relay, 'POST', '/v1/tickets/1/replies', { who, body: { message, format: 'html' } }),
      // Text is what it is.
      await send(relay, 'POST', '/v1/tickets/1/replies', { who, body: { message, format: 'text' } }),
      await send(relay, 'POST', '/v1/tickets/1/replies', { who, body: { message } }),
    ].map(({ status }) => status);
    expect(statuses).to.deep.equal([201, 201, 201, 201, 201]);
    expect(seen).to.deep.equal([
      { subject: 'Hi', message: wanted, format: 'html' },
      { subject: 'Hi', message: wanted, format: 'html' },
      { message: wanted, format: 'html' },
      { message, format: 'text' },
      { message },
    ]);
  });

  it('needs words in it', async () => {
    const seen: (ReplyDraft | TicketDraft)[] = [];
    const relay = relayOf(seen);
    for (const empty of ['<p></p>', '<script>1</script>', '<!-- x -->', '<p>&nbsp;</p>']) {
      const body = { subject: 'Hi', message: empty, format: 'html' };
      const response = await send(relay, 'POST', '/v1/tickets', { who: 'jane', body });
      const { fields } = (await response.json()) as { fields: object };
      expect([response.status, fields], empty).to.deep.equal([400, { message: 'This field is required.' }]);
    }
    // Signs are words, too, also under a key.
    for (const headers of [{}, { 'Idempotency-Key': 'k1' }]) {
      const body = { message: '<p>👍</p>', format: 'html' };
      expect((await send(relay, 'POST', '/v1/tickets/1/replies', { who: 'jane', body, headers })).status).to.equal(201);
    }
    expect(seen).to.deep.equal([
      { message: '<p>👍</p>', format: 'html' },
      { message: '<p>👍</p>', format: 'html' },
    ]);
  });

  for (const [name, reply, stored] of [
    [
      'osticket',
      'PUT /api/tickets.json/',
      /^<div><p>Hello <b>you<\/b> &amp; all<\/p>\[image\]<p>See <a>this<\/a><\/p><\/div>$/,
    ],
    [
      'support-ticket',
      'POST /api/v1/support/ticket/conversation/',
      /^Hello you &amp; all(\r?\n){2}\[image\](\r?\n){2}See this$/,
    ],
    ['jaze', 'POST /api/v1/send_message', /^Hello you &amp; all(\r?\n){2}\[image\](\r?\n){2}See this$/],
  ] as const satisfies readonly (readonly [Upstream, string, RegExp])[])
    describe(`in front of ${name}`, () => {
      let bench: RelayBench;
      beforeEach(async () => {
        bench = await openBench(name);
      });
      afterEach(() => bench.close());
      const ours = () => bench.stored('jane@example.test').find(({ number }) => number === '309214')!;
      const post = async (path: string, body: object) =>
        bench.json('POST', path, { who: 'jane', body, headers: { 'Idempotency-Key': 'k1' } });
      const lose = (match: string): void =>
        bench.desk.control({ op: 'fault', fault: { match, kind: 'commit-then-500' } }) as undefined;

      it('stores what may be stored, and recognises it', async () => {
        const at = `/v1/tickets/${idOf(name, ours())}/replies`;
        const before = ours().entries.length;
        lose(reply);
        expect((await post(at, { message, format: 'html' })).status).to.equal(503);
        expect(ours().entries.at(-1)!.body).to.match(stored);
        const found = await post(at, { message, format: 'html' });
        expect([found.status, (found.body as { entry: ThreadEntry }).entry.kind]).to.deep.equal([201, 'message']);
        expect(ours().entries.length).to.equal(before + 1);
        const draft = { subject: 'Lost and found', message, format: 'html', topicId: topicOf[name] };
        expect((await post('/v1/tickets', draft)).status).to.equal(201);
        const made = bench.stored('jane@example.test').filter(({ subject }) => subject === 'Lost and found');
        expect(made.map(({ entries }) => stored.test(entries[0]!.body))).to.deep.equal([true]);
      });

      it('takes emoji only where the system keeps them', async () => {
        const before = ours().entries.length;
        const answer = await post(`/v1/tickets/${idOf(name, ours())}/replies`, { message: '👍' });
        const { code, fields } = answer.body as { code?: string; fields?: object };
        expect([answer.status, code, fields, ours().entries.length - before]).to.deep.equal(
          name === 'osticket'
            ? [400, 'invalid', { message: 'Add some words: this help desk does not keep emoji.' }, 0]
            : [201, undefined, undefined, 1],
        );
      });
    });
});
