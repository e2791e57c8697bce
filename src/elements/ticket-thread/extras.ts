/**
 * What only some tickets and help desks have: images and downloads of entries, a rating after closing, priority, tags and
 * assignee, the status an agent gives with a reply. Loaded with the first ticket that has any of it.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { toHelpDeskError, type HelpDeskError } from '../../errors.js';
import { TicketRatedEvent } from '../../events/ticket-thread.js';
import type { Attachment, Tag, ThreadEntry, Ticket, TicketChange, TicketStatus } from '../../model.js';
import { Follower, type DeskController } from '../../store/controllers.js';
import { personOf } from '../../store/drafts.js';
import type { Resource, Store } from '../../store/types.js';
import { Images } from '../shared/images.js';
import { cleanName } from '../shared/file-name.js';
import { saveFile } from '../shared/save-file.js';
import { isOver, statusWords } from '../shared/status.js';
import { extrasStyles } from './extras.styles.js';
import type { TicketThread } from './ticket-thread.js';

/** Milliseconds in which a further choice takes the place of the last: arrow keys pass over what lies between. */
const patience = 500;
type Words = (english: string, values?: Readonly<Record<string, string | number>>) => string;

/** As an address names it, and as a mail header does. */
function plainId(id: string): string {
  const bare = id.replace(/^<|>$/g, '').toLowerCase();
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}

const scores = [1, 2, 3, 4, 5];

/** What a person has chosen, and what became of it. */
interface Rating {
  readonly ticketId: string;
  readonly score: number;
  readonly state: 'chosen' | 'sending' | 'done' | HelpDeskError;
}

/** The extras of one thread element. */
export class Extras {
  readonly styles = extrasStyles;
  readonly #host: TicketThread;
  readonly #desk: DeskController;
  readonly #text: Words;
  readonly #images: Images;
  /** Files that are being read, and those that could not be. */
  readonly #files = new WeakMap<Attachment, 'busy' | HelpDeskError>();
  readonly #tags: Follower<Resource<readonly Tag[]>>;
  #whose: readonly unknown[] = [];
  #open = false;
  #rating: Rating | undefined;
  #send: (() => void) | undefined;
  #problem: { readonly ticketId: string; readonly error: HelpDeskError } | undefined;
  #reply: { readonly ticketId?: string; readonly status?: TicketStatus } = {};

