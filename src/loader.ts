/**
 * The script tag: `<script async src="…/help-desk.js"></script>`. One small classic script that watches the page and
 * fetches the elements, from beside itself, when one of them is about to be seen or a person reaches for the launcher.
 * Before that it asks for nothing and keeps nothing. The same file works as a module.
 */
import type { HelpDesk } from './elements/help-desk/help-desk.js';
import { launcherButton } from './elements/help-desk/launcher-button.js';
import { triggerOf } from './elements/help-desk/trigger.js';

/** Put in by the build: where the other files are, beside this one; and which of them are of ticket systems. */
declare const __CHUNKS__: string;
declare const __SYSTEMS__: readonly string[];

/** Commands that have another name on the desk. */
const methods: Readonly<Record<string, string>> = { open: 'show', close: 'hide' };
/** First letter of a view → its elements; any other view is the list. */
const shown: Readonly<Record<string, readonly string[]>> = {
  n: ['ticket-form'],
  t: ['ticket-thread', 'ticket-list'],
};
/** The view that the page's address asks for. */
const linked = (): string | undefined => location.hash.split('#help-desk=')[1];
/** Something where a panel was open when the last page was left. */
const remembered = (): unknown => {
  try {
    return sessionStorage['help-desk'];
  } catch {
    // A page without storage.
  }
};

type Call = (desk: HelpDesk) => unknown;
type Heard = [name: string, listener: (event: Event) => void];

interface Api {
  (command: string, ...args: unknown[]): unknown;
  /** Calls made before this script was there. */
  q?: Iterable<unknown>[];
  /** Takes another script tag of this kind into account. */
  tag?: (script: HTMLElement | null) => void;
}

const page = window as { HelpDesk?: Api };
const tags = 'help-desk,ticket-list,ticket-thread,ticket-form,topic-picker';
const wanted = `:is(${tags}):not(:defined),[data-help-desk]`;
const script = (document.currentScript ?? document.querySelector('[src*="help-desk.js"]')) as HTMLScriptElement;

/**
 * `data-*` as attributes, and where `all` is set the others as they are. What could run is left: a text of the page's
 * visitors may be allowed to have `data-onclick`.
 */
function given(element: Element, all?: true): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, value } of element.attributes) {
    const own = name.replace(/^data-/, '');
    if ((all || own !== name) && !/^(on|style$|help-)/.test(own)) values[own] = value;
  }
  return values;
}

/** Sets attributes where they differ, and removes those that were there before. */
function assign(element: Element, before: object, values: Record<string, string>): void {
  for (const name in { ...before, ...values }) {
    const value = values[name];
    if (value === undefined) element.removeAttribute(name);
    else if (value !== element.getAttribute(name)) element.setAttribute(name, value);
  }
}

