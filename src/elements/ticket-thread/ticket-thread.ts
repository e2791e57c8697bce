import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { repeat } from 'lit/directives/repeat.js';
import { toHelpDeskError, type HelpDeskError } from '../../errors.js';
import type { Body, Thread, ThreadEntry, Ticket } from '../../model.js';
import { Follower } from '../../store/controllers.js';
import { personOf } from '../../store/drafts.js';
import { bringTickets } from '../../store/late.js';
import { ticketsCode } from '../../store/tickets.js';
import type { Outgoing, Resource, Store } from '../../store/types.js';
import { Approach } from '../shared/approach.js';
import { DeskElement } from '../shared/desk-element.js';
import { entryBody } from '../shared/entry-body.js';
import { cleanName } from '../shared/file-name.js';
import { fileSize } from '../shared/file-size.js';
import { Later } from '../shared/later.js';
import type * as sanitising from '../shared/sanitise.js';
import { Steady } from '../shared/steady.js';
import { dueLine, isOver, statusBadge } from '../shared/status.js';
import { statusStyles } from '../shared/status.styles.js';
import { dayName, fullTime, soon, timeAgo } from '../shared/times.js';
import type { Answering, Drawn, Lent } from './answering.js';
import { styles } from './ticket-thread.styles.js';

/** What a thread of this page has loaded: the next one is drawn with it at once. */
let sanitiser: typeof sanitising | undefined;
let KnownAnswering: typeof Answering | undefined;

/** Entries drawn at first and added on approach. */
const screenful = 20;

/**
 * One ticket: what was said, a composer to answer, close and reopen.
 *
 * @tag ticket-thread
 * @fires {ReplySendEvent} reply-send - before sending; the draft may be changed; cancelable: then nothing is sent
 * @fires {ReplySentEvent} reply-sent - when the back end has stored the reply
 * @fires {StatusChangeEvent} status-change - before closing or reopening; cancelable: then nothing changes
 * @fires {StatusChangedEvent} status-changed - when the back end has changed the status
 * @fires {TicketRatedEvent} ticket-rated - when the back end has stored a rating
 * @fires {HelpDeskErrorEvent} help-desk-error - when something failed
 * @fires {IdentityRequiredEvent} identity-required - when something failed for want of a sign-in
 * @slot empty - shown while no ticket is chosen
 * @csspart header - subject, number and state
 * @csspart subject - the subject
 * @csspart status - the badge with the state
 * @csspart entries - the list of entries
 * @csspart entry - one entry: an article
 * @csspart body - the words of an entry
 * @csspart attachment - a file of an entry: a button
 * @csspart composer - the form to answer
 * @csspart rating - the question after closing: a group of radio buttons
 * @csspart details - what can be changed of the ticket: priority, tags, assignee
 * @csspart alert - the message after a failure
 * @csspart skeleton - what stands in for the first answer
 * @cssprop [--help-desk-block-size=min(44em, 85vh)] - the most height it takes: entries scroll inside it
 */
