import { html, nothing, render, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { loadBackend, type BackendOptions } from '../../backends/backend.js';
import type { Finding } from '../../backends/diagnose.js';
import { toHelpDeskError, type HelpDeskError } from '../../errors.js';
import { HelpDeskReadyEvent, UnreadChangedEvent } from '../../events/desk.js';
import type { TicketCreatedEvent } from '../../events/ticket-form.js';
import type { TicketSelectEvent } from '../../events/ticket-list.js';
import type { Identity } from '../../model.js';
import { same } from '../../store/cache.js';
import { Follower } from '../../store/controllers.js';
import { announceDesk, provideDesk, storeKey } from '../../store/desks.js';
import { forget, personOf } from '../../store/drafts.js';
import { createStore } from '../../store/store.js';
import type { Store } from '../../store/types.js';
import { HelpElement } from '../shared/help-element.js';
import type { Prefill } from '../ticket-form/ticket-form.js';
import { styles } from './help-desk.styles.js';
import { Panel } from './late-panel.js';
import { files, loadAhead, whenIdle, type Made, type Part } from './parts.js';
import { Place } from './place.js';

/** Properties that say who the requester is. */
const requester = ['email', 'userId', 'displayName'] as const;

/** Gives a token of whoever is signed in; nothing, or a rejection, where nobody is. */
export type GetToken = () => string | undefined | Promise<string | undefined>;

/** Who the requester is: by name where the back end is called directly, by token behind the relay. */
export interface Requester extends Identity {
  readonly token?: string;
  readonly getToken?: GetToken;
}

/** What the widget can show. */
export type HelpDeskView = 'home' | 'list' | 'new' | `ticket:${string}`;

/**
 * The connection to a ticket system. With children it supplies them; with none it is the whole help desk: list, thread and form.
 *
 * @tag help-desk
 * @fires {HelpDeskReadyEvent} help-desk-ready - when connected to its back end
 * @fires {HelpDeskOpenEvent} help-desk-open - when the panel has opened
 * @fires {HelpDeskCloseEvent} help-desk-close - when the panel has closed
 * @fires {UnreadChangedEvent} unread-changed - when the number of tickets with news has changed
 * @fires {IdentityRequiredEvent} identity-required - when the back end wants to know who asks
 * @fires {HelpDeskErrorEvent} help-desk-error - when the back end cannot be used
 * @slot - elements to supply; none for the whole widget
 * @slot header - shown in the bar at the top
 * @slot launcher - shown in the floating button: words, or an image with a name
 * @slot empty - shown while the person has no tickets
 * @slot success - shown under the words that say the ticket was sent, where it cannot be read; else it is shown itself
 * @slot footer - shown under the widget
 * @csspart bar - the bar at the top
 * @csspart list-pane - where the list is
 * @csspart detail-pane - where the thread or the form is
 * @csspart launcher - the floating button
 * @csspart unread - the number in the floating button
 * @csspart panel - what the floating button opens
 * @csspart close - the button that closes the panel
 * @csspart filters - in the list: the row of search field and filters
 * @csspart list - in the list: the list itself
 * @csspart item - in the list: one ticket
 * @csspart subject - in the list and above the thread: the subject
 * @csspart status - in the list and above the thread: the badge with the state
 * @csspart header - above the thread: subject, number and state
 * @csspart entries - in the thread: the list of entries
 * @csspart entry - in the thread: one entry
 * @csspart body - in the thread: the words of an entry
 * @csspart attachment - in the thread: a file of an entry
 * @csspart composer - in the thread: the form to answer
 * @csspart rating - in the thread: the question after closing
 * @csspart details - in the thread: priority, tags, assignee
 * @csspart form - the form for a new ticket
 * @csspart field - in the form: one field with its label
 * @csspart attachments - in the form: files to send
 * @csspart send - in the form: the button that sends
 * @csspart success - in place of the form once a ticket is sent that cannot be read
 * @csspart input - in the form: the field of the topic picker
 * @csspart clear - in the form: the button that empties it
 * @csspart alert - the message after a failure, in any of them
 * @cssprop [--help-desk-block-size=min(44em, 85vh)] - height of the widget
 * @cssprop [--help-desk-panel-inline-size=26em] - width of the panel
 * @cssprop [--help-desk-launcher-offset=1rem] - distance of the floating button from the edges
 * @cssprop [--help-desk-z-index=999] - layer of the floating button
 * @cssprop [--help-desk-accent=#1d5bbf] - colour of what can be pressed and of focus
 * @cssprop [--help-desk-on-accent=#fff] - colour of words on it
 * @cssprop [--help-desk-tint=#edf3fd] - behind what is chosen and behind the badge of an open ticket
 * @cssprop [--help-desk-surface=#fff] - background
 * @cssprop [--help-desk-raised=#f4f5f8] - behind notices and under the pointer
 * @cssprop [--help-desk-text=#1a1e26] - colour of text
 * @cssprop [--help-desk-muted=#566070] - colour of text that matters less
 * @cssprop [--help-desk-line=#e0e3e9] - colour of lines between things
 * @cssprop [--help-desk-control=#7d8695] - colour of the borders of fields and buttons
 * @cssprop [--help-desk-danger=#a8201a] - colour of errors
 * @cssprop [--help-desk-danger-tint=#fdeeed] - behind errors
 * @cssprop [--help-desk-success=#17633a] - colour of the badge of a solved ticket
 * @cssprop [--help-desk-success-tint=#e5f4eb] - behind it
 * @cssprop [--help-desk-waiting=#754700] - colour of the badge of a ticket that waits
 * @cssprop [--help-desk-waiting-tint=#fdf2de] - behind it
 * @cssprop [--help-desk-radius=0.625em] - radius of corners
 * @cssprop [--help-desk-space=1em] - distance to the edges
 * @cssprop [--help-desk-font=inherit] - font family
 * @cssprop [--help-desk-font-size=inherit] - size of words
 * @cssprop [--help-desk-color-scheme=light dark] - `light` or `dark` to keep to one
 */
export class HelpDesk extends HelpElement {
  static override styles = [HelpElement.styles, styles, Panel.styles];
  static override properties: PropertyDeclarations = {
    store: { attribute: false },
    name: {},
    backend: {},
    url: {},
    // Frameworks make an equal object each time they draw: no reason to connect anew.
    options: { type: Object, hasChanged: (next: unknown, before: unknown) => !same(before, next) },
    email: {},
    userId: { attribute: 'user-id' },
    displayName: { attribute: 'display-name' },
    tokenUrl: { attribute: 'token-url' },
    getToken: { attribute: false },
    view: { reflect: true },
    scope: {},
    timeZone: { attribute: 'time-zone' },
    prefill: { attribute: false },
    launcher: { type: Boolean, reflect: true },
    label: {},
    placement: { reflect: true, useDefault: true },
    trigger: {},
    remember: { type: Boolean },
    open: { type: Boolean, reflect: true },
  };

  /** The data of this desk. Set it to use one made elsewhere. */
  declare store: Store | undefined;
  /** Name by which elements elsewhere in the page find this desk. */
  declare name: string;
  /** Name of the back end. */
  declare backend: string;
  /** Base address of the back end. */
  declare url: string;
  /** The back end's own options. */
  declare options: Readonly<Record<string, unknown>>;
  /** E-mail address of the requester, where the back end is called directly; with the relay what a guest's form begins with. */
  declare email: string | undefined;
  /** The requester's id in the back end, where it is called directly. */
  declare userId: string | undefined;
  /** Name of the requester, as `email`. */
  declare displayName: string | undefined;
  /** Same-site address that answers `{"token": "…"}`, for the relay; with `"relay"` where that is on another site. */
  declare tokenUrl: string | undefined;
  /** Gives a token for the relay; called again when it has aged or was refused. Goes before `tokenUrl`. */
  declare getToken: GetToken | undefined;
  /** What is shown: `home`, `list`, `new` or `ticket:<id>`. */
  declare view: HelpDeskView;
  /** Whose tickets the widget lists: `mine`, or `assigned` and `all` for agents. An element inside has its own. */
  declare scope: string;
  /** IANA time zone of the back end's times that come without one. */
  declare timeZone: string | undefined;
  /** Values for the widget's form to begin with. An element inside has its own. */
  declare prefill: Prefill | undefined;
  /** True for a floating button that opens the widget in a panel. */
  declare launcher: boolean;
  /** Name of the floating button and the panel; `Help` when absent. */
  declare label: string | undefined;
  /** Corner of the floating button: `bottom-end`, `bottom-start`, `top-end` or `top-start`. */
  declare placement: string;
  /** Selector of the page's own button that opens the panel, in place of the floating one. */
  declare trigger: string | undefined;
  /** True to open the panel again, in the same tab, on the next page or after a reload. */
  declare remember: boolean;
  /** True while the panel is open. */
  declare open: boolean;

  /** Settled once the back end is connected, with the store. */
  readonly ready: Promise<Store>;

  readonly #panel = new Panel(this);
  readonly #place = new Place(this);
  #isReady: (store: Store) => void = () => undefined;
  #made: Store | undefined;
  /** Settled once it is known what can be done with the store of its own making; undefined where that is known at once. */
  #asked: Promise<unknown> | undefined;
  #release: (() => void) | undefined;
  #attempt = 0;
  #failure: HelpDeskError | undefined;
  #count = 0;
  /** The store the page was told of. */
  #told: Store | undefined;
  /** What the last rendering was of. */
  #shown: { store: Store; person: string; chosen: string | undefined } | undefined;
  /** True where focus is to go where the view goes. */
  #follow = false;
  /** What had focus before the last rendering. */
  #focused: Element | null | undefined;
  /** The elements inside, each made once. */
  readonly #parts: Made = {};
  /** What was last planned to be loaded ahead. */
  #planned: Part | undefined;
  /** True once there is time for the list also where something else is shown. */
  #listToo = false;
  readonly #children = new MutationObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.name = 'default';
    this.backend = 'relay';
    this.url = '';
    this.options = {};
    this.scope = 'mine';
    this.launcher = this.remember = this.open = false;
    this.placement = 'bottom-end';
    this.ready = new Promise((resolve) => (this.#isReady = resolve));
    new Follower(this, () => this.store?.unread);
    new Follower(this, () => this.store?.identity);
    new Follower(this, () => this.store?.selected);
  }

  /** @internal Where elements inside find the store. */
  get [storeKey](): Store | undefined {
    return this.store;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#children.observe(this, { childList: true });
    if (!this.hasUpdated) return;
    if (this.store || !this.url) this.#provide();
    else void this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#children.disconnect();
    this.#release?.();
    this.#release = undefined;
    // Moved within the page, it comes back at once; else nothing of it may stay behind.
    setTimeout(() => {
      if (this.isConnected) return;
      this.#attempt++;
      this.#made?.dispose();
      if (this.store === this.#made) this.store = undefined;
      this.#made = undefined;
    });
  }

  /** Opens the panel, with a view if one is given; without a launcher the widget is scrolled to. */
  show(view?: HelpDeskView): void {
    if (view) this.view = view;
    if (this.launcher) this.#panel.show();
    else this.scrollIntoView({ block: 'nearest' });
  }

  /** Closes the panel. */
  hide(): void {
    this.open = false;
  }

  /** Opens the panel, or closes it. */
  toggle(): void {
    if (this.open) this.hide();
    else this.show();
  }

  /** Shows a view. */
  navigate(view: HelpDeskView): void {
    this.view = view;
  }

  /**
   * Says who the requester is; another person's tickets and drafts are gone from the page at once. Where a token says who
   * asks, it is asked for anew.
   */
  identify({ token, getToken = token ? () => token : undefined, ...identity }: Requester): void {
    this.email = identity.email;
    this.userId = identity.userId;
    this.displayName = identity.displayName;
    if (getToken) this.getToken = getToken;
    if (
      !this.#name() &&
      (this.getToken || this.tokenUrl) &&
      personOf(this.#identity) !== personOf(this.#made?.identity.value)
    ) {
      this.#drop();
      // It is asked for anew, also where it comes from the same place.
      this.requestUpdate('getToken', null);
    }
  }

  /** Tells the store who asks; false where a token alone says it. */
  #name(): boolean {
    const { store } = this;
    if (!store || (store === this.#made && store.backend.person)) return false;
    store.identify(this.#identity);
    return true;
  }

  /** Forgets who the requester is, with everything read and every draft. */
  signOut(): void {
    if (this.options?.['accessToken']) {
      // Before anything is read again.
      this.#use();
      this.options = { ...this.options, accessToken: undefined };
    }
    if (this.store) this.store.signOut();
    // Not connected: what was left here goes all the same.
    else forget(`${this.backend} ${this.url}`);
    this.getToken = this.tokenUrl = undefined;
    this.identify({});
  }

  /** Reads everything on the screen again. */
  async refresh(): Promise<void> {
    await this.store?.refresh();
  }

  /** Looks for what is wrong with the connection by a few reads; tells it in words, without keys or tokens. */
  async diagnose(): Promise<readonly Finding[]> {
    const { diagnoseDesk } = await import('../../backends/diagnose.js');
    return diagnoseDesk({
      element: this,
      options: this.#backendOptions,
      identity: this.#identity,
      own: this.#made,
      load: loadBackend,
    });
  }

  get #identity(): Identity | undefined {
    return this.email || this.userId ? this.#given(...requester) : undefined;
  }

  get #backendOptions(): BackendOptions {
    return { ...this.options, url: this.url, ...this.#given('timeZone', this.getToken ? 'getToken' : 'tokenUrl') };
  }

  /** Those of the properties that the page has given. */
  #given<K extends keyof HelpDesk>(...names: readonly K[]): { [N in K]?: NonNullable<HelpDesk[N]> } {
    return Object.fromEntries(names.map((name) => [name, this[name]]).filter(([, value]) => value)) as object;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // Frameworks that have nothing to give give an empty text.
    this.backend ||= 'relay';
    this.name ||= 'default';
    const has = (...names: string[]): boolean => names.some((name) => changed.has(name));
    if (has('store') && this.store !== this.#made) {
      // What is still asked for another one counts no more.
      this.#attempt++;
      this.#asked = undefined;
      if (this.#identity) this.#name();
      this.#provide();
    } else if (has('backend', 'url', 'options', 'timeZone', 'tokenUrl', 'getToken')) {
      // A page may make a new `getToken` for the same person as often as it likes.
      if (has('tokenUrl')) this.#drop();
      void this.#connect();
    } else if (has(...requester)) this.#name();
    if (has('name') && this.hasUpdated) this.#provide();
    this.#settleView(changed);
    this.#focused = this.shadowRoot?.activeElement;
    // What was hidden was not seen.
    const { 'ticket-thread': thread, 'ticket-form': form } = this.#parts;
    if (changed.get('open') === false) thread?.requestUpdate();
    if (changed.get('view') === 'new') form?.reset();
    this.#follow ||= has('view') && this.matches(':focus, :focus-within');
  }

  /** Another desk or person leaves the ticket that was shown; a ticket chosen elsewhere in the page is followed. */
  #settleView(changed: PropertyValues): void {
    if (!this.hasUpdated) this.#place.begin();
    const { store } = this;
    const who = store?.identity.value;
    this.view ||= this.#identity || who || this.getToken || this.tokenUrl ? 'list' : 'new';
    if (!store) return;
    const before = this.#shown;
    const person = personOf(who);
    const another = before && (before.store !== store || before.person !== person);
    const chosen = store.selected.value;
    if (another && !changed.get('view') && (this.#ticketId || !who)) this.view = who ? 'list' : 'new';
    else if (!changed.has('view') && chosen && chosen !== before?.chosen) this.view = `ticket:${chosen}`;
    if (this.#ticketId || changed.get('view')) store.select(this.#ticketId || undefined);
    this.#shown = { store, person, chosen: store.selected.value };
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const count = this.store?.unread.value.size ?? 0;
    if (count !== this.#count) {
      this.#count = count;
      this.dispatchEvent(new UnreadChangedEvent(count));
    }
    // Focus must not go with what goes.
    if (this.#focused?.isConnected === false)
      ['.alert button', '.detail [tabindex]', '.new', '[tabindex]']
        .map((selector) => this.#find(selector))
        .find(Boolean)
        ?.focus({ preventScroll: true });
    const before = changed.get('view') as HelpDeskView | undefined;
    if (before && this.#follow && !this.#supplies) this.#moveFocus(before);
    this.#follow = false;
    this.#loadAhead();
  }

  /** Also of what is on its way to be drawn. */
  protected override async getUpdateComplete(): Promise<boolean> {
    await super.getUpdateComplete();
    await this.#panel.coming;
    return super.getUpdateComplete();
  }

  get #ticketId(): string {
    return this.view.startsWith('ticket:') ? this.view.slice(7) : '';
  }

  /** True where the page put elements inside: they are shown instead of the widget. */
  get #supplies(): boolean {
    return [...this.children].some((child) => !child.matches('[slot], script, style, template, noscript'));
  }

  /** True where tickets can be read: a back end that must be told who asks is told. */
  get #known(): boolean {
    return !this.store?.backend.limits.identityRequired || !!this.store.identity.value;
  }

  /** What is shown: who cannot read can still write. */
  get #view(): HelpDeskView {
    return this.#known ? this.view : 'new';
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    let store: Store | undefined;
    let asked: Promise<unknown> | undefined;
    this.#failure = undefined;
    this.requestUpdate();
    if (!this.url) {
      if (this.store !== this.#made) return;
      console.warn('<help-desk> needs an address: url="…"', this);
    } else {
      try {
        const make = await loadBackend(this.backend);
        if (attempt !== this.#attempt) return;
        const backend = make(this.#backendOptions);
        asked = backend.ready?.();
        asked?.catch((thrown: unknown) => this.#fail(attempt, thrown));
        // Who asks is enough to begin with: the list is read, and a form written in, while it is asked what can be done.
        const known = (await (backend.person ? backend.person() : asked)) as Identity | undefined;
        if (attempt !== this.#attempt) return;
        const identity = backend.person ? known : (this.#identity ?? known);
        // What somebody has written before they said who they are is theirs.
        const guest = this.#made && !this.#made.identity.value;
        const made = (store = createStore(backend, { ...(identity && !guest && { identity }), scope: this.url }));
        // When every form has come over with its words.
        if (guest && identity) setTimeout(() => attempt === this.#attempt && made.identify(identity));
        // A token may have been refused meanwhile, and the next one be another person's.
        asked = asked?.then(
          (now) => made.identity.value === known && made.identify(now as Identity | undefined),
          () => undefined,
        );
      } catch (thrown) {
        return this.#fail(attempt, thrown);
      }
    }
    this.#use(store, asked);
  }

  /** Until the token of another person is there, nothing of the last one may be seen, or sent in their name. */
  #drop(): void {
    if (this.#made?.identity.value) this.#use();
  }

  /** Says why there is nothing to show, once for each attempt. */
  #fail(attempt: number, thrown: unknown): void {
    if (attempt !== this.#attempt) return;
    this.#attempt++;
    const error = (this.#failure = toHelpDeskError(thrown));
    // That nobody is signed in is nothing the site's owner has to mend.
    if (error.code !== 'unauthorized') console.warn(`<help-desk> cannot use the back end "${this.backend}"`, thrown);
    this.#use();
    this.requestUpdate();
    this.report(error);
  }

  /** Takes a store of its own making. Also without a new one: what was there belongs to another address. */
  #use(store?: Store, asked?: Promise<unknown>): void {
    this.#made?.dispose();
    this.#made = this.store = store;
    this.#asked = asked;
    this.#provide();
  }

  /** Makes the store known to the page under this desk's name; tells of it once what was asked is answered. */
  #provide(): void {
    this.#release?.();
    this.#release = undefined;
    const { store } = this;
    if (!store || !this.isConnected) return;
    this.#release = provideDesk(this.name, store);
    const tell = (): void => {
      if (store !== this.store || store === this.#told || !this.isConnected) return;
      this.#told = store;
      this.requestUpdate();
      announceDesk();
      this.#isReady(store);
      this.dispatchEvent(new HelpDeskReadyEvent(this.name));
    };
    if (this.#asked) void this.#asked.then(tell);
    else tell();
  }

  /** A person comes near what will show something else: that is loaded. */
  readonly #near = ({ currentTarget }: Event): void =>
    loadAhead((currentTarget as Element).matches('button') ? 'ticket-form' : 'ticket-thread');

  /**
   * Goes on loading when what is seen stands and the page has nothing else to do: the list behind a ticket or the form,
   * and the thread once a person has done something in the page. Nobody's visit pays for it who does not come that far.
   */
  #loadAhead(): void {
    const { 'ticket-list': list, 'ticket-thread': thread, 'ticket-form': form } = this.#parts;
    const next = list ? 'ticket-thread' : 'ticket-list';
    if (next === this.#planned || !this.#known) return;
    if (list ? thread || !navigator.userActivation?.hasBeenActive : !form && !thread) return;
    this.#planned = next;
    whenIdle(() => {
      if (list) loadAhead(next);
      this.#listToo = true;
      this.requestUpdate();
    });
  }

  /** Shows a view, and takes focus along. */
  #go(view: HelpDeskView): void {
    this.#follow = true;
    this.view = view;
  }

  #find(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector(selector);
  }

  /** Where only one pane is seen, focus follows the view; back in the list it returns to the ticket left. */
  #moveFocus(before: HelpDeskView): void {
    const narrow = this.#find('.back')?.getClientRects().length;
    let next: HTMLElement | null | undefined;
    if (!this.#ticketId && this.#view !== 'new')
      next =
        this.#parts['ticket-list']?.renderRoot.querySelector<HTMLElement>(
          `[data-id="${CSS.escape(before.slice(7))}"]`,
        ) ?? this.#find('.new');
    else if (narrow || this.#view === 'new' || !this.matches(':focus, :focus-within'))
      next = this.#find('[part=detail-pane]');
    next?.focus({ preventScroll: true });
  }

  #created({ ticket }: TicketCreatedEvent): void {
    if (!ticket.id || !this.#known) return;
    this.announce(this.text('Your ticket was sent. Its number is {number}.', { number: ticket.number }));
    this.view = `ticket:${ticket.id}`;
    // Who has gone elsewhere in the page meanwhile stays there.
    this.#follow = this.matches(':focus, :focus-within') || document.activeElement === document.body;
  }

  protected override render(): TemplateResult {
    return this.launcher ? this.#panel.render(() => this.#content()) : this.#content();
  }

  #content(): TemplateResult {
    const { store } = this;
    const failed = this.#failure && this.alert(this.#failure, () => void this.#connect());
    const hint =
      store || failed || this.url ? nothing : html`<p class="empty">${this.text('This help desk has no address.')}</p>`;
    return html`${failed}${hint}${
      this.#supplies
        ? html`<slot></slot>`
        : store
          ? this.#widget(store)
          : this.url && !failed
            ? html`<div class="frame" tabindex="-1">${this.skeleton(8)}</div>`
            : nothing
    }${this.liveRegion()}`;
  }

  /** Hands on what the page put in a slot. Without any, an element inside shows its own words. */
  #pass(name: string, inner: HTMLElement): void {
    const has = this.querySelector(`:scope > [slot=${name}]`);
    render(has ? html`<slot name=${name} slot=${name}></slot>` : nothing, inner);
  }

  #widget(store: Store): TemplateResult {
    const isNew = this.#view === 'new';
    const detail = isNew || !!this.#ticketId;
    const known = this.#known;
    return html`<div class="frame ${detail ? 'detail' : 'overview'}">
      <div part="bar" class="row">
        ${detail && known ? html`<button type="button" class="plain back" @click=${() => this.#go('list')}>${this.text('Back')}</button>` : nothing}
        <div class="grow">
          <slot name="header"><h2>${this.text(isNew ? 'New ticket' : 'Your tickets')}</h2></slot>
        </div>
        ${
          isNew
            ? nothing
            : html`<button
                type="button"
                class="primary new"
                @click=${() => this.#go('new')}
                @pointerenter=${this.#near}
                @focus=${this.#near}
              >
                ${this.text('New ticket')}
              </button>`
        }
      </div>
      <div
        class="panes"
        @ticket-select=${(event: TicketSelectEvent) => this.#selected(event)}
        @ticket-created=${(event: TicketCreatedEvent) => this.#created(event)}
      >
        ${
          known
            ? html`<section
                part="list-pane"
                aria-label=${this.text('Your tickets')}
                @pointerover=${this.#near}
                @focusin=${this.#near}
              >
                ${
                  !detail || this.#listToo || this.#parts['ticket-list']
                    ? this.#part('ticket-list', 'empty', {
                        store,
                        scope: this.scope,
                        current: this.#ticketId || undefined,
                      })
                    : this.skeleton(8)
                }
              </section>`
            : nothing
        }
        <section part="detail-pane" tabindex="-1" aria-label=${this.text(isNew ? 'New ticket' : 'Ticket')}>
          ${this.#detail(store)}
        </section>
      </div>
      <slot name="footer"></slot>
    </div>`;
  }

  #selected(event: TicketSelectEvent): void {
    if (event.defaultPrevented) return;
    // The page may still cancel further up; what it says counts.
    queueMicrotask(() => {
      if (!event.defaultPrevented) this.#go(`ticket:${event.ticket.id}`);
    });
  }

  #detail(store: Store): unknown {
    if (this.#view === 'new') {
      const who = this.#known ? undefined : this;
      return this.#part('ticket-form', 'success', {
        store,
        prefill: this.prefill,
        email: who?.email,
        displayName: who?.displayName,
      });
    }
    if (!this.#ticketId) return html`<p class="empty">${this.text('Choose a ticket to read it here.')}</p>`;
    return this.#part('ticket-thread', '', { className: 'fill', store, ticket: this.#ticketId });
  }

  /** An element with these settings; what stands in for it while it is loaded, or why it is not there. */
  #part<K extends Part>(tag: K, slot: string, settings: Partial<HTMLElementTagNameMap[K]>): unknown {
    const parts: Made = this.#parts;
    const part = parts[tag] ?? this.make(tag);
    const late = this.late(part, files[tag], this.skeleton(8));
    if (late) return late;
    parts[tag] = part;
    if (slot) this.#pass(slot, part);
    return Object.assign(part, settings);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'help-desk': HelpDesk;
  }
}
