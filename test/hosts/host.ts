/** A host page that watches what it is complained of, and a ticket in its help desk to answer. */
import { createHash } from 'node:crypto';
import { openSite, html as page, type Site } from '../loader/site.js';
import { until, type Tab } from './tab.js';

/** First script of each page: what the page is told of. It asks for nothing and uses no sink. */
export const watch = `
  window.seen = [];
  const tell = (what) => seen.push(String(what));
  addEventListener('error', (event) => tell('error: ' + (event.message || event.target?.src)), true);
  addEventListener('unhandledrejection', ({ reason }) => tell('rejected: ' + reason));
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
    tell('violation: ' + [effectiveDirective, blockedURI, sample].join(' ').trim()));
  for (const level of ['error', 'warn']) {
    const say = console[level];
    console[level] = (...words) => (tell(level + ': ' + words.join(' ')), say.apply(console, words));
  }
  /** The first element of a selector, shadow roots included. */
  window.deep = (selector, root = document) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const { shadowRoot } of root.querySelectorAll('*')) {
      const inside = shadowRoot && deep(selector, shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
`;

/** As `integrity` and policies have it. */
export const digest = (text: string | Uint8Array): string =>
  `sha384-${createHash('sha384').update(text).digest('base64')}`;

/** What an agent has answered: HTML as mail programs write it, nothing that is to be removed. */
const answer =
  '<p>Dear Jane,<br>please <strong>turn</strong> it <a href="https://example.org/lamp">off</a>.</p>' +
  '<table><tbody><tr><td>Model</td><td>L1</td></tr></tbody></table><blockquote><p>It is dim.</p></blockquote>';

/** The same where it is shown as text. */
export const answerAsText = 'Dear Jane,\nplease turn it off.\nModelL1\nIt is dim.';

export interface Host extends Site {
  /** A ticket of Jane's with an answer in HTML: its id in the help desk and in the page. */
  readonly ticket: { readonly id: number; readonly number: string };
  /** Reports that browsers sent of the page's policy. */
  readonly reports: string[];
  /** What Jane has written to the ticket since it was opened. */
  replies(): string[];
}

/** Opens a site with one ticket to answer, about this and with an answer of this HTML. */
export async function openHost(subject = 'A dim lamp', html = answer): Promise<Host> {
  const site = await openSite({ seed: 'none' });
  const { store } = site.desk;
  const opened = store.addTicket(
    { subject, requesterId: 1 },
    { kind: 'message', personId: 1, poster: 'Jane Doe', body: 'It is dim.' },
  );
  store.addEntry(opened.id, { kind: 'reply', personId: 4, poster: 'Nora Lind', format: 'html', body: html });
  const before = store.entries(opened.id).length;
  const reports: string[] = [];
  site.pages.set('/watch.js', watch);
  const host = Object.assign(site, {
    ticket: { id: opened.id, number: opened.number },
    reports,
    replies: () =>
      store
        .entries(opened.id)
        .slice(before)
        .map(({ body }) => body),
  });
  host.answer = async (request) => {
    if (!request.url.endsWith('/reported')) return undefined;
    const { 'csp-report': report } = (await request.json()) as { 'csp-report': Record<string, string> };
    reports.push(`${report['effective-directive'] ?? report['violated-directive']} ${report['blocked-uri']}`);
    return new Response(null, { status: 204 });
  };
  return host;
}

/** A page of this body, watched; `attributes` are those of each script. */
export const watched = (body: string, scripts = '', attributes = ''): string =>
  page(body, `<script src="/watch.js"${attributes}></script>${scripts}`);

/** Presses the button of these words, wherever it is. */
export const press = (tab: Tab, words: string, frame?: string): Promise<void> =>
  until(
    tab,
    `(() => {
      const all = (root) => [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
      const button = all(document).find((one) => one.localName === 'button' && !one.disabled && one.textContent.trim() === ${JSON.stringify(words)});
      button?.click();
      return !!button;
    })()`,
    frame,
  );

/** The thread, whatever its prefix. */
const thread = "deep('ticket-thread, acme-ticket-thread')?.shadowRoot";

/** Writes into a field below an element's root, as if typed. */
export async function write(tab: Tab, root: string, selector: string, words: string, frame?: string): Promise<void> {
  const field = `deep('${selector}', ${root})`;
  await until(tab, `!!${root} && !!${field}`, frame);
  await tab.value(
    `(() => {
      const field = ${field};
      field.focus();
      // WebKit types nothing into a frame that has not the focus.
      if (!document.execCommand('insertText', false, ${JSON.stringify(words)})) {
        field.value = ${JSON.stringify(words)};
        field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
      }
      return field.value;
    })()`,
    frame,
  );
}

/** The answer is drawn as what it is: a table, a link, a quote that is folded, and no markup as words. */
export const drawn = (tab: Tab, frame?: string): Promise<void> =>
  until(
    tab,
    `!!${thread} && (() => {
      const body = deep('.body.html', ${thread});
      return !!body && [...body.querySelectorAll('strong, td, a, blockquote')].map(({ localName }) => localName).join() ===
        'strong,a,td,td,blockquote';
    })()`,
    frame,
  );

/** Writes a reply into the thread and sends it; resolves when the help desk has it and the page has said so. */
export async function reply(tab: Tab, host: Host, words: string, frame?: string): Promise<void> {
  await write(tab, thread, 'textarea', words, frame);
  await press(tab, 'Reply', frame);
  const end = Date.now() + 20_000;
  while (!host.replies().some((body) => body.includes(words))) {
    if (Date.now() > end) {
      const seen = await tab.value('JSON.stringify(window.seen)', frame);
      throw new Error(`The help desk has ${JSON.stringify(host.replies())}; the page was told: ${String(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await until(tab, `deep('[role=status]', ${thread})?.textContent.includes('Your reply was sent.')`, frame);
}
