import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { HelpDeskView } from './help-desk.js';

/** What is used of the desk. */
interface Host extends ReactiveControllerHost, HTMLElement {
  readonly launcher: boolean;
  readonly remember: boolean;
  readonly name: string;
  open: boolean;
  view: HelpDeskView;
  show(view?: HelpDeskView): void;
}

/** A link may come from anybody: it names a view and nothing else. No id of a ticket begins with a dot or a slash. */
const views = /^(home|list|new|ticket:[\p{L}\p{N}][^\p{C}]{0,99})$/u;
const viewOf = (text: unknown): HelpDeskView | undefined =>
  typeof text === 'string' && views.test(text) ? (text as HelpDeskView) : undefined;

/** What this answers; nothing where the page may not do it, or the text is none of ours. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** The view in the page's address: `#help-desk=list`, `#help-desk=new` or `#help-desk=ticket:123`. */
const linkedView = (): HelpDeskView | undefined =>
  attempt(() => viewOf(decodeURIComponent(/^#help-desk=(.+)/.exec(location.hash)?.[1] ?? '')));

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
  }

  /** What the desk begins with. Not before its first drawing: frameworks set properties once it is in the page. */
  begin(): void {
    const host = this.#host;
    this.#follow();
    if (this.#linked || !host.remember) return;
    attempt(() => {
      const [name, kept] = JSON.parse(sessionStorage[key] as string) as unknown[];
      const view = name === host.name && viewOf(kept);
      if (!view) return;
      host.view = view;
      host.open = true;
    });
  }

  hostDisconnected(): void {
    removeEventListener('hashchange', this.#follow);
  }

  hostUpdated(): void {
    const { launcher, open, view, name, remember } = this.#host;
    const linked = this.#linked;
    if (linked && (view !== linked || (launcher && !open))) {
      this.#linked = undefined;
      // The address stops naming what is shown no longer: so the same link works again, and a reload shows what was seen.
      if (linkedView() === linked)
        attempt(() => history.replaceState(history.state, '', location.pathname + location.search));
    }
    const keep = remember && launcher && open ? JSON.stringify([name, view]) : '';
    if (keep === this.#kept) return;
    this.#kept = keep;
    attempt(() => (keep ? sessionStorage.setItem(key, keep) : sessionStorage.removeItem(key)));
  }

  readonly #follow = (): void => {
    const host = this.#host;
    const view = linkedView();
    // Of two in a page the one that can come to the front.
    if (!view || (!host.launcher && document.querySelector(`${host.localName}[launcher]`))) return;
    this.#linked = host.view = view;
    if (host.launcher) host.show();
    else void host.updateComplete.then(() => host.show());
  };
}
