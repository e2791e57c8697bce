/**
 * The script tag: `<script async src="…/help-desk.js"></script>`. One small classic script that watches the page and
 * fetches the elements, from beside itself, when one of them is about to be seen or a person reaches for the launcher.
 * Before that it asks for nothing and keeps nothing. The same file works as a module.
 */
import type { Identity } from './model.js';
import type { HelpDesk, HelpDeskView } from './elements/help-desk/help-desk.js';
import { launcherButton } from './elements/help-desk/launcher-button.js';

/** Part → its files in `chunks/` beside this script: put in by the build. */
declare const __FILES__: Readonly<Record<string, readonly string[]>>;

/** Nothing but the element itself is there before it is defined. */
type Desk = HelpDesk & { diagnose?(): Promise<unknown> };
const isDefined = (desk: Desk): boolean => 'show' in desk;

type Call = (desk: Desk) => void;

interface Api {
  (command: string, ...args: unknown[]): unknown;
  /** Calls made before this script was there. */
  q?: ArrayLike<unknown>[];
  /** Takes another script tag of this kind into account. */
  tag?: (script: HTMLElement | null) => void;
}

const page = window as { HelpDesk?: Api };
const tags = 'help-desk,ticket-list,ticket-thread,ticket-form,topic-picker';
/** On the desk of a script tag. */
const mark = 'data-by-script';
const wanted = `:is(${tags}):not(:defined),[data-help-desk]`;
const script = (document.currentScript ?? document.querySelector('script[src*="help-desk.js"]')) as HTMLScriptElement;

/**
 * `data-*` as attributes, and others as they are. What could run is left: a text of the page's visitors may be allowed to
 * have `data-onclick`.
 */
const given = (element: Element, others = /$^/): Record<string, string> =>
  Object.fromEntries(
    [...element.attributes].flatMap(({ name, value }) =>
      /^data-(?!on|style$|help-desk$)/.test(name) || others.test(name) ? [[name.replace('data-', ''), value]] : [],
    ),
  );

/** Sets attributes where they differ, and removes those that were there before. */
function assign(element: Element, values: Record<string, string>, before = {}): void {
  for (const name in { ...before, ...values }) {
    const value = values[name];
    if (value === undefined) element.removeAttribute(name);
    else if (value !== element.getAttribute(name)) element.setAttribute(name, value);
  }
}