function start(): void {
  const stop = new AbortController();
  const { signal } = stop;
  /** What waits for a desk that is there and defined. */
  let calls: Call[] = [];
  /** The desk that the script tag asks for, and what it said. */
  let own: HelpDesk | undefined;
  let set: Record<string, string> = {};

  let told: unknown;
  /** What keeps a file from being loaded at all fails each time with the same error, which is said once. */
  const warn = (error: unknown): unknown => error === told || console.warn('Help desk:', (told = error));

  const desks = (kind = ''): HelpDesk[] => [...document.querySelectorAll<HelpDesk>(`help-desk${kind}`)];
  const desk = (): HelpDesk | undefined => own ?? desks('[launcher]')[0] ?? desks()[0];

  /** The file of a part. Firefox keeps what failed until the page is loaded again: nothing is tried without a network. */
  const part = (name: string): Promise<unknown> =>
    navigator.onLine
      ? import(/* @vite-ignore */ `${new URL(`${__CHUNKS__}/${name}.js`, script.src)}`)
      : Promise.reject(new Error('offline'));

  /**
   * The desk, and at the same time what the page's desks will ask for: their back ends, and what they show first. Those
   * may fail, the desk says so; and where the guess is wrong, it fetches the rest.
   */
  const everything = (): Promise<unknown> => {
    for (const one of desks()) {
      // A desk that is told who asks shows tickets.
      const view =
        linked() ?? one.getAttribute('view') ?? (one.matches('[email],[user-id],[token-url]') ? 'list' : 'new');
      const backend = one.getAttribute('backend') ?? 'relay';
      // What ticket systems have in common is a file of its own.
      const names = backend === 'relay' ? [backend] : __SYSTEMS__.includes(backend) ? [backend, 'systems'] : [];
      if (!one.querySelector(':scope > :not([slot])')) names.push(...(shown[view[0]!] ?? ['ticket-list']));
      for (const name of names) part(name).catch(() => {});
    }
    return part('help-desk');
  };

  const load = (element: Element): Promise<unknown> => {
    const name = element.localName;
    return name === 'topic-picker' && (element.hasAttribute('topics') || !desks().length)
      ? part(name)
      : Promise.all([everything(), part(name.replace('topic-picker', 'ticket-form'))]);
  };

  const flush = (): void => {
    const one = desk();
    // Nothing but the element itself is there before it is defined.
    if (!signal.aborted && one && 'show' in one)
      for (const call of calls.splice(0))
        try {
          call(one);
        } catch (error) {
          // The others are done all the same.
          warn(error);
        }
  };

  /**
   * Somebody comes near the button, drawn or the page's own, of a desk that is not there yet, or presses it. Listened for
   * once for all desks: those that an app takes away again are not held.
   */
  const act = (event: Event): void => {
    const target = event.target as Node;
    for (const element of desks('[launcher]:not(:defined)')) {
      const pressed = triggerOf(target, element.getAttribute('trigger'));
      if (!(pressed || element.contains(target))) continue;
      const all = everything();
      if (event.type !== 'click') return void all.catch(() => {});
      event.preventDefault();
      const button = pressed || launcherButton(element);
      button.ariaBusy = 'true';
      all
        .then(() => !signal.aborted && element.isConnected && element.show())
        .catch((error: unknown) => {
          launcherButton(element).textContent = 'Try again';
          // Where a file failed before, WebKit has all go well, but there is no element.
          warn(told ?? error);
        })
        .finally(() => (button.ariaBusy = null));
    }
  };

  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        load(target).catch((error: unknown) => {
          warn(error);
          addEventListener('online', () => near.observe(target), { signal });
        });
      }
    },
    { rootMargin: '50%' },
  );

  const found = (element: HTMLElement): void => {
    const tag = element.dataset['helpDesk'];
    if (tag === undefined) {
      if (!element.matches('[launcher]')) near.observe(element);
      else if (triggerOf(element, element.getAttribute('trigger')) === undefined) launcherButton(element);
      if (linked() || element.matches('[open]') || (element.matches('[remember]') && remembered()))
        everything().catch(warn);
    } else if (tags.split(',').includes(tag)) {
      const real = document.createElement(tag);
      assign(real, {}, given(element, true));
      real.append(...element.childNodes);
      element.replaceWith(real);
    }
  };

  /** Texts have no such methods. */
  const look = (node: Partial<HTMLElement>): void => {
    if (node.matches?.(wanted)) found(node as HTMLElement);
    node.querySelectorAll?.<HTMLElement>(wanted).forEach(found);
  };

  /** Puts the desk of the script tag at the end of the page: again where the page's body was exchanged. */
  const place = (): void => {
    if (!own || own.isConnected || document.readyState === 'loading') return;
    // A page kept and brought back may hold a copy.
    for (const copy of desks('[data-own]')) copy.remove();
    document.body.append(own);
  };

  const seen = new MutationObserver((records) => {
    place();
    for (const { addedNodes } of records) (addedNodes as NodeListOf<HTMLElement>).forEach(look);
    if (calls[0]) flush();
  });

  const off = (...heard: Heard): void => document.removeEventListener(...heard);
  const on = (...heard: Heard): (() => void) => {
    document.addEventListener(...heard, { signal });
    return () => off(...heard);
  };

  const commands: Readonly<Record<string, (...args: never[]) => unknown>> = {
    on,
    off,
    diagnose: () => everything().then(() => desk()?.diagnose()),
    destroy() {
      stop.abort();
      seen.disconnect();
      near.disconnect();
      own?.remove();
      for (const one of desks('[launcher]:not(:defined)')) one.shadowRoot?.replaceChildren();
      delete page.HelpDesk;
    },
  };

  const api: Api = (command, ...args) => {
    const run = commands[command];
    if (run) return run(...(args as never[]));
    const name = methods[command] ?? command;
    const call = (one: HelpDesk): unknown =>
      name === 'prefill'
        ? (one.prefill = args[0] as HelpDesk['prefill'])
        : name in one
          ? (one[name as 'show'] as (...args: unknown[]) => void)(...args)
          : warn(`no ${command}`);
    calls.push(call);
    flush();
    // To open, to toggle and to sign out cannot wait for a person.
    if (/^[ots]/.test(command))
      everything().catch((error: unknown) => {
        // Not when it is no longer expected.
        calls = calls.filter((one) => one !== call);
        warn(error);
      });
  };
  api.tag = (tag) => {
    if (!tag?.dataset['url']) return;
    own ??= document.createElement('help-desk');
    assign(own, set, (set = { ...given(tag), 'data-own': '' }));
    place();
  };

  const before = page.HelpDesk?.q ?? [];
  page.HelpDesk = api;
  seen.observe(document, { childList: true, subtree: true });
  look(document.documentElement);
  on('DOMContentLoaded', place);
  for (const type of ['pointerover', 'focusin', 'click']) on(type, act);
  addEventListener('hashchange', () => linked() && everything().catch(warn), { signal });
  void customElements.whenDefined('help-desk').then(flush);
  api.tag(script);
  for (const [command, ...args] of before) api(command as string, ...args);
}

// A second tag of this script, or the same one run again by a page that exchanges its body.
if (page.HelpDesk?.tag) page.HelpDesk.tag(script);
else start();
