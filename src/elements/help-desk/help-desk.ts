import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { loadBackend, type BackendOptions } from '../../backends/backend.js';
import { HelpDeskError, toHelpDeskError } from '../../errors.js';
import {
  HelpDeskReadyEvent,
  UnreadChangedEvent,
  type TicketCreatedEvent,
  type TicketSelectEvent,
} from '../../events.js';
import type { Identity } from '../../model.js';
import { CellController } from '../../store/controllers.js';
import { announceDesk, provideDesk, storeKey } from '../../store/desks.js';
import { createStore } from '../../store/store.js';
import type { Store } from '../../store/types.js';
import { HelpElement } from '../shared/help-element.js';
import type { Prefill, TicketForm } from '../ticket-form/ticket-form.js';
import type { TicketList } from '../ticket-list/ticket-list.js';
import type { TicketThread } from '../ticket-thread/ticket-thread.js';
import { styles } from './help-desk.styles.js';

/** What the widget can show. */
export type HelpDeskView = 'home' | 'list' | 'new' | `ticket:${string}`;

/**
 * The connection to a ticket system. With children it supplies them; with none it is the whole help desk: list, thread and form.
 *
 * @tag help-desk
 * @fires {HelpDeskReadyEvent} help-desk-ready - when connected to its back end
 * @fires {UnreadChangedEvent} unread-changed - when the number of tickets with news has changed
 * @fires {HelpDeskErrorEvent} help-desk-error - when the back end cannot be used
 * @slot - elements to supply; none for the whole widget
 * @slot header - shown in the bar at the top
 * @slot footer - shown under the widget
 * @csspart bar - the bar at the top
 * @csspart list-pane - where the list is
 * @csspart detail-pane - where the thread or the form is
 * @cssprop [--help-desk-block-size=min(44rem, 85vh)] - height of the widget
 * @cssprop [--help-desk-accent=#1d5bbf] - colour of what can be pressed and of focus
 * @cssprop [--help-desk-surface=#fff] - background
 * @cssprop [--help-desk-text=#1a1e26] - colour of text
 * @cssprop [--help-desk-radius=0.625rem] - radius of corners
 * @cssprop [--help-desk-font=inherit] - font family
 * @cssprop [--help-desk-color-scheme=light dark] - `light` or `dark` to keep to one
 */
