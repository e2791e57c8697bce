import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { repeat } from 'lit/directives/repeat.js';
import { toHelpDeskError, type HelpDeskError } from '../../errors.js';
import { ReplySendEvent, ReplySentEvent, StatusChangedEvent, StatusChangeEvent } from '../../events/ticket-thread.js';
import type { Body, ReplyDraft, Thread, ThreadEntry, Ticket, TicketStatus } from '../../model.js';
import { CellController, ResourceController } from '../../store/controllers.js';
import { personOf } from '../../store/drafts.js';
import { tickets } from '../../store/late.js';
import { newId } from '../../store/outbox.js';
import { ticketsCode } from '../../store/tickets.js';
import type { Outgoing, Resource, Store } from '../../store/types.js';
import { Approach } from '../shared/approach.js';
import { DeskElement } from '../shared/desk-element.js';
import { DraftSaver } from '../shared/draft-saver.js';
import { entryBody } from '../shared/entry-body.js';
import { cleanName } from '../shared/file-name.js';
import { FilePicker } from '../shared/file-picker.js';
import { fileSize } from '../shared/file-size.js';
import { Later } from '../shared/later.js';
import { Steady } from '../shared/steady.js';
import { dueLine, isOver, statusBadge } from '../shared/status.js';
import { statusStyles } from '../shared/status.styles.js';
import { dayName, fullTime, soon, timeAgo } from '../shared/times.js';
import { styles } from './ticket-thread.styles.js';

