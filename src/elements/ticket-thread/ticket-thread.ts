import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { toHelpDeskError, type HelpDeskError } from '../../errors.js';
import { ReplySendEvent, ReplySentEvent, StatusChangedEvent, StatusChangeEvent } from '../../events.js';
import type { Attachment, ReplyDraft, Thread, ThreadEntry, Ticket, TicketStatus } from '../../model.js';
import { CellController, ResourceController } from '../../store/controllers.js';
import type { Outgoing, Store } from '../../store/types.js';
import { Approach } from '../shared/approach.js';
import { DeskElement } from '../shared/desk-element.js';
import { DraftSaver } from '../shared/draft-saver.js';
import { entryBody } from '../shared/entry-body.js';
import { FilePicker, fileSize } from '../shared/file-picker.js';
import { fileStyles } from '../shared/files.styles.js';
import { saveFile } from '../shared/save-file.js';
import { isOver, statusBadge } from '../shared/status.js';
import { statusStyles } from '../shared/status.styles.js';
import { dayName, fullTime, timeAgo } from '../shared/times.js';
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
 * @csspart alert - the message after a failure
 * @csspart skeleton - what stands in for the first answer
 */
export class TicketThread extends DeskElement {
  static override styles = [DeskElement.styles, fileStyles, statusStyles, styles];
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