export class HelpDesk extends HelpElement {
  static override styles = [HelpElement.styles, styles];
  static override properties: PropertyDeclarations = {
    store: { attribute: false },
    name: {},
    backend: {},
    url: {},
    options: { type: Object },
    email: {},
    userId: { attribute: 'user-id' },
    displayName: { attribute: 'display-name' },
    view: { reflect: true },
    scope: {},
    timeZone: { attribute: 'time-zone' },
    prefill: { attribute: false },
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
  /** E-mail address of the requester, where the back end is called directly. */
  declare email: string | undefined;
  /** The requester's id in the back end, where it is called directly. */
  declare userId: string | undefined;
  /** Name of the requester, where the back end is called directly. */
  declare displayName: string | undefined;
  /** What is shown: `home`, `list`, `new` or `ticket:<id>`. */
  declare view: HelpDeskView;
  /** Whose tickets are listed: `mine`, or `assigned` and `all` for agents. */
  declare scope: string;
  /** IANA time zone of the back end's times that come without one. */
  declare timeZone: string | undefined;
  /** Values for the form to begin with. */
  declare prefill: Prefill | undefined;

  /** Settled once the back end is connected, with the store. */
  readonly ready: Promise<Store>;

  readonly #unread = new CellController(this, () => this.store?.unread);
  #isReady: (store: Store) => void = () => undefined;
  #made: Store | undefined;
  #release: (() => void) | undefined;
  #attempt = 0;
  #failure: HelpDeskError | undefined;
  #count = 0;
  #list: TicketList | undefined;
  #thread: TicketThread | undefined;
  #form: TicketForm | undefined;
  #children: MutationObserver | undefined;

  constructor() {
    super();
    this.name = 'default';
    this.backend = 'relay';
    this.url = '';
    this.options = {};
    this.scope = 'mine';
    this.ready = new Promise((resolve) => (this.#isReady = resolve));
  }

  /** @internal Where elements inside find the store. */
  get [storeKey](): Store | undefined {
    return this.store;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#children = new MutationObserver(() => this.requestUpdate());
    this.#children.observe(this, { childList: true });
    if (this.hasUpdated) this.#provide();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#children?.disconnect();
    this.#release?.();
    this.#release = undefined;
  }

  /** Shows a view. */
  navigate(view: HelpDeskView): void {
    this.view = view;
  }

  /** Says who the requester is; another person's tickets and drafts are gone from the page at once. */
  identify(identity: Identity): void {
    this.email = identity.email;
    this.userId = identity.userId;
    this.displayName = identity.displayName;
  }

  /** Forgets who the requester is, with everything read and every draft. */
  signOut(): void {
    this.store?.signOut();
    this.email = this.userId = this.displayName = undefined;
  }

  /** Reads everything on the screen again. */
  async refresh(): Promise<void> {
    await this.store?.refresh();
  }

  get #identity(): Identity | undefined {
    const { email, userId, displayName } = this;
    return email || userId
      ? { ...(email && { email }), ...(userId && { userId }), ...(displayName && { displayName }) }
      : undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('store') && this.store !== this.#made) this.#provide();
    else if (['backend', 'url', 'options', 'timeZone'].some((name) => changed.has(name))) void this.#connect();
    else if (['email', 'userId', 'displayName'].some((name) => changed.has(name))) this.#made?.identify(this.#identity);
    if (changed.has('name') && this.hasUpdated) this.#provide();
    this.view ||= this.#identity || this.store?.identity.value ? 'list' : 'new';
    if (changed.has('view')) this.store?.select(this.#ticketId || undefined);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const count = this.#unread.value?.size ?? 0;
    if (count !== this.#count) {
      this.#count = count;
      this.dispatchEvent(new UnreadChangedEvent(count));
    }
    const before = changed.get('view') as HelpDeskView | undefined;
    if (changed.has('view') && before && !this.#supplies) this.#moveFocus(before);
  }

  get #ticketId(): string {
    return this.view.startsWith('ticket:') ? this.view.slice(7) : '';
  }

  /** True where the page put elements inside: they are shown instead of the widget. */
  get #supplies(): boolean {
    return [...this.children].some((child) => !child.slot);
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#failure = undefined;
    if (!this.url) {
      if (!this.store) console.warn('<help-desk> needs an address: url="…"', this);
      return;
    }
    try {
      const make = await loadBackend(this.backend);
      if (attempt !== this.#attempt) return;
      const options: BackendOptions = {
        ...this.options,
        url: this.url,
        ...(this.timeZone && { timeZone: this.timeZone }),
      };
      const identity = this.#identity;
      const store = createStore(make(options), { ...(identity && { identity }), scope: `${this.backend} ${this.url}` });
      this.#made?.dispose();
      this.#made = this.store = store;
      this.#provide();
    } catch (thrown) {
      this.#failure = toHelpDeskError(thrown);
      this.report(this.#failure);
      this.requestUpdate();
    }
  }

  /** Makes the store known to the page under this desk's name. */
  #provide(): void {
    this.#release?.();
    this.#release = undefined;
    if (!this.store || !this.isConnected) return;
    this.#release = provideDesk(this.name, this.store);
    announceDesk();
    this.store.select(this.view && this.#ticketId ? this.#ticketId : undefined);
    this.#isReady(this.store);
    this.dispatchEvent(new HelpDeskReadyEvent(this.name));
  }

  /** Where only one pane is seen, focus follows the view; back in the list it returns to the ticket left. */
  #moveFocus(before: HelpDeskView): void {
    const back = this.renderRoot.querySelector<HTMLElement>('.back');
    const narrow = !!back?.getClientRects().length || this.renderRoot.querySelector('.one-pane') !== null;
    if (this.view === 'list' || this.view === 'home') {
      const list = this.#list?.renderRoot;
      const row = list?.querySelector<HTMLElement>(`[data-id="${CSS.escape(before.slice(7))}"]`);
      (row ?? this.renderRoot.querySelector<HTMLElement>('.new'))?.focus({ preventScroll: true });
    } else if (narrow || this.view === 'new') {
      this.renderRoot.querySelector<HTMLElement>('[part=detail-pane]')?.focus({ preventScroll: true });
    }
  }

  #created({ ticket }: TicketCreatedEvent): void {
    if (!ticket.id) return;
    this.announce(this.text('Your ticket was sent. Its number is {number}.', { number: ticket.number }));
    this.view = `ticket:${ticket.id}`;
  }

  protected override render(): TemplateResult {
    if (this.#supplies) return html`${this.#failed()}<slot></slot>${this.liveRegion()}`;
    return html`${this.#failed()}${
      this.store
        ? this.#widget(this.store)
        : this.#failure
          ? nothing
          : this.url
            ? this.skeleton(8)
            : html`<p class="empty">${this.text('This help desk has no address.')}</p>`
    }${this.liveRegion()}`;
  }

  #failed(): TemplateResult | typeof nothing {
    return this.#failure ? this.alert(this.#failure, () => void this.#connect()) : nothing;
  }

  #widget(store: Store): TemplateResult {
    const detail = this.view === 'new' || !!this.#ticketId;
    const list = (this.#list ??= this.make('ticket-list'));
    list.store = store;
    list.scope = this.scope;
    list.current = this.#ticketId || undefined;
    return html`<div class="frame ${detail ? 'detail' : 'overview'}">
      <div part="bar" class="row">
        ${detail ? html`<button type="button" class="plain back" @click=${() => this.navigate('list')}>${this.text('Back')}</button>` : nothing}
        <div class="grow">
          <slot name="header"><h2>${this.text(this.view === 'new' ? 'New ticket' : 'Your tickets')}</h2></slot>
        </div>
        ${
          this.view === 'new'
            ? nothing
            : html`<button type="button" class="primary new" @click=${() => this.navigate('new')}>
                ${this.text('New ticket')}
              </button>`
        }
      </div>
      <div
        class="panes"
        @ticket-select=${(event: TicketSelectEvent) => this.#selected(event)}
        @ticket-created=${(event: TicketCreatedEvent) => this.#created(event)}
      >
        <section part="list-pane" aria-label=${this.text('Your tickets')}>${list}</section>
        <section
          part="detail-pane"
          tabindex="-1"
          aria-label=${this.view === 'new' ? this.text('New ticket') : this.text('Ticket')}
        >
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
      if (!event.defaultPrevented) this.navigate(`ticket:${event.ticket.id}`);
    });
  }

  #detail(store: Store): unknown {
    if (this.view === 'new') {
      const form = (this.#form ??= this.make('ticket-form'));
      form.store = store;
      form.prefill = this.prefill;
      return form;
    }
    if (!this.#ticketId) return html`<p class="empty">${this.text('Choose a ticket to read it here.')}</p>`;
    const thread = (this.#thread ??= this.make('ticket-thread'));
    thread.className = 'fill';
    thread.store = store;
    thread.ticket = this.#ticketId;
    return thread;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'help-desk': HelpDesk;
  }
}
