import { expect } from '@open-wc/testing';
import { bareText, entryBody } from '../../../src/elements/shared/entry-body.js';
import { sanitise } from '../../../src/elements/shared/sanitise.js';
import type { Body } from '../../../src/model.js';
import { words } from '../../support/screen.js';
import { cleanUp, place } from '../../support/widget.js';

const options = {
  text: (english: string, values: Readonly<Record<string, string>> = {}): string =>
    english.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''),
};
const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The sanitiser of a thread that has not had any HTML yet. */
function later(): Parameters<typeof entryBody>[2] {
  const made: ReturnType<typeof later> = {
    part: undefined,
    need: async () => (made.part = await import('../../../src/elements/shared/sanitise.js')),
  };
  return made;
}

/** Words of an entry in the page, once they are all there. */
async function drawn(body: Body): Promise<HTMLElement> {
  const element = await new Promise<HTMLElement>((done) => {
    const made = entryBody(body, new WeakMap(), later(), {
      ...options,
      change: (fill) => {
        fill();
        done(made);
      },
    });
    if (!made.hasAttribute('aria-busy')) done(made);
  });
  place('').append(element);
  return element;
}
const text = (value: string): Promise<HTMLElement> => drawn({ format: 'text', value });
const html = (value: string): Promise<HTMLElement> => drawn({ format: 'html', value });
const links = (element: Element): string[] => [...element.querySelectorAll('a')].map((link) => link.href);

afterEach(cleanUp);

describe('the text of an entry', () => {
  it('is text, whatever it looks like', async () => {
    const value = '<b>bold</b> & <script>alert(1)</script> 5 < 6\nsecond line';
    const body = await text(value);
    expect([body.textContent, body.children.length, body.className, body.dir]).to.deep.equal([
      value,
      0,
      'body text',
      'auto',
    ]);
  });

  it('has links for web addresses, without the punctuation after them, and for nothing else', async () => {
    const body = await text(
      'See https://a.example/x?y=1&z=2#q. (http://b.example/) or https://c.example/wiki_(d), javascript:alert(1) ftp://e.example data:text/html,x https:// //f.example',
    );
    expect(links(body)).to.deep.equal([
      'https://a.example/x?y=1&z=2#q',
      'http://b.example/',
      'https://c.example/wiki_(d)',
    ]);
    const link = body.querySelector('a')!;
    expect([link.target, link.rel]).to.deep.equal(['_blank', 'noopener noreferrer nofollow ugc']);
    expect(body.textContent).to.contain('See https://a.example/x?y=1&z=2#q. (http://b.example/) or');
  });

  it('shows where an address leads that reads as another', async () => {
    const body = await text('https://bank.example@evil.example/ https://b\u0430nk.example/');
    expect([...body.querySelectorAll('a')].map((link) => link.textContent)).to.deep.equal([
      'https://bank.example@evil.example/ (evil.example)',
      'https://b\u0430nk.example/ (xn--bnk-6cd.example)',
    ]);
  });

  it('ends an address before invisible and direction characters', async () => {
    expect(links(await text('https://a.example/\u202egpj.exe'))).to.deep.equal(['https://a.example/']);
  });

  it('folds quoted lines with the line that introduces them', async () => {
    const body = await text('Thank you.\n\nOn Monday Nora wrote:\n> Try this\n> and that\n\nBye');
    const details = body.querySelector('details')!;
    expect([details.open, body.querySelectorAll('details').length]).to.deep.equal([false, 1]);
    expect(details.querySelector('summary')!.textContent).to.equal('Quoted text');
    expect(details.lastChild!.textContent).to.equal('On Monday Nora wrote:\n> Try this\n> and that');
    expect(body.textContent).to.match(/^Thank you\.\n.*Bye$/s);
  });

  it('is drawn in no time however it is made', async () => {
    const size = 200_000;
    const hostile = [
      `http://a.example/${')'.repeat(size)}x`,
      `http://a.example/(${')'.repeat(size)}x`,
      'http://a.example/ '.repeat(size / 18),
      '> q\np\n'.repeat(size / 6),
      ':\n'.repeat(size / 2),
      'x'.repeat(3_000_000),
    ];
    const start = performance.now();
    for (const value of hostile) {
      const body = await text(value);
      expect(body.textContent.length).to.be.greaterThan(1000);
      expect(body.querySelectorAll('*').length).to.be.at.most(4000);
    }
    expect(performance.now() - start).to.be.lessThan(5000);
  });

  it('is made once for each thread, and apart for two of them', () => {
    const body: Body = { format: 'text', value: 'once' };
    const [one, two] = [new WeakMap<Body, HTMLElement>(), new WeakMap<Body, HTMLElement>()];
    const make = (map: WeakMap<Body, HTMLElement>): HTMLElement =>
      entryBody(body, map, later(), { ...options, change: (fill) => fill() });
    expect(make(one) === make(one)).to.equal(true);
    expect(make(one) === make(two)).to.equal(false);
  });
});