export class TicketThread extends DeskElement {
  /** @internal */
  static override parts = 'header,subject,status,entries,entry,body,attachment,composer,rating,details,alert';
  static override styles = [DeskElement.styles, statusStyles, styles];
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    ticket: {},
    readOnly: { attribute: 'read-only', type: Boolean },
    order: {},
  };

  /** Id of the ticket to show; the one last chosen in a list of the same desk when absent. */
  declare ticket: string | undefined;
  /** True to show the thread without composer and without closing or reopening. */
  declare readOnly: boolean;
  /** Which entry comes first: `oldest` or `newest`. */
  declare order: 'oldest' | 'newest';

  readonly #text = this.text.bind(this);
  readonly #thread = new Follower(this, () => this.#resource());
  readonly #outbox = new Follower(this, () => this.connection.store?.outbox);
  readonly #steady = new Steady(this, () => this.#resource(), [
    '.undo',
    '[part=alert] button',
    'textarea',
    '.status-button',
    '.scroller',
  ]);
  /** Keeps the newest in sight when the place for it comes and when it changes, e.g. because the composer grows. */
  readonly #resized = new ResizeObserver(() => {
    if (this.#atEnd || !this.#placed) this.#toEnd();
  });
  /** Files, rating and details: their code comes with the first ticket that has any. */
  readonly #extras = new Later(this, async () => new (await import('./extras.js')).Extras(this, this.#change));
  /** What makes HTML safe comes with the first entry that has any. */
  readonly #sanitiser = new Later(this, async () => (sanitiser = await import('../shared/sanitise.js')));
  /** The words of entries as elements, of this thread alone. */
  readonly #bodies = new WeakMap<Body, HTMLElement>();
  /** What is on the screen now. */
  #drawn: Drawn | undefined;
  /** Index of the oldest entry that is drawn. */
  #start = -1;
  #known: ReadonlySet<string> | undefined;
  /** Replies that came while older ones were being read. */
  #news: readonly ThreadEntry[] = [];
  #atEnd = true;
  /** False until a thread that has just been drawn is at its newest entry. */
  #placed = true;
  #observed: HTMLElement | null = null;
  /** Tells of a failure, and shows it where its ticket is still on the screen. What the store stopped is none. */
  readonly #failed = (ticketId: string, thrown: unknown): void => {
    const error = toHelpDeskError(thrown);
    if (error.code === 'aborted') return;
    if (ticketId && ticketId === this.#id) this.#lent.error = error;
    this.requestUpdate();
    this.report(error);
  };
  /** The person goes on: what failed before is said no longer. */
  readonly #goOn = (): void => {
    this.#lent.error = undefined;
    this.requestUpdate();
  };
  readonly #lent: Lent = {
    thread: this,
    extras: this.#extras,
    failed: this.#failed,
    follow: async (always) => {
      if (!always && !this.#atEnd) return;
      await this.updateComplete;
      this.#toEnd();
    },
    error: undefined,
  };
  /** The composer, what it sends, closing and reopening: fetched with the first thread that can be answered. */
  readonly #answering: Later<Answering> = new Later(
    this,
    async () => {
      KnownAnswering = (await import('./answering.js')).Answering;
      // Replies on their way come with it.
      if (this.#atEnd) this.#observed = null;
      return this.#answering.part ?? new KnownAnswering(this.#lent);
    },
    true,
  );
  /** For which ticket it was asked for, and with a network or without; nothing where there is nothing to answer. */
  #asked: string | undefined;
  /** Settled once it is there, or `#unready` says why not. */
  #asking: Promise<unknown> | undefined;
  #unready: HelpDeskError | undefined;

  constructor() {
    super();
    bringTickets(ticketsCode);
    new Approach(this, () => void this.#reveal());
    new Follower(this, () => this.connection.store?.online);
    new Follower(this, () => this.connection.store?.selected);
    this.readOnly = false;
    this.order = 'oldest';
  }

  /** The ticket and its entries as known now. */
  get thread(): Thread | undefined {
    return this.#thread.source?.peek().data;
  }

  get #id(): string {
    return `${this.ticket || this.connection.store?.selected.value || ''}`;
  }

  /** True where own words are replies, and those of the requester are what one waits for. */
  get #agent(): true | undefined {
    return this.connection.store?.backend.limits.agent;
  }

  #resource(): Resource<Thread> | undefined {
    return this.#id ? this.connection.store?.thread(this.#id) : undefined;
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.scroller');
  }

  get #outgoing(): readonly Outgoing[] {
    return (this.#outbox.source?.value ?? []).filter(({ ticketId, stored }) => ticketId === this.#id && !stored);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#observed = null;
  }

  /** With what answers, where that is on its way. */
  protected override async getUpdateComplete(): Promise<boolean> {
    await super.getUpdateComplete();
    await this.#asking;
    return super.getUpdateComplete();
  }

  /** By now the controllers follow what the properties ask for. */
  protected override update(changed: PropertyValues): void {
    if (sanitiser && !this.#sanitiser.part) this.#sanitiser.take(sanitiser);
    this.#look();
    const keep = this.#keepPlace();
    super.update(changed);
    keep();
  }

  /** Finds out what is new. */
  #look(): void {
    const { store } = this.connection;
    const now = this.#drawn;
    // Without a store the element is only being moved.
    if (!store) return;
    if (now && (now.id !== this.#id || now.store !== store || now.person !== personOf(store.identity.value)))
      this.#leave();
    const asked =
      (this.#id && !this.readOnly && (['reply', 'setStatus'] as const).some(store.can)) || this.#outgoing.length
        ? `${this.#id} ${store.online.value}`
        : undefined;
    if (asked !== this.#asked && asked) this.#prepare();
    this.#asked = asked;
    if (!this.thread) return;
    const { entries, ticket } = this.thread;
    const last = Math.max(0, entries.length - screenful);
    this.#start = this.#start < 0 ? last : Math.min(this.#start, last);
    const known = this.#known;
    this.#known = new Set(entries.map(({ id }) => id));
    // For who has chosen it and stays where that was done.
    if (!known && document.activeElement !== document.body && !this.closest(':focus'))
      this.announce(this.#subject(ticket));
    const replies = known
      ? entries.filter(({ id, kind }) => kind === (this.#agent ? 'message' : 'reply') && !known.has(id))
      : [];
    const newest = replies.at(-1);
    if (!newest) return;
    this.announce(this.text('New reply from {name}', { name: this.#name(newest) }));
    this.#news = [...this.#news, ...replies];
  }

  /** Fetches what answers. What failed stays on the screen until it is there, and focus with it. */
  readonly #prepare = (): void => {
    const answering = this.#answering;
    if (answering.part) return;
    if (KnownAnswering) return void answering.take(new KnownAnswering(this.#lent));
    this.#asking = answering.need().then(
      () => undefined,
      (error: HelpDeskError) => {
        if (error === this.#unready) return;
        // Nobody misses it before there is a ticket: it is asked for again with that.
        if (!this.thread) return (this.#asked = undefined);
        this.#unready = error;
        this.#failed('', error);
      },
    );
  };

  /** Another ticket or another person: the rest starts anew. */
  #leave(): void {
    this.#answering.part?.leave();
    this.#drawn = this.#known = this.#lent.error = undefined;
    this.#start = -1;
    this.#news = [];
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { store } = this.connection;
    const { thread } = this;
    if (!store || !thread) return;
    const isNew = !this.#drawn;
    const drawn = (this.#drawn ??= { id: this.#id, store, person: personOf(store.identity.value) });
    this.#answering.part?.drawn(drawn);
    const scroller = this.#scroller;
    if (scroller && (isNew || scroller !== this.#observed)) {
      this.#resized.disconnect();
      this.#resized.observe(scroller);
      this.#observed = scroller;
      // Its first size is told, too, before it is painted: to ask for it now would cost a layout of its own.
      this.#placed = false;
    }
    if (this.#news.length) this.#scrolled();
    if (
      this.#agent ||
      (['updateTicket', 'rate'] as const).some(store.can) ||
      thread.entries.some(({ attachments }) => attachments.length)
    )
      this.#extras.ahead();
    // To ask now whether it can be seen would cost a layout of its own.
    soon(() => {
      // A reply below the edge has not been seen yet.
      if (
        this.thread === thread &&
        !this.#news.length &&
        document.visibilityState === 'visible' &&
        this.checkVisibility({ visibilityProperty: true })
      )
        store.markSeen(thread.ticket);
    });
  }

  #toEnd(): void {
    const scroller = this.#scroller;
    if (scroller) scroller.scrollTop = this.order === 'newest' ? 0 : scroller.scrollHeight;
    this.#placed = true;
    this.#scrolled();
  }

  /** Remembers the entry at the upper edge; the answer puts it back where it was, whatever was drawn around it. */
  #keepPlace(): () => void {
    const scroller = this.#scroller;
    const edge = scroller?.getBoundingClientRect().top ?? 0;
    const articles = scroller?.querySelectorAll('article') ?? [];
    const anchor = [...articles].find((article) => article.getBoundingClientRect().bottom > edge);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    return () => {
      if (scroller && anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
    };
  }

  #article(id = ''): HTMLElement | null {
    return this.renderRoot.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  /** Goes to the first of the replies that came meanwhile. */
  #showNews(): void {
    const article = this.#article(this.#news[0]?.id);
    const scroller = this.#scroller;
    this.#news = [];
    this.requestUpdate();
    if (!article || !scroller) return;
    scroller.scrollTop += article.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    article.focus({ preventScroll: true });
  }

  readonly #scrolled = (): void => {
    const scroller = this.#scroller;
    if (!scroller) return;
    const fromEnd =
      this.order === 'newest' ? scroller.scrollTop : scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    this.#atEnd = fromEnd < 40;
    if (this.#atEnd && this.#news.length) {
      this.#news = [];
      this.requestUpdate();
    }
  };

  /** Draws older entries. By approach only in a place that scrolls by itself: the page must not be lengthened unasked. */
  async #reveal(button = false): Promise<void> {
    const scroller = this.#scroller;
    if (this.#start <= 0 || !scroller || (!button && scroller.scrollHeight <= scroller.clientHeight)) return;
    const next = this.thread?.entries[this.#start - 1]?.id;
    this.#start = Math.max(0, this.#start - screenful);
    this.requestUpdate();
    // Not for what answers: a person may have gone on before that is there.
    await super.getUpdateComplete();
    if (button) this.#article(next)?.focus({ preventScroll: true });
  }

  #name({ author: { name, role } }: ThreadEntry): string {
    return (
      name || this.text(role === 'agent' ? 'Support' : role === 'system' ? 'System' : this.#agent ? 'Requester' : 'You')
    );
  }

  /** Does what changes the height of an entry, without moving what is read. */
  readonly #change = (fill: () => void): void => {
    const keep = this.#keepPlace();
    fill();
    if (this.#atEnd) this.#toEnd();
    else keep();
  };

  protected override content(store: Store): unknown {
    if (!this.#id) {
      return html`<slot name="empty"><p class="empty">${this.text('Choose a ticket to read it here.')}</p></slot>`;
    }
    const data = this.thread;
    const { failure, again } = this.#steady;
    const failed = failure ? keyed(failure, this.alert(failure, again)) : nothing;
    if (!data) return html`${this.offline(store)} ${failure ? failed : this.skeleton(10)}`;
    const { ticket } = data;
    const { error } = this.#lent;
    return html`
      ${this.#header(store, ticket)} ${this.offline(store)} ${failed}
      <div class="scroller" tabindex="0" role="region" aria-label=${this.text('Messages')} @scroll=${this.#scrolled}>
        ${this.#entries(data)}
      </div>
      ${
        this.#news.length
          ? html`<div class="news">
              <button type="button" class="primary" @click=${() => this.#showNews()}>
                ${
                  this.#news.length === 1
                    ? this.text('1 new reply')
                    : this.text('{count} new replies', { count: this.#news.length })
                }
              </button>
            </div>`
          : nothing
      }
      ${error ? this.alert(error) : nothing} ${this.readOnly ? this.#missing() : this.#foot(store, ticket)}
    `;
  }

  #subject({ subject }: Ticket): string {
    return subject || this.text('No subject');
  }

  #header(store: Store, ticket: Ticket): TemplateResult {
    return html`<header part="header">
      <h2 part="subject"><bdi>${this.#subject(ticket)}</bdi></h2>
      <p class="muted row">
        ${statusBadge(ticket, this.#text)}<span>${`#${ticket.number}`}</span>
        ${ticket.topic?.name ? html`<bdi>${ticket.topic.name}</bdi>` : nothing}
        ${ticket.priority ? html`<span>${this.text('Priority')}: ${ticket.priority}</span>` : nothing}
        ${dueLine(ticket, this.#text, this.language)}
      </p>
      ${this.readOnly ? nothing : this.#extras.part?.details(store, ticket)}
    </header>`;
  }

  #entries({ entries }: Thread): TemplateResult {
    const shown = entries.slice(this.#start);
    const { part } = this.#answering;
    const rows: readonly (ThreadEntry | Outgoing)[] = [...shown, ...(part ? this.#outgoing : [])];
    const ordered = this.order === 'newest' ? [...rows].reverse() : rows;
    const older =
      this.#start > 0
        ? html`<div class="more">
            <button type="button" class="plain" @click=${() => void this.#reveal(true)}>
              ${this.text('Load more')}
            </button>
          </div>`
        : nothing;
    let day = '';
    return html`${this.order === 'newest' ? nothing : older}
      <ol part="entries" role="list" class=${this.#agent && 'agent'}>
        ${repeat(
          ordered,
          ({ id }, index) => id || index,
          (row) => {
            const today = row.createdAt ? dayName(row.createdAt, this.language) : '';
            const line = today && today !== day ? html`<p class="day muted">${today}</p>` : nothing;
            if (today) day = today;
            return html`<li>${line}${'draft' in row ? part?.outgoing(row) : this.#entry(row)}</li>`;
          },
        )}
      </ol>
      ${this.order === 'newest' ? older : nothing} ${part?.discarded()}`;
  }

  #entry(entry: ThreadEntry): TemplateResult {
    const name = this.#name(entry);
    const id = this.#id;
    const time = entry.createdAt ?? '';
    const ago = time && timeAgo(time, this.language);
    return html`<article
      part="entry"
      class=${entry.kind}
      data-id=${entry.id}
      tabindex="-1"
      aria-label=${[name, ago].filter(Boolean).join(', ')}
    >
      <p class="by">
        <strong><bdi>${name}</bdi></strong>
        ${entry.kind === 'reply' ? html`<span class="role">${this.text('Support')}</span>` : nothing}
        ${time ? html`<time class="muted" datetime=${time} title=${fullTime(time, this.language)}>${ago}</time>` : nothing}
      </p>
      ${entryBody(entry.body, this.#bodies, this.#sanitiser, { text: this.#text, change: this.#change, image: async (cid) => (await this.#extras.need()).image(id, entry, cid) })}
      ${entry.attachments.length ? this.#attachments(id, entry) : nothing}
    </article>`;
  }

  #attachments(id: string, entry: ThreadEntry): TemplateResult {
    return html`<ul class="row" role="list">
        ${entry.attachments.map((attachment) => {
          const { name, size } = attachment;
          const words = html`<bdi>${cleanName(name ?? this.text('attachment'))}</bdi>
            ${size === undefined ? nothing : html`<span class="muted">${fileSize(size, this.language)}</span>`}`;
          const download = (): void => {
            this.#goOn();
            void this.#extras.need().then(
              (extras) => extras.download(id, attachment),
              (error: unknown) => this.#failed(id, error),
            );
          };
          return html`<li>
            ${
              this.connection.store?.can('readAttachment')
                ? html`<button part="attachment" type="button" @click=${download}>${words}</button>`
                : words
            }
            ${this.#extras.part?.file(id, entry, attachment)}
          </li>`;
        })}
      </ul>
      ${this.#extras.part?.all(id, entry, this.#goOn)}`;
  }

  /** Why what answers is not there; nothing while it may still come. */
  #missing(): unknown {
    const error = this.#unready;
    return error && this.#asked && !this.#answering.part ? keyed(error, this.alert(error, this.#prepare)) : undefined;
  }

  #foot(store: Store, ticket: Ticket): TemplateResult {
    const { part } = this.#answering;
    return html`<footer>
      ${
        part?.composer(store, ticket, this.#id) ??
        this.#missing() ??
        (this.#asked
          ? html`<div class=${isOver(ticket.status) && store.can('setStatus') ? 'later' : 'later open'}></div>`
          : html`<p class="notice">${this.text('This help desk takes answers by email only.')}</p>`)
      }
      ${this.#extras.part?.rating(store, ticket)} ${part?.status(store, ticket)}
    </footer>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ticket-thread': TicketThread;
  }
}