/** Entries drawn at first and added on approach. */
const screenful = 20;
/** Milliseconds after a send in which another press of the button is taken for a double click. */
const doubleClick = 700;

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
  readonly #thread = new ResourceController(this, () => this.#resource());
  readonly #outbox = new CellController(this, () => this.connection.store?.outbox);
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
  readonly #saver = new DraftSaver(this, () => this.#saveDraft());
  readonly #picker = new FilePicker(
    this,
    () => this.connection.store?.backend.limits.replyFiles,
    this.#text,
    () => this.language,
  );
  /** Files, rating and details: their code comes with the first ticket that has any. */
  readonly #extras = new Later(
    this,
    async () =>
      new (await import('./extras.js')).Extras(
        this,
        this.connection,
        this.#text,
        (words) => this.announce(words),
        this.#change,
      ),
  );
  /** The words of entries as elements, of this thread alone. */
  readonly #bodies = new WeakMap<Body, HTMLElement>();
  /** What is on the screen now: ticket, store and person. */
  #drawn: { id: string; store: Store; person: string } | undefined;
  /** Index of the oldest entry that is drawn. */
  #start = -1;
  #known: ReadonlySet<string> | undefined;
  /** Replies that came while older ones were being read. */
  #news: readonly ThreadEntry[] = [];
  #atEnd = true;
  /** False until a thread that has just been drawn is at its newest entry. */
  #placed = true;
  /** The words in the composer; its field comes and goes. */
  #written = '';
  #filled: HTMLElement | null = null;
  #observed: HTMLElement | null = null;
  #error: HelpDeskError | undefined;
  /** Id of the ticket whose state is being changed. */
  #changing = '';
  #discarded: Outgoing | undefined;
  #needsText = false;
  #sentAt = 0;

  constructor() {
    super();
    tickets.now = ticketsCode;
    new Approach(this, () => void this.#reveal());
    new CellController(this, () => this.connection.store?.online);
    new CellController(this, () => this.connection.store?.selected);
    this.readOnly = false;
    this.order = 'oldest';
  }

  /** The ticket and its entries as known now. */
  get thread(): Thread | undefined {
    return this.#thread.snapshot?.data;
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

  get #field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#observed = null;
  }

  /** By now the controllers follow what the properties ask for. */
  protected override update(changed: PropertyValues): void {
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
    const entries = this.thread?.entries;
    if (!entries) return;
    const last = Math.max(0, entries.length - screenful);
    this.#start = this.#start < 0 ? last : Math.min(this.#start, last);
    const known = this.#known;
    this.#known = new Set(entries.map(({ id }) => id));
    const replies = known
      ? entries.filter(({ id, kind }) => kind === (this.#agent ? 'message' : 'reply') && !known.has(id))
      : [];
    const newest = replies.at(-1);
    if (!newest) return;
    this.announce(this.text('New reply from {name}', { name: this.#name(newest) }));
    this.#news = [...this.#news, ...replies];
  }

  /** Another ticket or another person: the rest starts anew. */
  #leave(): void {
    const { store, person } = this.#drawn ?? {};
    // What one person has written is never kept for another.
    if (person === personOf(store?.identity.value)) this.#saver.flush();
    this.#saver.cancel();
    this.#drawn = this.#known = this.#error = this.#discarded = undefined;
    this.#start = -1;
    this.#news = [];
    this.#needsText = false;
    this.#picker.files = [];
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { store } = this.connection;
    const { thread } = this;
    if (!store || !thread) return;
    const id = this.#id;
    const isNew = !this.#drawn;
    if (isNew) {
      this.#drawn = { id, store, person: personOf(store.identity.value) };
      this.#written = store.drafts.read(`reply:${id}`)?.message ?? '';
    }
    const field = this.#field;
    if (field && (isNew || field !== this.#filled)) field.value = this.#written;
    this.#filled = field;
    const scroller = this.#scroller;
    if (scroller && (isNew || scroller !== this.#observed)) {
      this.#resized.disconnect();
      this.#resized.observe(scroller);
      this.#observed = scroller;
      // Its first size is told, too, before it is painted: to ask for it now would cost a layout of its own.
      this.#placed = false;
    }
    if (this.#news.length) this.#scrolled();
    for (const { ticketId, state, draft, progress } of store.outbox.value) {
      const words = state === 'sending' && ticketId === id && this.#picker.list.part?.news(draft.files, progress);
      if (words) this.announce(words);
    }
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

  #saveDraft(): void {
    this.#drawn?.store.drafts.write(`reply:${this.#drawn.id}`, { message: this.#written });
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

  #article(id: string | undefined): HTMLElement | undefined {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('article')].find(({ dataset }) => dataset['id'] === id);
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
    await this.updateComplete;
    if (button) this.#article(next)?.focus({ preventScroll: true });
  }

  #name({ author: { name, role } }: ThreadEntry): string {
    return (
      name || this.text(role === 'agent' ? 'Support' : role === 'system' ? 'System' : this.#agent ? 'Requester' : 'You')
    );
  }

  async #send(event?: Event): Promise<void> {
    event?.preventDefault();
    const field = this.#field;
    const { store } = this.connection;
    const ticketId = this.#id;
    if (!field || !store || !ticketId) return;
    if (this.#picker.waits)
      return this.#picker.settle().then(
        (settled) => (settled ? this.#send() : undefined),
        (error: unknown) => this.#failed(ticketId, error),
      );
    if (!field.value.trim()) {
      if (Date.now() - this.#sentAt < doubleClick) return;
      this.#needsText = true;
      this.requestUpdate();
      await this.updateComplete;
      field.focus();
      return;
    }
    const draft: ReplyDraft = {
      message: field.value,
      ...this.#extras.part?.replyFor(ticketId),
      ...(this.#picker.files.length && { files: [...this.#picker.files] }),
    };
    if (!this.dispatchEvent(new ReplySendEvent(ticketId, draft))) return;
    this.#sentAt = Date.now();
    field.value = this.#written = '';
    this.#discarded = undefined;
    this.#picker.files = [];
    this.#needsText = false;
    this.#saver.cancel();
    const sent = this.#deliver(ticketId, store.reply(ticketId, draft));
    store.drafts.remove(`reply:${ticketId}`);
    this.requestUpdate();
    await this.updateComplete;
    this.#toEnd();
    await sent;
  }

  /** Follows a reply to its end and says how it went. The outbox keeps what failed. */
  async #deliver(ticketId: string, sending: Promise<ThreadEntry>): Promise<void> {
    try {
      const entry = await sending;
      this.announce(this.text('Your reply was sent.'));
      this.dispatchEvent(new ReplySentEvent(ticketId, entry));
    } catch (thrown) {
      this.#failed('', thrown);
    }
    if (!this.#atEnd) return;
    // Also what can be done about a failure is to be seen.
    await this.updateComplete;
    this.#toEnd();
  }

  /** Tells of a failure, and shows it where its ticket is still on the screen. What the store stopped is none. */
  #failed(ticketId: string, thrown: unknown): void {
    const error = toHelpDeskError(thrown);
    if (error.code === 'aborted') return;
    if (ticketId && ticketId === this.#id) this.#error = error;
    this.requestUpdate();
    this.report(error);
  }

  #discard(outgoing: Outgoing): void {
    this.connection.store?.discard(outgoing.id);
    this.#discarded = outgoing;
    this.announce(this.text('Discarded.'));
  }

  async #setStatus(ticket: Ticket, status: TicketStatus): Promise<void> {
    const { store } = this.connection;
    if (!store || this.#changing === ticket.id || !this.dispatchEvent(new StatusChangeEvent(ticket.id, status))) return;
    this.#changing = ticket.id;
    this.#error = undefined;
    this.#saver.flush();
    this.requestUpdate();
    try {
      const changed = await store.setStatus(ticket.id, status);
      this.announce(this.text(isOver(changed.status) ? 'The ticket is closed.' : 'The ticket is open again.'));
      this.dispatchEvent(new StatusChangedEvent(changed));
    } catch (thrown) {
      this.#failed(ticket.id, thrown);
    } finally {
      if (this.#changing === ticket.id) this.#changing = '';
      this.requestUpdate();
    }
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
      ${this.#error ? this.alert(this.#error) : nothing} ${this.readOnly ? nothing : this.#foot(store, ticket)}
    `;
  }

  #header(store: Store, ticket: Ticket): TemplateResult {
    return html`<header part="header">
      <h2 part="subject"><bdi>${ticket.subject || this.text('No subject')}</bdi></h2>
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
    const outgoing = (this.#outbox.value ?? []).filter(({ ticketId }) => ticketId === this.#id);
    const rows: readonly (ThreadEntry | Outgoing)[] = [...shown, ...outgoing];
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
            return html`<li>${line}${'draft' in row ? this.#outgoing(row) : this.#entry(row)}</li>`;
          },
        )}
      </ol>
      ${this.order === 'newest' ? older : nothing}
      ${
        this.#discarded
          ? html`<p class="notice row">
              <span class="grow">${this.text('Discarded.')}</span>
              <button
                type="button"
                class="undo"
                @click=${() => {
                  if (this.#discarded) this.connection.store?.restore(this.#discarded);
                  this.#discarded = undefined;
                  this.requestUpdate();
                }}
              >
                ${this.text('Undo')}
              </button>
            </p>`
          : nothing
      }`;
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
      ${entryBody(entry.body, this.#bodies, { text: this.#text, image: async (cid) => (await this.#extras.need()).image(id, entry, cid) }, this.#change)}
      ${entry.attachments.length ? this.#attachments(id, entry) : nothing}
    </article>`;
  }

  #attachments(id: string, entry: ThreadEntry): TemplateResult {
    return html`<ul class="row" role="list">
        ${entry.attachments.map((attachment) => {
          const { name, size } = attachment;
          const words = html`<bdi>${cleanName(name ?? this.text('attachment'))}</bdi>
            ${size === undefined ? nothing : html`<span class="muted">${fileSize(size, this.language)}</span>`}`;
          const download = (): void =>
            void this.#extras.need().then(
              (extras) => extras.download(id, attachment),
              (error: unknown) => this.#failed(id, error),
            );
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
      ${this.#extras.part?.all(id, entry)}`;
  }

  /** Takes a file out of a reply that was not sent: what is left is another intent. */
  #takeOut({ error, ...outgoing }: Outgoing, index: number, refused: number): void {
    const { store } = this.connection;
    const { files = [], ...draft } = outgoing.draft;
    const left = files.filter((_, at) => at !== index);
    store?.discard(outgoing.id);
    store?.restore({
      ...outgoing,
      id: newId(),
      draft: left.length ? { ...draft, files: left } : draft,
      // What was said of all need not be true of the rest.
      ...(error && refused < files.length && { error }),
    });
  }

  #outgoing(outgoing: Outgoing): TemplateResult {
    const { draft, state, error, progress, lostFiles } = outgoing;
    const { files = [] } = draft;
    const sending = state === 'sending';
    const { list } = this.#picker;
    if (files.length) list.ahead();
    const refused = error && list.part?.marks(error, files);
    const names = [...files.map(({ name }) => name), ...lostFiles];
    return html`<article
      part="entry"
      class="${this.#agent ? 'reply' : 'message'} ${state}"
      tabindex="-1"
      aria-label="${this.text(sending ? 'You, sending' : 'You, not sent')}, ${timeAgo(outgoing.createdAt, this.language)}"
    >
      <div class="body text" dir="auto">${draft.message}</div>
      ${
        files.length && list.part
          ? list.part.rows(files, {
              refused,
              ...(sending ? { progress } : { remove: (index) => this.#takeOut(outgoing, index, refused?.size ?? 0) }),
            })
          : names.length
            ? html`<p class="muted">${names.join(', ')}</p>`
            : nothing
      }
      ${
        sending
          ? html`<p class="muted row">
              ${this.text('Sending…')}
              ${files.length ? html`<button type="button" class="plain" @click=${() => this.connection.store?.stop(outgoing.id)}>${this.text('Cancel')}</button>` : nothing}
            </p>`
          : html`<div class="notice alert row" role="alert" part="alert">
              <span class="grow"
                >${this.text(
                  error?.code === 'aborted'
                    ? 'Sending was stopped. Nothing is sent twice if you try again.'
                    : state === 'unconfirmed'
                      ? 'We could not confirm that this was sent.'
                      : 'This was not sent.',
                )}
                ${error && error.code !== 'aborted' ? this.text(error.message) : nothing}
                ${lostFiles.length ? this.text('Its files must be added again.') : nothing}</span
              >
              <button
                type="button"
                @click=${() => {
                  const { store } = this.connection;
                  if (store) void this.#deliver(outgoing.ticketId, store.retry(outgoing.id));
                }}
              >
                ${this.text('Try again')}
              </button>
              <button type="button" @click=${() => this.#discard(outgoing)}>${this.text('Discard')}</button>
            </div>`
      }
    </article>`;
  }

  #foot(store: Store, ticket: Ticket): TemplateResult {
    const over = isOver(ticket.status);
    const change = store.can('setStatus');
    return html`<footer>
      ${
        over && change
          ? nothing
          : store.can('reply')
            ? this.#composer(store)
            : html`<p class="notice">${this.text('This help desk takes answers by email only.')}</p>`
      }
      ${this.#extras.part?.rating(store, ticket)}
      ${
        change
          ? html`<div class="row status-row">
              <p class="muted grow" id="what-happens">
                ${
                  over
                    ? this.text('This ticket is closed. Reopen it to go on with it.')
                    : this.text('Solved? Closing ends the work on this ticket. You can reopen it.')
                }
              </p>
              <button
                type="button"
                class="status-button"
                aria-describedby="what-happens"
                aria-disabled=${this.#changing === ticket.id ? 'true' : nothing}
                @click=${() => void this.#setStatus(ticket, over ? 'open' : 'closed')}
              >
                ${over ? this.text('Reopen ticket') : this.text('Close ticket')}
              </button>
            </div>`
          : nothing
      }
    </footer>`;
  }

  #composer(store: Store): TemplateResult {
    return html`<form
      part="composer"
      novalidate
      @submit=${(event: Event) => void this.#send(event)}
      @paste=${this.#picker.paste}
      @dragover=${this.#picker.drop}
      @drop=${this.#picker.drop}
    >
      <label for="reply">${this.text('Your reply')}</label>
      <textarea
        id="reply"
        rows="2"
        dir="auto"
        aria-invalid=${this.#needsText ? 'true' : nothing}
        aria-describedby=${this.#needsText ? 'reply-wrong' : nothing}
        @input=${(event: Event) => {
          this.#written = (event.target as HTMLTextAreaElement).value;
          this.#saver.changed();
          if (this.#needsText) {
            this.#needsText = false;
            this.requestUpdate();
          }
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.#send(event);
        }}
      ></textarea>
      ${this.#needsText ? html`<p class="wrong" id="reply-wrong" role="alert">${this.text('Enter a message.')}</p>` : nothing}
      ${this.#extras.part?.replyStatus(store, this.#id)}
      <div class="row actions">
        <div class="grow">${this.#picker.render()}</div>
        <button class="primary" @click=${(event: Event) => void this.#send(event)}>${this.text('Reply')}</button>
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ticket-thread': TicketThread;
  }
}