describe('the HTML of an entry', () => {
  it('keeps what messages are made of', async () => {
    const value =
      '<h2>Hi</h2><p>a <b>b</b> <i>c</i><br>d</p><ul><li>e</li></ul><table><tbody><tr><td colspan="2">f</td></tr></tbody></table><pre>g</pre>';
    expect((await html(value)).innerHTML).to.equal(value);
  });

  it('folds the outermost quotes', async () => {
    const body = await html(
      '<p>New</p><blockquote>old<blockquote>older</blockquote></blockquote><blockquote>x</blockquote>',
    );
    expect(body.querySelectorAll('details').length).to.equal(2);
    expect(words(body.querySelector('details')!)).to.equal('Quoted text old older');
  });

  it('opens links elsewhere, tells them nothing, and shows their true host', async () => {
    const body = await html(
      [
        '<a href="https://good.example/a">good.example</a>',
        '<a href="https://evil.example/">www.bank.example</a>',
        '<a href="https://evil.example/">evil.example bank.example</a>',
        '<a href="https://bank.example@evil.example/">bank.example</a>',
        '<a href="https://evil.example/"></a>',
        '<a href="mailto:nora@desk.example">Nora</a><a href="tel:+123">Call</a>',
      ].join(''),
    );
    const all = [...body.querySelectorAll('a')];
    expect(all.map((link) => link.textContent)).to.deep.equal([
      'good.example',
      'www.bank.example (evil.example)',
      'evil.example bank.example (evil.example)',
      'bank.example (evil.example)',
      'evil.example',
      'Nora',
      'Call',
    ]);
    for (const link of all) {
      expect([link.target, link.rel]).to.deep.equal(['_blank', 'noopener noreferrer nofollow ugc']);
    }
  });

  it('shows the true host also where the other one is written with signs that nobody sees, or others for a dot', async () => {
    for (const name of [
      'bank\u200b.example',
      'bank\u00ad.example',
      'ba\u2060nk.exam\ufeffple',
      'bank\uff0eexample',
      'bank\u3002example',
      'bank\uff61example',
      '\u202ebank.example',
      'ｂａｎｋ.example',
      'https://192.168.0.1/login',
    ]) {
      const link = (await html(`<a href="https://evil.example/">${name}</a>`)).querySelector('a')!;
      expect([link.textContent, link.lastElementChild?.localName], name).to.deep.equal([
        `${name} (evil.example)`,
        'bdi',
      ]);
    }
    const honest = (await html('<a href="https://192.168.0.1/x">192.168.0.1, version 1.2.3</a>')).querySelector('a')!;
    expect(honest.textContent).to.equal('192.168.0.1, version 1.2.3');
  });

  it('refuses every other kind of address', async () => {
    const schemes =
      'javascript:alert(1)|JaVaScRiPt:alert(1)|java\tscript:alert(1)|\u0001javascript:alert(1)|data:text/html,x|vbscript:x|file:///etc/passwd|blob:https://a.example/x|intent://x|search-ms:query=x|ms-msdt:x|ftp://a.example|//a.example|/here|#there|?q|https:a.example|cid:x|about:blank|view-source:https://a.example|filesystem:https://a.example/';
    const body = place('');
    for (const scheme of schemes.split('|')) {
      const link = document.createElement('a');
      link.setAttribute('href', scheme);
      link.textContent = 'x';
      body.append(sanitise(link.outerHTML, options));
    }
    expect([...body.querySelectorAll('a')].map((link) => link.getAttribute('href'))).to.deep.equal(
      schemes.split('|').map(() => null),
    );
  });

  it('shows pictures that came inside, and asks for no other before a person does', async () => {
    const body = await html(
      [
        `<img src="${png}" alt="dot">`,
        '<img src="https://tracker.example/remote.png" alt="chart">',
        '<a href="https://shop.example/"><img src="https://tracker.example/linked.png"></a>',
        '<img src="https://tracker.example/pixel.gif" width="1" height="1">',
        '<img src="cid:abc@x" alt="shot"><img alt="none">',
        '<img src="data:image/svg+xml;base64,PHN2Zz4="><img src="data:image/png;base64,PHN2Zz4=">',
        '<img src="data:image/avif;base64,AAAAHGZ0eXBhdmlmAAAAAGF2aWY="><img src="data:image/avif;base64,PHN2Zz4=">',
        '<img src="/__desk__/x.png" srcset="https://tracker.example/set.png 2x">',
      ].join(''),
    );
    expect([...body.querySelectorAll('img')].map((image) => image.getAttribute('src'))).to.deep.equal([
      png,
      'data:image/avif;base64,AAAAHGZ0eXBhdmlmAAAAAGF2aWY=',
    ]);
    expect([...body.querySelectorAll('.image')].map((place) => place.textContent)).to.deep.equal([
      '[chart]',
      '[Image]',
      '[shot]',
      '[none]',
      '[Image]',
      '[Image]',
      '[Image]',
      '[Image]',
    ]);
    expect(body.querySelectorAll('a button').length).to.equal(0);
    expect([...body.querySelectorAll('button')].map((button) => button.textContent)).to.deep.equal([
      'Show image from tracker.example',
      'Show image from tracker.example',
    ]);
    body.querySelector('button')!.click();
    const image = body.querySelectorAll('img')[1]!;
    expect([image.getAttribute('src'), image.referrerPolicy, image.alt]).to.deep.equal([
      'https://tracker.example/remote.png',
      'no-referrer',
      'chart',
    ]);
    const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
    for (const never of ['linked', 'pixel', 'set.png', '/x.png'])
      expect(fetched.filter((name) => name.includes(never))).to.deep.equal([]);
  });

  it('finds the pictures of its ticket by their cid', async () => {
    const asked: string[] = [];
    const fragment = sanitise('<img src="cid:abc@x" alt="shot"><img src="cid:gone" alt="gone">', {
      ...options,
      image: (cid) => {
        asked.push(cid);
        return Promise.resolve(cid === 'abc@x' ? png : undefined);
      },
    });
    const body = place('');
    body.append(fragment);
    await Promise.resolve();
    await Promise.resolve();
    expect(asked).to.deep.equal(['abc@x', 'gone']);
    expect([...body.childNodes].map((node) => (node as Element).localName)).to.deep.equal(['img', 'bdi']);
  });

  it('begins as text where it is very long, and opens whole', async () => {
    const body = await html(
      `<style>p { color: red }</style><!-- <b> --><p>first</p><p>${'word '.repeat(60_000)}</p><p>the end</p><script>x</script>`,
    );
    expect([...body.children].map(({ localName }) => localName)).to.deep.equal(['div', 'button']);
    const [shown, open] = body.children as unknown as [HTMLElement, HTMLButtonElement];
    expect([shown.textContent.slice(0, 11), / w?o?r?d? …$/.test(shown.textContent)]).to.deep.equal([
      'first\nword ',
      true,
    ]);
    expect(open.textContent).to.equal('Open full message');
    open.focus();
    open.click();
    const [whole, none] = body.children as unknown as [HTMLElement, undefined];
    expect([whole.textContent.endsWith(' word \nthe end'), none]).to.deep.equal([true, undefined]);
    expect(document.activeElement === whole).to.equal(true);
  });

  it('loses no word to the pictures inside it', async () => {
    const picture = png + 'A'.repeat(200_000);
    const image = `<img src="${picture}" alt="shot">`;
    const several = await html(`<p>before</p>${image.repeat(3)}<p>after</p>`);
    expect([...several.querySelectorAll('img')].map(({ src }) => src === picture)).to.deep.equal([true, true, true]);
    expect(several.textContent).to.equal('beforeafter');
    const many = await html(`<p>before</p>${image.repeat(8)}<p>after</p>`);
    expect([many.querySelectorAll('img').length, many.textContent]).to.deep.equal([
      0,
      `before${'[shot]'.repeat(8)}after`,
    ]);
  });

  it('is text where it is too large, too deep or made to choke a parser', async () => {
    const hostile = [
      '<!--'.repeat(60_000),
      '<style '.repeat(40_000),
      `<img src="${'data:image/png;base64,'.repeat(20_000)}">`,
      '<p>x</p>'.repeat(6000),
      `${'<div>'.repeat(300)}deep`,
      `${'<blockquote>'.repeat(20_000)}deep`,
      Array.from({ length: 5000 }, (_, at) => `<font size=${at}>`).join('') + '<p>x'.repeat(5000),
      Array.from({ length: 5000 }, (_, at) => `<b title=${at}></i>`).join('') +
        '<p>x'.repeat(5000) +
        '</b>'.repeat(5000),
      '<'.repeat(200_000),
      '<a '.repeat(60_000),
      '<table><tr><td>'.repeat(10_000),
    ];
    const sanitiser = later();
    await sanitiser.need();
    const change = (fill: () => void): void => fill();
    // Beside the browser's own parser in the same run, and where it is slower again: the machine may be busy.
    const spent = { parser: 0, ours: 0 };
    for (const value of hostile) {
      const start = performance.now();
      new DOMParser().parseFromString(value, 'text/html');
      const parser = performance.now() - start;
      spent.parser += parser;
      let least = Infinity;
      for (let turn = 0; turn < 3 && least > 4 * parser; turn++) {
        const before = performance.now();
        const body = entryBody({ format: 'html', value }, new WeakMap(), sanitiser, { ...options, change });
        least = Math.min(least, performance.now() - before);
        expect([body.ariaBusy, body.querySelectorAll('*').length <= 101]).to.deep.equal([null, true]);
      }
      spent.ours += least;
    }
    expect(spent.ours).to.be.lessThan(4 * spent.parser);
  }).timeout(60_000);

  it('is bare text where the sanitiser cannot be had, and whole with the next that has it', async () => {
    const body = (sanitiser: ReturnType<typeof later>): Promise<HTMLElement> =>
      new Promise((done) => {
        const made = entryBody({ format: 'html', value: '<p>a</p>' }, new WeakMap(), sanitiser, {
          ...options,
          change: (fill) => {
            fill();
            done(made);
          },
        });
        expect([made.ariaBusy, made.textContent]).to.deep.equal(['true', '']);
      });
    const bare = await body({ part: undefined, need: () => Promise.reject(new Error('gone')) });
    expect([bare.innerHTML, bare.className, bare.ariaBusy]).to.deep.equal(['a', 'body text', null]);
    const whole = await body(later());
    expect([whole.innerHTML, whole.className, whole.ariaBusy]).to.deep.equal(['<p>a</p>', 'body html', null]);
  });

  it('is read as text without its tags', () => {
    expect(bareText('<p>a &lt;b&gt; &amp;amp; c</p><ul><li>d</li></ul><script>x</script>')).to.equal(
      'a <b> &amp; c\nd\nx',
    );
    const start = performance.now();
    expect(bareText('<'.repeat(300_000)).length).to.equal(300_000);
    expect(performance.now() - start).to.be.lessThan(2000);
  });
});

