import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { HelpDeskView } from './help-desk.js';

/** What is used of the desk. */
interface Host extends ReactiveControllerHost, HTMLElement {
  readonly launcher: boolean;
  readonly remember: boolean;
  readonly name: string;
  readonly hasUpdated: boolean;
  open: boolean;
  view: HelpDeskView;
  show(view?: HelpDeskView): void;
}

/** A link may come from anybody: it names a view and nothing else. No id of a ticket begins with a dot or a slash. */
const views = /^(home|list|new|ticket:[\p{L}\p{N}][^\p{C}]{0,99})$/u;
const viewOf = (text: unknown): HelpDeskView | undefined =>
  typeof text === 'string' && views.test(text) ? (text as HelpDeskView) : undefined;

/** The view in the page's address: `#help-desk=list`, `#help-desk=new` or `#help-desk=ticket:123`. */
function linkedView(): HelpDeskView | undefined {
  try {
    return viewOf(decodeURIComponent(/^#help-desk=(.+)/.exec(location.hash)?.[1] ?? ''));
  } catch {
    return undefined;
  }
}

/** Under this the tab keeps name and view of the desk that is open. The script tag looks whether it is there. */
const key = 'help-desk';

/** The view that a link in the page or to it asks for; and, where the page wants that, what was open when it was left. */
export class Place implements ReactiveController {
  readonly #host: Host;
  /** The view that came from the address, as long as it is shown. */
  #linked: HelpDeskView | undefined;
  #kept = '';

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('hashchange', this.#follow);
    if (this.#host.hasUpdated) return;
    this.#follow();
    if (!this.#linked) this.#resume();
  }

  hostDisconnected(): void {
    removeEventListener('hashchange', this.#follow);
  }

  hostUpdated(): void {
    const { launcher, open, view, name, remember } = this.#host;
    if (this.#linked && (view !== this.#linked || (launcher && !open))) this.#unlink();
    const keep = remember && launcher && open ? JSON.stringify([name, view]) : '';
    if (keep === this.#kept) return;
    this.#kept = keep;
    try {
      if (keep) sessionStorage.setItem(key, keep);
      else sessionStorage.removeItem(key);
    } catch {
      // A page without storage forgets.
    }
  }

  readonly #follow = (): void => {
    const host = this.#host;
    const view = linkedView();
    // Of two in a page the one that can come to the front.
    if (!view || (!host.launcher && document.querySelector(`${host.localName}[launcher]`))) return;
    this.#linked = view;
    if (host.launcher || host.hasUpdated) host.show(view);
    else {
      host.view = view;
      void host.updateComplete.then(() => host.show());
    }
  };

  #resume(): void {
    const host = this.#host;
    if (!host.remember) return;
    try {
      const [name, kept] = JSON.parse(sessionStorage.getItem(key) ?? '[]') as unknown[];
      const view = name === host.name && viewOf(kept);
      if (!view) return;
      host.view = view;
      host.open = true;
    } catch {
      // Nothing that could be read.
    }
  }

  /** The address stops naming what is shown no longer: so the same link works again, and a reload shows what was seen. */
  #unlink(): void {
    if (linkedView() === this.#linked) {
      try {
        history.replaceState(history.state, '', location.pathname + location.search);
      } catch {
        // Not everywhere may a page change its address.
      }
    }
    this.#linked = undefined;
  }
}