  /** What the thread lends: itself, and what `Images` is given. */
  constructor(host: TicketThread, change: (fill: () => void) => void) {
    const text = host['text'].bind(host);
    const desk = host['connection'];
    this.#host = host;
    this.#desk = desk;
    this.#text = text;
    this.#images = new Images(change, (name) => text('Enlarge {name}', { name }));
    this.#tags = new Follower(host, () =>
      this.#open && desk.store?.can('listTags') && this.#can(desk.store, 'tags') ? desk.store.tags() : undefined,
    );
    // The next reply begins without a status, unless the page keeps this one from being sent.
    host.addEventListener('reply-send', (event) =>
      queueMicrotask(() => {
        if (!event.defaultPrevented) this.#reply = {};
      }),
    );
  }

  /** What one person has begun is nothing to another. */
  #meet(store: Store): void {
    const whose = [store, personOf(store.identity.value)];
    if (whose.every((part, index) => part === this.#whose[index])) return;
    this.#whose = whose;
    this.#rating = this.#send = this.#problem = undefined;
    this.#reply = {};
  }

  /** Tells the page of a failure; what the store has stopped is none. */
  #failed(thrown: unknown): HelpDeskError | undefined {
    const error = toHelpDeskError(thrown);
    if (error.code === 'aborted') return undefined;
    this.#host['report'](error);
    return error;
  }

  #alert(error: HelpDeskError, tryAgain?: () => void): TemplateResult {
    const text = this.#text;
    return html`<div class="notice alert row" role="alert" part="alert">
      <span class="grow">${text(error.message)}</span>
      ${tryAgain ? html`<button type="button" @click=${tryAgain}>${text('Try again')}</button>` : nothing}
    </div>`;
  }

  /** Reads a file and hands it over. A file that is on its way is not asked for again. */
  async download(ticketId: string, attachment: Attachment): Promise<void> {
    const text = this.#text;
    const store = this.#desk.store;
    if (!store || this.#files.get(attachment) === 'busy') return;
    const name = cleanName(attachment.name ?? text('attachment'));
    this.#files.set(attachment, 'busy');
    this.#host['announce'](text('Downloading {name}', { name }));
    try {
      const content = await this.#images.read(store, ticketId, attachment);
      this.#files.delete(attachment);
      // As it was called when it was chosen: a help desk that keeps equal files once may answer by another one's name.
      saveFile(content.blob, attachment.name ? name : (content.name ?? name));
      this.#host['announce'](text('Downloaded {name}', { name }));
    } catch (thrown) {
      const error = this.#failed(thrown);
      if (error) this.#files.set(attachment, error);
      else this.#files.delete(attachment);
    }
    this.#host.requestUpdate();
  }

  /** Below a file: the image that it is, how far its download has come, what failed. */
  file(ticketId: string, entry: ThreadEntry, attachment: Attachment): unknown {
    const text = this.#text;
    const store = this.#desk.store;
    const state = this.#files.get(attachment);
    // What the words show need not be shown below them.
    const inWords =
      attachment.contentId && entry.body.value.toLowerCase().includes(`cid:${plainId(attachment.contentId)}`);
    return html`${store && !inWords ? this.#images.place(store, ticketId, attachment) : nothing}
    ${
      !state
        ? nothing
        : state === 'busy'
          ? html`<p class="state muted row">
              ${text('Downloading')} <progress aria-label=${text('Downloading')}></progress>
            </p>`
          : html`<p class="wrong" role="alert">${text(state.message)}</p>`
    }`;
  }

  /** The button for all files of an entry that has several; `begin` is called once for all of them. */
  all(ticketId: string, { attachments }: ThreadEntry, begin: () => void): unknown {
    if (attachments.length < 2 || !this.#desk.store?.can('readAttachment')) return nothing;
    const run = async () => {
      begin();
      // One after the other: browsers drop downloads that begin together.
      for (const attachment of attachments) await this.download(ticketId, attachment);
    };
    return html`<button type="button" class="plain" @click=${() => void run()}>${this.#text('Download all')}</button>`;
  }

  /** Address of the image that the words of an entry name so; nothing where it is none that can be shown. */
  image(ticketId: string, { attachments }: ThreadEntry, cid: string): Promise<string | undefined> {
    const attachment = attachments.find(({ contentId }) => contentId && plainId(contentId) === plainId(cid));
    const store = this.#desk.store;
    return attachment && store ? this.#images.address(store, ticketId, attachment) : Promise.resolve(undefined);
  }

  /** The question after closing. The choice is sent when it has stood for a moment, or focus leaves. */
  rating(store: Store, { id, status, rating }: Ticket): unknown {
    if (!store.can('rate') || !isOver(status)) return nothing;
    const text = this.#text;
    const { score = rating, state } = (this.#rating?.ticketId === id && this.#rating) || ({} as Partial<Rating>);
    const failed = typeof state === 'object' && state;
    const chosen = failed ? rating : score;
    return html`<fieldset class="rating" part="rating" role="radiogroup" @focusout=${this.#leave}>
      <legend>${text('How did we do?')}</legend>
      <div class="row">
        <span class="muted" id="worst">${text('Not well')}</span>
        ${scores.map(
          (each) =>
            html`<label class="choice"
              ><input
                type="radio"
                name="score"
                value=${each}
                aria-describedby=${each === 1 ? 'worst' : each === 5 ? 'best' : nothing}
                .checked=${each === chosen}
                @change=${() => this.#choose(store, id, each)}
              />${each}</label
            >`,
        )}
        <span class="muted" id="best">${text('Very well')}</span>
      </div>
      ${state === 'done' ? html`<p class="muted">${text('Thank you for your rating.')}</p>` : nothing}
      ${failed && score ? this.#alert(failed, () => void this.#rate(store, id, score)) : nothing}
    </fieldset>`;
  }

  readonly #leave = (event: FocusEvent): void => {
    const group = event.currentTarget as Element;
    if (!group.contains(event.relatedTarget as Node | null)) this.#send?.();
  };

  #choose(store: Store, ticketId: string, score: number): void {
    // A choice for another ticket is not overtaken by this one.
    if (this.#rating?.ticketId !== ticketId) this.#send?.();
    this.#rating = { ticketId, score, state: 'chosen' };
    const person = personOf(store.identity.value);
    const send = () => {
      if (this.#send !== send) return;
      this.#send = undefined;
      if (person === personOf(store.identity.value)) void this.#rate(store, ticketId, score);
    };
    this.#send = send;
    setTimeout(send, patience);
    this.#host.requestUpdate();
  }

  async #rate(store: Store, ticketId: string, score: number): Promise<void> {
    const text = this.#text;
    const rating: Rating = { ticketId, score, state: 'sending' };
    const end = (state: Rating['state']) => {
      if (this.#rating === rating) this.#rating = { ...rating, state };
      this.#host.requestUpdate();
    };
    this.#rating = rating;
    this.#host.requestUpdate();
    try {
      await store.rate(ticketId, score);
      end('done');
      this.#host['announce'](text('Thank you for your rating.'));
      this.#host.dispatchEvent(new TicketRatedEvent(ticketId, score));
    } catch (thrown) {
      end(this.#failed(thrown) ?? 'done');
    }
  }

  #can({ backend: { limits } }: Store, what: keyof TicketChange): boolean {
    return (limits.changes ?? ['priority', 'tags', limits.agent && 'assignee']).includes(what);
  }

  /** Priority, tags and, for agents, who has the ticket: as far as this back end lets them be changed. */
  details(store: Store, ticket: Ticket): unknown {
    this.#meet(store);
    const parts = store.can('updateTicket')
      ? [
          this.#can(store, 'priority') && this.#priority(store, ticket),
          this.#can(store, 'tags') && store.can('listTags') && this.#tagBoxes(store, ticket),
          this.#can(store, 'assignee') && this.#assignee(store, ticket),
        ].filter(Boolean)
      : [];
    if (!parts.length) return nothing;
    const problem = this.#problem?.ticketId === ticket.id ? this.#problem.error : undefined;
    return html`<details
      part="details"
      @toggle=${(event: Event) => {
        this.#open = (event.target as HTMLDetailsElement).open;
        this.#host.requestUpdate();
      }}
    >
      <summary>${this.#text('Details')}</summary>
      <div class="fields">${parts}</div>
      ${problem ? this.#alert(problem) : nothing}
    </details>`;
  }

  #priority(store: Store, { id, priority = '' }: Ticket): unknown {
    const text = this.#text;
    const known = store.backend.limits.priorities ?? [];
    if (!known.length) return undefined;
    const current = known.find((each) => each.name === priority || each.id === priority);
    return html`<div>
      <label for="priority">${text('Priority')}</label>
      <select
        id="priority"
        @change=${({ target }: Event) => void this.#save(store, id, { priority: (target as HTMLSelectElement).value })}
      >
        ${current ? nothing : html`<option value="" disabled .selected=${true}>${priority || text('Not set')}</option>`}
        ${known.map((each) => html`<option value=${each.id} .selected=${each === current}>${each.name}</option>`)}
      </select>
    </div>`;
  }

  #tagBoxes(store: Store, { id, tags = [] }: Ticket): unknown {
    const text = this.#text;
    const { data = [], error, status } = this.#tags.source?.peek() ?? {};
    // What the list does not have is not lost with the next change.
    const all = [...data, ...tags.filter((tag) => !data.some((each) => each.id === tag.id))];
    const save = ({ currentTarget }: Event) => {
      const boxes = (currentTarget as Element).querySelectorAll<HTMLInputElement>(':checked');
      void this.#save(store, id, { tags: [...boxes].map(({ value }) => value) });
    };
    return html`<fieldset @change=${save}>
      <legend>${text('Tags')}</legend>
      ${error ? this.#alert(error, () => void this.#tags.source?.refresh()) : nothing}
      ${status === 'pending' ? html`<p class="muted">${text('Loading')}</p>` : nothing}
      <div class="row">
        ${all.map(
          (tag) =>
            html`<label class="choice"
              ><input type="checkbox" value=${tag.id} .checked=${tags.some((each) => each.id === tag.id)} /><bdi
                >${tag.name}</bdi
              ></label
            >`,
        )}
      </div>
    </fieldset>`;
  }

  #assignee(store: Store, { id, assignee }: Ticket): unknown {
    const text = this.#text;
    const save = (event: Event) => {
      event.preventDefault();
      const name = (event.target as Element).closest('form')?.querySelector('input')?.value.trim();
      if (name && name !== assignee?.name) void this.#save(store, id, { assignee: name });
    };
    // What is typed for one ticket is nothing to another.
    return keyed(
      id,
      html`<form @submit=${save}>
        <label for="assignee">${text('Assigned to')}</label>
        <div class="row">
          <input id="assignee" autocomplete="off" dir="auto" .value=${assignee?.name ?? ''} />
          <button @click=${save}>${text('Assign')}</button>
        </div>
      </form>`,
    );
  }

  async #save(store: Store, ticketId: string, change: TicketChange): Promise<void> {
    const text = this.#text;
    this.#problem = undefined;
    try {
      await store.updateTicket(ticketId, change);
      this.#host['announce'](text('Saved.'));
    } catch (thrown) {
      const error = this.#failed(thrown);
      if (error) this.#problem = { ticketId, error };
      this.#host.requestUpdate();
    }
  }

  /** For agents: which status the ticket takes with the reply. */
  replyStatus({ backend }: Store, ticketId: string): unknown {
    if (!backend.limits.agent) return nothing;
    const text = this.#text;
    const { status: chosen = '' } = this.replyFor(ticketId);
    const option = (status: string, words: string) =>
      html`<option value=${status} .selected=${status === chosen}>${text(words)}</option>`;
    return html`<div class="after">
      <label for="after">${text('Status after the reply')}</label>
      <select
        id="after"
        @change=${(event: Event) => {
          this.#reply = { ticketId, status: (event.target as HTMLSelectElement).value as TicketStatus };
          this.#host.requestUpdate();
        }}
      >
        ${option('', 'As it is')} ${Object.entries(statusWords).map(([status, words]) => option(status, words))}
      </select>
    </div>`;
  }

  /** What an agent has chosen besides the words. */
  replyFor(ticketId: string): { readonly status?: TicketStatus } {
    const { status } = this.#reply;
    return status && this.#reply.ticketId === ticketId ? { status } : {};
  }
}
