/**
 * What answers a thread: the composer, replies on their way, closing and reopening. Fetched with the first ticket that can
 * be answered.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { HelpDeskError } from '../../errors.js';
import { ReplySendEvent, ReplySentEvent, StatusChangedEvent, StatusChangeEvent } from '../../events/ticket-thread.js';
import type { ReplyDraft, ThreadEntry, Ticket, TicketStatus } from '../../model.js';
import { personOf } from '../../store/drafts.js';
import { newId } from '../../store/outbox.js';
import type { Outgoing, Store } from '../../store/types.js';
import { composing } from '../shared/composing.js';
import { DraftSaver } from '../shared/draft-saver.js';
import { FilePicker, type Words } from '../shared/file-picker.js';
import type { Later } from '../shared/later.js';
import { isOver } from '../shared/status.js';
import { timeAgo } from '../shared/times.js';
import { answeringStyles } from './answering.styles.js';
import type { Extras } from './extras.js';
import type { TicketThread } from './ticket-thread.js';

/** Milliseconds after a send in which another press of the button is taken for a double click. */
const doubleClick = 700;

/** What is on the screen: ticket, store and person. */
export interface Drawn {
  readonly id: string;
  readonly store: Store;
  readonly person: string;
}

/** What the thread shares with the part that answers. */
export interface Lent {
  readonly thread: TicketThread;
  /** Rating and details. */
  readonly extras: Later<Extras>;
  /** Tells of a failure, and shows it where that ticket is still on the screen. */
  readonly failed: (ticketId: string, thrown: unknown) => void;
  /** Goes to the newest entry once all is drawn: always, or only from there. */
  readonly follow: (always?: boolean) => Promise<void>;
  /** What is shown above the composer. */
  error: HelpDeskError | undefined;
}

/** The answering of one thread. */
export class Answering {
  /** How it looks. */
  readonly styles = answeringStyles;
  readonly #lent: Lent;
  readonly #thread: TicketThread;
  readonly #text: Words;
  readonly #saver: DraftSaver;
  readonly #picker: FilePicker;
  #drawn: Drawn | undefined;
  /** The words in the composer; its field comes and goes. */
  #written = '';
  /** Names of the files in the composer, and those that are kept with the words: a browser keeps no files. */
  #chosen = '';
  #names = '';
  #filled: HTMLElement | null = null;
  /** Id of the ticket whose state is being changed. */
  #changing = '';
  #discarded: Outgoing | undefined;
  #needsText = false;
  #sentAt = 0;