/** Ours: each does something only if it runs, is fetched, or leaves its place. `ran` is what they would call. */
const attacks: readonly string[] = [
  '<script>ran(1)</script>',
  '<img src=x onerror=ran(2)>',
  '<img src=x onerror="ran(3)" onload=ran(3) onloadstart=ran(3)>',
  '<svg onload=ran(4)><script>ran(4)</script></svg>',
  '<svg><animate onbegin=ran(5) attributeName=x dur=1s></svg>',
  '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=ran(6)/>#x"></use></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=ran(7)&gt;">',
  '<math><mi><style><a title="</style><img src=x onerror=ran(8)>">',
  '<svg></p><style><a id="</style><img src=1 onerror=ran(9)>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=ran(10)>',
  '<noscript><p title="</noscript><img src=x onerror=ran(11)>">',
  '<template><img src=x onerror=ran(12)></template><template shadowrootmode=open><script>ran(12)</script></template>',
  '<iframe srcdoc="<script>parent.ran(13)</script>"></iframe><iframe src="javascript:parent.ran(13)"></iframe>',
  '<object data="javascript:ran(14)"></object><embed src="javascript:ran(14)">',
  '<a href="javascript:ran(15)" ping="https://tracker.example/ping">x</a>',
  '<form action="javascript:ran(16)"><button formaction="javascript:ran(16)">Sign in</button><input autofocus onfocus=ran(16)></form>',
  '<input name=password type=password><textarea>x</textarea><select><option>x</select><button>Pay</button>',
  '<details open ontoggle=ran(17)><summary>x</summary></details>',
  '<video src=x onerror=ran(18) poster="https://tracker.example/p.png"></video><audio src="https://tracker.example/a.mp3" autoplay></audio>',
  '<dialog open>Sign in again</dialog><div popover=auto id=pop>x</div><button popovertarget=pop command=show-popover commandfor=pop>x</button>',
  '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<link rel=stylesheet href="https://tracker.example/s.css"><style>@import "https://tracker.example/i.css";*{display:none}</style>',
  '<p style="position:fixed;inset:0;background:url(https://tracker.example/b.png)">over</p>',
  '<table background="https://tracker.example/t.png"><tr><td background="https://tracker.example/td.png">x</td></tr></table>',
  '<body onload=ran(19) background="https://tracker.example/body.png">x</body>',
  '<div slot=empty part=alert exportparts=x id=reply name=store class="alert notice" role=alert aria-label=x tabindex=0 contenteditable accesskey=x>spoof</div>',
  '<ticket-thread ticket=1 desk=default>x</ticket-thread><help-desk url="https://evil.example">y</help-desk><x-y is="z">z</x-y><p is="ticket-list">q</p>',
  '<form id=f><input name=attributes><input name=childNodes><input name=nodeName></form><img name=body><a id=location name=querySelectorAll>x</a>',
  '<marquee onstart=ran(20)>x</marquee><keygen autofocus onfocus=ran(20)><isindex onfocus=ran(20)>',
  '<a href="https://a.example/" target=_self rel=opener onclick=ran(21) download=x.exe>x</a>',
  '<xmp><img src=x onerror=ran(22)></xmp><plaintext><img src=x onerror=ran(22)>',
  '<listing>&lt;img src=x onerror=ran(23)&gt;</listing><noembed><img src=x onerror=ran(23)></noembed>',
  '<picture><source srcset="https://tracker.example/src.png"><img src=x onerror=ran(24)></picture>',
  '<img src="https://tracker.example/lazy.png" loading=eager srcset="https://tracker.example/s2.png 1x" sizes=1px usemap=#m><map name=m><area href="javascript:ran(25)"></map>',
  '<p>\u0000<scr\u0000ipt>ran(26)</scr\u0000ipt><!--><img src=x onerror=ran(26)>--></p>',
  '<![CDATA[<img src=x onerror=ran(27)>]]><?xml version="1.0"?><!DOCTYPE x [<!ENTITY y "z">]>',
  '<select><template><img src=x onerror=ran(28)></template><selectedcontent></selectedcontent></select>',
  '<svg><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="x" onload=ran(29)></iframe></foreignObject></svg>',
];
const allowed = new Set(
  'a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr button'.split(
    ' ',
  ),
);
const attributes = new Set(
  'href title alt src width height colspan rowspan dir lang start datetime target rel class type'.split(' '),
);