  readonly #selected = new CellController(this, () => this.connection.store?.selected);
  readonly #thread = new ResourceController(this, () =>
    this.#id ? this.connection.store?.thread(this.#id) : undefined,
  );
  readonly #outbox = new CellController(this, () => this.connection.store?.outbox);
  readonly #online = new CellController(this, () => this.connection.store?.online);
  readonly #approach = new Approach(this, () => this.#reveal());
  readonly #saver = new DraftSaver(this, () => this.#saveDraft());
  readonly #picker = new FilePicker(
    this,
    () => this.connection.store?.backend.limits.replyFiles,
    (english, values) => this.text(english, values),
    () => this.language,
  );
  /** What is on the screen now; the rest is drawn from it. */
  #drawn: { id: string; store: Store } | undefined;
  #start = -1;
  #known: ReadonlySet<string> | undefined;
  #news = 0;
  #atEnd = true;
  #error: HelpDeskError | undefined;
  #told: unknown;
  #changing = false;
  #discarded: Outgoing | undefined;
  #needsText = false;
  #sentAt = 0;

  constructor() {
    super();
    this.readOnly = false;
    this.order = 'oldest';
  }

  /** The ticket and its entries as known now. */
  get thread(): Thread | undefined {
    return this.#thread.snapshot?.data;
  }

  get #id(): string {
    return this.ticket || this.#selected.value || '';
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.scroller');
  }

  get #field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea');
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { store } = this.connection;
    const id = this.#id;
    if (this.#drawn && (this.#drawn.id !== id || this.#drawn.store !== store)) this.#leave();
    const snapshot = this.#thread.snapshot;
    if (snapshot?.error && snapshot.error !== this.#told && !snapshot.fetching) this.report(snapshot.error);
    this.#told = snapshot?.error;
    const entries = snapshot?.data?.entries;
    if (!store || !entries) return;
    if (this.#start < 0) {
      this.#start = Math.max(0, entries.length - screenful);
      this.#atEnd = true;
    }
    const fresh = this.#known ? entries.filter((entry) => !this.#known?.has(entry.id)) : [];
    this.#known = new Set(entries.map((entry) => entry.id));
    const replies = fresh.filter((entry) => entry.kind === 'reply');
    const last = replies.at(-1);
    if (last) {
      this.announce(this.text('New reply from {name}', { name: this.#name(last) }));
      if (!this.#atEnd) this.#news += replies.length;
    }
  }

  /** Another ticket, or another person: what is written is kept, the rest starts anew. */
  #leave(): void {
    this.#saver.flush();
    this.#drawn = undefined;
    this.#start = -1;
    this.#known = undefined;
    this.#news = 0;
    this.#error = undefined;
    this.#discarded = undefined;
    this.#needsText = false;
    this.#picker.files = [];
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { store } = this.connection;
    const thread = this.thread;
    if (!store || !thread) return;
    if (!this.#drawn) {
      this.#drawn = { id: this.#id, store };
      const field = this.#field;
      if (field) field.value = store.drafts.read(`reply:${this.#id}`)?.message ?? '';
      this.#toEnd();
    }
    if (document.visibilityState === 'visible') store.markSeen(thread.ticket);
  }

  #saveDraft(): void {
    const field = this.#field;
    if (this.#drawn && field) this.#drawn.store.drafts.write(`reply:${this.#drawn.id}`, { message: field.value });
  }

  #toEnd(): void {
    const scroller = this.#scroller;
    if (scroller) scroller.scrollTop = this.order === 'newest' ? 0 : scroller.scrollHeight;
    this.#atEnd = true;
    if (this.#news) {
      this.#news = 0;
      this.requestUpdate();
    }
  }

  readonly #scrolled = (): void => {
    const scroller = this.#scroller;
    if (!scroller) return;
    const fromEnd =
      this.order === 'newest' ? scroller.scrollTop : scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    this.#atEnd = fromEnd < 40;
    if (this.#atEnd && this.#news) {
      this.#news = 0;
      this.requestUpdate();
    }
  };

  /** Draws older entries without moving what is being read. */
  async #reveal(focus = false): Promise<void> {
    if (this.#start <= 0) return;
    const anchor = this.renderRoot.querySelector('article');
    const before = anchor?.getBoundingClientRect().top ?? 0;
    this.#start = Math.max(0, this.#start - screenful);
    this.requestUpdate();
    await this.updateComplete;
    if (!anchor || this.order === 'newest') return;
    const moved = anchor.getBoundingClientRect().top - before;
    const scroller = this.#scroller;
    if (scroller && scroller.scrollHeight > scroller.clientHeight) scroller.scrollTop += moved;
    else scrollBy(0, moved);
    if (focus) this.renderRoot.querySelector<HTMLElement>('article')?.focus({ preventScroll: true });
  }

  #name(entry: ThreadEntry): string {
    return (
      entry.author.name ||
      this.text(entry.author.role === 'agent' ? 'Support' : entry.author.role === 'system' ? 'System' : 'You')
    );
  }

  async #send(event?: Event): Promise<void> {
    event?.preventDefault();
    const field = this.#field;
    const { store } = this.connection;
    const ticketId = this.#id;
    if (!field || !store || !ticketId) return;
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
      ...(this.#picker.files.length && { files: [...this.#picker.files] }),
    };
    if (!this.dispatchEvent(new ReplySendEvent(ticketId, draft))) return;
    this.#sentAt = Date.now();
    field.value = '';
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
      if (this.#atEnd) {
        await this.updateComplete;
        this.#toEnd();
      }
    } catch (thrown) {
      this.report(toHelpDeskError(thrown));
    }
  }

  #discard(outgoing: Outgoing): void {
    this.connection.store?.discard(outgoing.id);
    this.#discarded = outgoing;
    this.announce(this.text('Discarded.'));
  }

  async #setStatus(ticket: Ticket, status: TicketStatus): Promise<void> {
    const { store } = this.connection;
    if (!store || this.#changing || !this.dispatchEvent(new StatusChangeEvent(ticket.id, status))) return;
    this.#changing = true;
    this.#error = undefined;
    this.#saver.flush();
    this.requestUpdate();
    try {
      const changed = await store.setStatus(ticket.id, status);
      this.announce(this.text(isOver(changed.status) ? 'The ticket is closed.' : 'The ticket is open again.'));
      this.dispatchEvent(new StatusChangedEvent(changed));
    } catch (thrown) {
      this.#error = toHelpDeskError(thrown);
      this.report(this.#error);
    } finally {
      this.#changing = false;
      this.requestUpdate();
      await this.updateComplete;
      this.#restoreField();
      this.renderRoot.querySelector<HTMLElement>('.status-button')?.focus({ preventScroll: true });
    }
  }

  /** The composer comes back empty after a ticket is reopened or a refused close: its draft is put back. */
  #restoreField(): void {
    const field = this.#field;
    if (field && !field.value) field.value = this.connection.store?.drafts.read(`reply:${this.#id}`)?.message ?? '';
  }

  async #download(attachment: Attachment): Promise<void> {
    const { store } = this.connection;
    if (!store) return;
    this.#error = undefined;
    this.announce(this.text('Downloading'));
    try {
      const { blob, name } = await store.readAttachment(this.#id, attachment);
      saveFile(blob, name ?? attachment.name ?? this.text('attachment'));
    } catch (thrown) {
      this.#error = toHelpDeskError(thrown);
      this.report(this.#error);
      this.requestUpdate();
    }
  }

  protected override content(store: Store): unknown {
    if (!this.#id) {
      return html`<slot name="empty"><p class="empty">${this.text('Choose a ticket to read it here.')}</p></slot>`;
    }
    const { data, error, fetching } = this.#thread.snapshot ?? { fetching: true };
    const failed = error && !fetching ? this.alert(error, () => void this.#thread.refresh()) : nothing;
    if (!data) {
      return html`${this.#online.value === false ? this.offline(store) : nothing}
      ${failed === nothing ? this.skeleton(10) : failed}`;
    }
    const { ticket } = data;
    return html`
      ${this.#header(ticket)} ${this.#online.value === false ? this.offline(store) : nothing} ${failed}
      <div class="scroller" tabindex="0" role="region" aria-label=${this.text('Messages')} @scroll=${this.#scrolled}>
        ${this.#entries(data)}
      </div>
      ${
        this.#news
          ? html`<div class="news">
              <button type="button" class="primary" @click=${() => this.#toEnd()}>
                ${this.#news === 1 ? this.text('1 new reply') : this.text('{count} new replies', { count: this.#news })}
              </button>
            </div>`
          : nothing
      }
      ${this.#error ? this.alert(this.#error) : nothing} ${this.readOnly ? nothing : this.#foot(store, ticket)}
    `;
  }

  #header(ticket: Ticket): TemplateResult {
    return html`<header part="header">
      <h2 part="subject"><bdi>${ticket.subject || this.text('No subject')}</bdi></h2>
      <p class="muted row">
        ${statusBadge(ticket, (english) => this.text(english))}<span>#${ticket.number}</span>
        ${ticket.topic?.name ? html`<bdi>${ticket.topic.name}</bdi>` : nothing}
        ${ticket.priority ? html`<span>${this.text('Priority')}: ${ticket.priority}</span>` : nothing}
      </p>
    </header>`;
  }

  #entries({ entries }: Thread): TemplateResult {
    const shown = entries.slice(Math.max(0, this.#start));
    const outgoing = (this.#outbox.value ?? []).filter(({ ticketId }) => ticketId === this.#id);
    const rows: readonly (ThreadEntry | Outgoing)[] = [...shown, ...outgoing];
    const ordered = this.order === 'newest' ? [...rows].reverse() : rows;
    const older =
      this.#start > 0
        ? html`<div class="more" ${this.#approach.watch()}>
            <button type="button" class="plain" @click=${() => void this.#reveal(true)}>
              ${this.text('Load more')}
            </button>
          </div>`
        : nothing;
    let day = '';
    return html`${this.order === 'newest' ? nothing : older}
      <ol part="entries" role="list">
        ${repeat(
          ordered,
          ({ id }) => id,
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
    const time = entry.createdAt ?? '';
    const ago = time && timeAgo(time, this.language);
    return html`<article
      part="entry"
      class=${entry.kind}
      tabindex="-1"
      aria-label=${[name, ago].filter(Boolean).join(', ')}
    >
      <p class="by">
        <strong><bdi>${name}</bdi></strong>
        ${entry.kind === 'reply' ? html`<span class="role">${this.text('Support')}</span>` : nothing}
        ${time ? html`<time class="muted" datetime=${time} title=${fullTime(time, this.language)}>${ago}</time>` : nothing}
      </p>
      ${entryBody(entry.body, { text: (english, values) => this.text(english, values) }, () => {
        if (this.#atEnd) this.#toEnd();
      })}
      ${
        entry.attachments.length
          ? html`<ul class="row" role="list">
              ${entry.attachments.map((attachment) => this.#attachment(attachment))}
            </ul>`
          : nothing
      }
    </article>`;
  }

  #attachment(attachment: Attachment): TemplateResult {
    const words = html`<bdi>${attachment.name ?? this.text('attachment')}</bdi>
      ${attachment.size === undefined ? nothing : html`<span class="muted">${fileSize(attachment.size, this.language)}</span>`}`;
    return html`<li>
      ${
        this.connection.store?.can('readAttachment')
          ? html`<button part="attachment" type="button" @click=${() => void this.#download(attachment)}>
              ${words}
            </button>`
          : words
      }
    </li>`;
  }

  #outgoing(outgoing: Outgoing): TemplateResult {
    const { draft, state, error, progress, lostFiles } = outgoing;
    const files = draft.files?.map(({ name }) => name) ?? lostFiles;
    const sending = state === 'sending';
    return html`<article
      part="entry"
      class="message ${state}"
      tabindex="-1"
      aria-label=${this.text(sending ? 'You, sending' : 'You, not sent')}
    >
      <div class="body text" dir="auto">${draft.message}</div>
      ${files.length ? html`<p class="muted">${files.join(', ')}</p>` : nothing}
      ${
        sending
          ? html`<p class="muted row">
              ${this.text('Sending…')}
              ${draft.files?.length ? html`<progress aria-label=${this.text('Sending')} max="1" .value=${progress}></progress>` : nothing}
            </p>`
          : html`<div class="notice alert row" role="alert" part="alert">
              <span class="grow"
                >${state === 'unconfirmed' ? this.text('We could not confirm that this was sent.') : this.text('This was not sent.')}
                ${error ? this.text(error.message) : nothing}
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
            ? this.#composer()
            : html`<p class="notice">${this.text('This help desk takes answers by email only.')}</p>`
      }
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
                aria-disabled=${this.#changing ? 'true' : nothing}
                @click=${() => void this.#setStatus(ticket, over ? 'open' : 'closed')}
              >
                ${over ? this.text('Reopen ticket') : this.text('Close ticket')}
              </button>
            </div>`
          : nothing
      }
    </footer>`;
  }

  #composer(): TemplateResult {
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
        @input=${() => {
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
      <div class="row actions">
        <div class="grow">${this.#picker.render()}</div>
        <button class="primary">${this.text('Reply')}</button>
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ticket-thread': TicketThread;
  }
}