  constructor(lent: Lent) {
    const { thread } = lent;
    this.#lent = lent;
    this.#thread = thread;
    this.#text = thread['text'].bind(thread);
    this.#saver = new DraftSaver(thread, () =>
      this.#drawn?.store.drafts.write(`reply:${this.#drawn.id}`, { message: this.#written, files: this.#names }),
    );
    this.#picker = new FilePicker(thread, () => this.#store?.backend.limits.replyFiles);
  }

  get #store(): Store | undefined {
    return this.#thread['connection'].store;
  }

  get #field(): HTMLTextAreaElement | null {
    return this.#thread.renderRoot.querySelector('textarea');
  }

  /** Another ticket or another person: the rest starts anew. */
  leave(): void {
    const { store, person } = this.#drawn ?? {};
    // What was just given goes, too.
    this.#nameFiles(this.#picker.given);
    // What one person has written is never kept for another.
    if (person === personOf(store?.identity.value)) this.#saver.flush();
    this.#saver.cancel();
    this.#drawn = this.#discarded = undefined;
    this.#needsText = false;
    this.#empty();
  }

  /** Nothing is chosen, and nothing is known of what was. */
  #empty(): void {
    this.#picker.files = [];
    this.#chosen = this.#names = '';
  }

  /** The names of files can be kept as words are. */
  #nameFiles(given: readonly File[] = []): void {
    const { files, limits } = this.#picker;
    const names = [...files, ...given].map(({ name }) => name).join(', ');
    // Out of the page there are no limits, and so no files.
    if (names === this.#chosen || !limits()) return;
    this.#chosen = this.#names = names;
    this.#saver.changed();
  }

  /** The thread was drawn: what was written belongs into its field. */
  drawn(now: Drawn): void {
    const { id, store } = now;
    const isNew = now !== this.#drawn;
    this.#drawn = now;
    if (isNew) {
      const { message = '', files = '' } = store.drafts.read(`reply:${id}`) ?? {};
      this.#written = message;
      this.#names = files;
      if (files) this.#thread.requestUpdate();
    }
    const field = this.#field;
    if (field && (isNew || field !== this.#filled)) field.value = this.#written;
    this.#filled = field;
    for (const { ticketId, state, draft, progress } of store.outbox.value) {
      const words = state === 'sending' && ticketId === id && this.#picker.list.part?.news(draft.files, progress);
      if (words) this.#thread['announce'](words);
    }
  }

  async #send(event?: Event): Promise<void> {
    event?.preventDefault();
    const field = this.#field;
    const drawn = this.#drawn;
    const { store, id: ticketId } = drawn ?? {};
    if (!field || !store || !ticketId) return;
    if (this.#picker.waits)
      return this.#picker.settle().then(
        // Another ticket may be on the screen by now, with words that nobody has sent.
        (settled) => (settled && drawn === this.#drawn ? this.#send() : undefined),
        (error: unknown) => this.#lent.failed(ticketId, error),
      );
    if (!field.value.trim()) {
      if (Date.now() - this.#sentAt < doubleClick) return;
      this.#needsText = true;
      this.#thread.requestUpdate();
      await this.#thread.updateComplete;
      field.focus();
      return;
    }
    const draft: ReplyDraft = {
      message: field.value,
      ...this.#lent.extras.part?.replyFor(ticketId),
      ...(this.#picker.files.length && { files: [...this.#picker.files] }),
    };
    if (!this.#thread.dispatchEvent(new ReplySendEvent(ticketId, draft))) return;
    this.#sentAt = Date.now();
    field.value = this.#written = '';
    this.#discarded = undefined;
    this.#empty();
    this.#needsText = false;
    this.#saver.cancel();
    const sent = this.#deliver(ticketId, store.reply(ticketId, draft));
    store.drafts.remove(`reply:${ticketId}`);
    await this.#lent.follow(true);
    await sent;
  }

  /** Follows a reply to its end and says how it went. The outbox keeps what failed. */
  async #deliver(ticketId: string, sending: Promise<ThreadEntry>): Promise<void> {
    // What failed before is said no longer: a reply goes on.
    this.#lent.error = undefined;
    this.#thread['announce'](this.#text('Sending'));
    try {
      const entry = await sending;
      this.#thread['announce'](this.#text('Your reply was sent.'));
      this.#thread.dispatchEvent(new ReplySentEvent(ticketId, entry));
    } catch (thrown) {
      this.#lent.failed('', thrown);
    }
    // Also what can be done about a failure is to be seen.
    await this.#lent.follow();
  }

  #discard(outgoing: Outgoing): void {
    this.#store?.discard(outgoing.id);
    this.#discarded = outgoing;
    this.#thread['announce'](this.#text('Discarded.'));
  }

  async #setStatus(ticket: Ticket, status: TicketStatus): Promise<void> {
    const store = this.#store;
    if (!store || this.#changing === ticket.id || !this.#thread.dispatchEvent(new StatusChangeEvent(ticket.id, status)))
      return;
    this.#changing = ticket.id;
    this.#lent.error = undefined;
    this.#saver.flush();
    this.#thread.requestUpdate();
    try {
      const changed = await store.setStatus(ticket.id, status);
      this.#thread['announce'](
        this.#text(isOver(changed.status) ? 'The ticket is closed.' : 'The ticket is open again.'),
      );
      this.#thread.dispatchEvent(new StatusChangedEvent(changed));
    } catch (thrown) {
      this.#lent.failed(ticket.id, thrown);
    } finally {
      if (this.#changing === ticket.id) this.#changing = '';
      this.#thread.requestUpdate();
    }
  }

  /** Takes back what was discarded last. */
  discarded(): unknown {
    return this.#discarded
      ? html`<p class="notice row">
          <span class="grow">${this.#text('Discarded.')}</span>
          <button
            type="button"
            class="undo"
            @click=${() => {
              if (this.#discarded) this.#store?.restore(this.#discarded);
              this.#discarded = undefined;
              this.#thread.requestUpdate();
            }}
          >
            ${this.#text('Undo')}
          </button>
        </p>`
      : nothing;
  }

  /** Takes a file out of a reply that was not sent: what is left is another intent. */
  #takeOut({ error, ...outgoing }: Outgoing, index: number, refused: number): void {
    const store = this.#store;
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

  /** A reply on its way, and what can be done about one that failed. */
  outgoing(outgoing: Outgoing): TemplateResult {
    const { draft, state, error, progress, lostFiles } = outgoing;
    const { files = [] } = draft;
    const sending = state === 'sending';
    const { list } = this.#picker;
    if (files.length) list.ahead();
    const refused = error && list.part?.marks(error, files);
    const names = [...files.map(({ name }) => name), ...lostFiles];
    return html`<article
      part="entry"
      class="${this.#store?.backend.limits.agent ? 'reply' : 'message'} ${state}"
      tabindex="-1"
      aria-label="${this.#text(sending ? 'You, sending' : 'You, not sent')}, ${timeAgo(outgoing.createdAt, this.#thread['language'])}"
    >
      <div part="body" class="body text" dir="auto">${draft.message}</div>
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
              ${this.#text('Sending…')}
              ${files.length ? html`<button type="button" class="plain" @click=${() => this.#store?.stop(outgoing.id)}>${this.#text('Cancel')}</button>` : nothing}
            </p>`
          : html`<div class="notice alert row" role="alert" part="alert">
              <span class="grow"
                >${this.#text(
                  error?.code === 'aborted'
                    ? 'Sending was stopped. Nothing is sent twice if you try again.'
                    : state === 'unconfirmed'
                      ? 'We could not confirm that this was sent.'
                      : 'This was not sent.',
                )}
                ${error && error.code !== 'aborted' ? this.#text(error.fields['message'] ?? error.message) : nothing}
                ${lostFiles.length ? this.#text('Its files must be added again.') : nothing}</span
              >
              <button
                type="button"
                @click=${() => {
                  const store = this.#store;
                  if (store) void this.#deliver(outgoing.ticketId, store.retry(outgoing.id));
                }}
              >
                ${this.#text('Try again')}
              </button>
              <button type="button" @click=${() => this.#discard(outgoing)}>${this.#text('Discard')}</button>
            </div>`
      }
    </article>`;
  }

  /** The field for an answer, where one can be given now. */
  composer(store: Store, ticket: Ticket, id: string): unknown {
    return isOver(ticket.status) && store.can('setStatus')
      ? nothing
      : store.can('reply')
        ? this.#composer(store, id)
        : html`<p class="notice">${this.#text('This help desk takes answers by email only.')}</p>`;
  }

  /** Closing and reopening. */
  status(store: Store, ticket: Ticket): unknown {
    const over = isOver(ticket.status);
    return store.can('setStatus')
      ? html`<div class="row status-row">
          <p class="muted grow" id="what-happens">
            ${
              over
                ? this.#text('This ticket is closed. Reopen it to go on with it.')
                : this.#text('Solved? Closing ends the work on this ticket. You can reopen it.')
            }
          </p>
          <button
            type="button"
            class="status-button"
            aria-describedby="what-happens"
            aria-disabled=${this.#changing === ticket.id ? 'true' : nothing}
            @click=${() => void this.#setStatus(ticket, over ? 'open' : 'closed')}
          >
            ${over ? this.#text('Reopen ticket') : this.#text('Close ticket')}
          </button>
        </div>`
      : nothing;
  }

  #composer(store: Store, id: string): TemplateResult {
    this.#nameFiles();
    return html`<form
      part="composer"
      novalidate
      @submit=${(event: Event) => void this.#send(event)}
      @paste=${this.#picker.drop}
      @dragover=${this.#picker.drop}
      @drop=${this.#picker.drop}
    >
      <label for="reply">${this.#text('Your reply')}</label>
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
            this.#thread.requestUpdate();
          }
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !composing(event)) void this.#send(event);
        }}
      ></textarea>
      ${this.#needsText ? html`<p class="wrong" id="reply-wrong" role="alert">${this.#text('Enter a message.')}</p>` : nothing}
      ${this.#lent.extras.part?.replyStatus(store, id)}
      ${
        // Chosen before another ticket or in an earlier page.
        this.#names && !this.#chosen && this.#picker.limits()
          ? html`<p class="notice"><bdi>${this.#names}</bdi>: ${this.#text('Its files must be added again.')}</p>`
          : nothing
      }
      <div class="row actions">
        <div class="grow">${this.#picker.render()}</div>
        <button class="primary" @click=${(event: Event) => void this.#send(event)}>${this.#text('Reply')}</button>
      </div>
    </form>`;
  }
}