/** Draws it, and says what is wrong with what was drawn. */
function faults(payload: string): string[] {
  const body = place('');
  try {
    body.append(sanitise(payload, options));
  } catch {
    // What cannot be parsed is shown as text.
    body.append(bareText(payload));
  }
  const found: string[] = [];
  for (const element of body.querySelectorAll('*')) {
    if (!allowed.has(element.localName)) found.push(`<${element.localName}>`);
    for (const { name, value } of element.attributes) {
      if (!attributes.has(name)) found.push(`${element.localName} ${name}`);
      if (name === 'class' && value !== 'image') found.push(`class ${value}`);
      if (name === 'type' && value !== 'button') found.push(`type ${value}`);
      if (name === 'src' && !value.startsWith('data:image/')) found.push(`src ${value}`);
      if (name === 'href' && !/^(?:https?:\/\/|mailto:|tel:)/i.test(value)) found.push(`href ${value}`);
    }
    if (element.localName === 'button' && !/^Show image from /.test(element.textContent)) found.push('button');
  }
  body.remove();
  return found;
}

describe('hostile HTML', () => {
  let ran: unknown[] = [];
  const page = window as unknown as Record<string, unknown>;
  const dialogs = ['alert', 'confirm', 'prompt', 'print'];
  const kept = dialogs.map((name) => page[name]);
  before(() => {
    ran = [];
    for (const name of ['ran', ...dialogs]) page[name] = (what: unknown) => ran.push(what ?? name);
  });
  after(() => {
    dialogs.forEach((name, at) => (page[name] = kept[at]));
    delete page['ran'];
  });
  /** A picture that cannot be had, asked for now, fails after those that the attacks would have asked for. */
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      const last = new Image();
      last.onerror = () => resolve();
      last.src = `/missing-${Math.random()}.png`;
    });
  const fetched = (): string[] =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => /(tracker|evil)\.example/.test(name) && !name.includes('remote.png'));

  it('leaves nothing that runs, covers, asks or fetches', async () => {
    const failed = attacks.map((attack) => [attack, faults(attack)] as const).filter(([, found]) => found.length);
    expect(failed).to.deep.equal([]);
    expect(faults(attacks.join('\n'))).to.deep.equal([]);
    await settled();
    expect([ran, fetched()]).to.deep.equal([[], []]);
    expect(document.querySelectorAll('base, meta[http-equiv=refresh]').length).to.equal(0);
  });

  it('stays so when it is nested, cut and put together again', async () => {
    const failed: unknown[] = [];
    for (const [at, attack] of attacks.entries()) {
      const other = attacks[(at * 7 + 3) % attacks.length] ?? '';
      for (const payload of [
        `<table><tr><td>${attack}</table>${other}`,
        `<b><p>${attack}</b>${other}</p>`,
        attack.slice(0, attack.length >> 1) + other,
        `<svg><style>${attack}</style></svg>`,
        `<math><annotation-xml encoding="text/html">${attack}</annotation-xml></math>`,
      ]) {
        const found = faults(payload);
        if (found.length) failed.push([payload, found]);
      }
    }
    expect(failed).to.deep.equal([]);
    await settled();
    expect([ran, fetched()]).to.deep.equal([[], []]);
  });

  it('holds against the collected vectors, where they lie beside the project', async () => {
    const answer = await fetch('/__shared__/xss-vectors.json');
    const vectors = answer.ok ? ((await answer.json()) as { id: string; payload: string }[]) : [];
    const failed = vectors.map(({ id, payload }) => [id, faults(payload)] as const).filter(([, found]) => found.length);
    expect(failed).to.deep.equal([]);
    await settled();
    expect([ran, fetched()]).to.deep.equal([[], []]);
  }).timeout(60_000);
});