function start(): void {
  const base = script.src;
  const stop = new AbortController();
  const { signal } = stop;
  const loading: Record<string, Promise<unknown> | undefined> = {};
  /** What waits for a desk that is there and defined. */
  let calls: Call[] = [];
  /** The desk that the script tag asks for, and what it said. */
  let own: Desk | undefined;
  let set: Record<string, string> = {};

  const desks = (): Desk[] => [...document.querySelectorAll<Desk>('help-desk')];
  const desk = (): Desk | undefined => own ?? desks().find((one) => one.hasAttribute('launcher')) ?? desks()[0];

  /**
   * The files of a part, all at once. A failure is forgotten, so that the next try is one; but Firefox keeps what failed
   * until the page is loaded again, so that nothing is tried without a network.
   */
  const part = (name: string): Promise<unknown> =>
    (loading[name] ??= Promise.all(
      (__FILES__[name] ?? []).map((file) =>
        navigator.onLine
          ? import(/* @vite-ignore */ new URL(`chunks/${file}.js`, base).href)
          : Promise.reject(new Error('offline')),
      ),
    ).catch((error: unknown) => {
      delete loading[name];
      throw error;
    }));

  /** Everything, with the back ends that the page's desks will ask for: those may fail, the desk says so. */
  const everything = (): Promise<unknown> => {
    const all = part('desk');
    for (const one of desks()) part(one.getAttribute('backend') ?? 'relay').catch(() => {});
    return all;
  };

  const load = (element: Element): Promise<unknown> =>
    element.localName === 'topic-picker' && (element.hasAttribute('topics') || !desks().length)
      ? part('picker')
      : everything();

  const flush = (): void => {
    const one = desk();
    if (!signal.aborted && one && isDefined(one)) for (const call of calls.splice(0)) call(one);
  };

  const later = (call: Call): void => {
    calls.push(call);
    flush();
  };

  let told: unknown;
  /** What keeps a file from being loaded at all fails each time with the same error, which is said once. */
  const warn = (error: unknown): void => void (error === told || console.warn('Help desk:', (told = error)));

  const facade = (element: Desk): void => {
    const button = launcherButton(element);
    const words = button.firstChild!;
    signal.addEventListener('abort', () => isDefined(element) || button.remove());
    const fetchAll = (): void => void everything().catch(() => {});
    for (const type of ['pointerenter', 'focus']) button.addEventListener(type, fetchAll, { signal });
    button.addEventListener(
      'click',
      () => {
        // Once the element is there, the button is its own.
        if (isDefined(element)) return;
        button.ariaBusy = 'true';
        button.replaceChildren(words);
        everything()
          .then(
            () => signal.aborted || element.show(),
            (error: unknown) => {
              button.replaceChildren('Try again');
              warn(error);
            },
          )
          .finally(() => (button.ariaBusy = null));
      },
      { signal },
    );
  };

  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        load(target).catch((error: unknown) => {
          warn(error);
          addEventListener('online', () => near.observe(target), { signal, once: true });
        });
      }
    },
    { rootMargin: '50%' },
  );

  const found = (element: HTMLElement): void => {
    const tag = element.dataset['helpDesk'];
    if (tag === undefined) {
      if (!element.matches('[launcher]')) near.observe(element);
      else {
        facade(element as Desk);
        if (element.matches('[open]')) everything().catch(warn);
      }
    } else if (tags.split(',').includes(tag)) {
      const real = document.createElement(tag);
      assign(real, given(element, /^(?!on|style$|data-)/));
      real.append(...element.childNodes);
      element.replaceWith(real);
    }
  };

  const look = (node: Node): void => {
    if (!(node instanceof HTMLElement)) return;
    if (node.matches(wanted)) found(node);
    node.querySelectorAll<HTMLElement>(wanted).forEach(found);
  };

  /** Puts the desk of the script tag at the end of the page: again where the page's body was exchanged. */
  const place = (): void => {
    if (!own || own.isConnected || document.readyState === 'loading') return;
    // A page kept and brought back may hold a copy.
    document.querySelectorAll(`[${mark}]`).forEach((copy) => copy.remove());
    document.body.append(own);
  };

  const seen = new MutationObserver((records) => {
    place();
    for (const { addedNodes } of records) addedNodes.forEach(look);
    if (calls.length) flush();
  });

  const on = (name: string, listener: (event: Event) => void): (() => void) => {
    document.addEventListener(name, listener, { signal });
    return () => document.removeEventListener(name, listener);
  };

  /** A command that needs the elements. */
  const now = (call: Call): void => {
    everything().catch((error: unknown) => {
      // Not when it is no longer expected.
      calls = calls.filter((one) => one !== call);
      warn(error);
    });
    later(call);
  };

  const commands: Readonly<Record<string, (...args: never[]) => unknown>> = {
    open: (view?: HelpDeskView) => now((one) => one.show(view)),
    close: () => later((one) => one.hide()),
    toggle: () => now((one) => one.toggle()),
    navigate: (view: HelpDeskView) => later((one) => one.navigate(view)),
    identify: (identity: Identity) => later((one) => one.identify(identity)),
    prefill: (values: HelpDesk['prefill']) => later((one) => (one.prefill = values)),
    signOut: () => now((one) => one.signOut()),
    diagnose: () => everything().then(() => desk()?.diagnose?.()),
    on,
    off: (name: string, listener: () => void) => document.removeEventListener(name, listener),
    destroy() {
      stop.abort();
      seen.disconnect();
      near.disconnect();
      own?.remove();
      delete page.HelpDesk;
    },
  };

  const api: Api = (command, ...args) => {
    const run = commands[command];
    return run ? run(...(args as never[])) : warn(`no command "${command}"`);
  };
  api.tag = (tag) => {
    if (!tag?.dataset['url']) return;
    own ??= document.createElement('help-desk');
    assign(own, { ...given(tag), [mark]: '' }, set);
    set = given(tag);
    place();
  };

  const before = page.HelpDesk?.q ?? [];
  page.HelpDesk = api;
  seen.observe(document, { childList: true, subtree: true });
  look(document.documentElement);
  document.addEventListener('DOMContentLoaded', place, { signal });
  void customElements.whenDefined('help-desk').then(flush);
  api.tag(script);
  for (const [command, ...args] of [...before].map((call) => Array.from(call))) api(command as string, ...args);
}

// A second tag of this script, or the same one run again by a page that exchanges its body.
if (page.HelpDesk?.tag) page.HelpDesk.tag(script);
else start();
