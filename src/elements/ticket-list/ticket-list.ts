import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { repeat } from 'lit/directives/repeat.js';
import { TicketSelectEvent } from '../../events/ticket-list.js';
import type { Ticket, TicketQuery, TicketStatus } from '../../model.js';
import { Follower } from '../../store/controllers.js';
import { personOf } from '../../store/drafts.js';
import { bringTickets } from '../../store/late.js';
import { ticketsCode } from '../../store/tickets.js';
import type { Store, TicketList as TicketListData, TicketListResource } from '../../store/types.js';
import { DeskElement } from '../shared/desk-element.js';
import { Approach } from '../shared/approach.js';
import { Later } from '../shared/later.js';
import { Steady } from '../shared/steady.js';
import { dueLine, statusBadge, statusWords } from '../shared/status.js';
import { statusStyles } from '../shared/status.styles.js';
import { fullTime, timeAgo } from '../shared/times.js';
import { styles } from './ticket-list.styles.js';

/** Properties that make another list. */
const queries = ['status', 'topic', 'search', 'scope', 'pageSize'];

/** What has focus, seen from here outwards. */
function focusedFrom(root: Node): Element | null {
  const { activeElement, host } = root as ShadowRoot;
  return activeElement ?? (host ? focusedFrom(host.getRootNode()) : null);
}

/**
 * The requester's tickets: to search, filter and choose from.
 *
 * @tag ticket-list
 * @fires {TicketSelectEvent} ticket-select - when a ticket is chosen; cancelable: then the desk does not follow
 * @fires {HelpDeskErrorEvent} help-desk-error - when the list could not be read
 * @fires {IdentityRequiredEvent} identity-required - when the list could not be read for want of a sign-in
 * @slot empty - shown while the person has no tickets
 * @csspart filters - the row of search field and filters
 * @csspart new-user - for agents, where the back end can: the form that makes somebody known
 * @csspart list - the list
 * @csspart item - one ticket: a button
 * @csspart subject - the subject in a ticket
 * @csspart status - the badge with a ticket's state
 * @csspart alert - the message after a failure
 * @csspart skeleton - what stands in for the first answer
 * @cssprop [--help-desk-accent=#1d5bbf] - colour of what can be pressed and of focus
 * @cssprop [--help-desk-radius=0.625em] - radius of corners
 * @cssprop [--help-desk-space=1em] - distance to the edges
 */
export class TicketList extends DeskElement {
  /** @internal */
  static override parts = 'filters,list,item,subject,status,alert';
  static override styles = [DeskElement.styles, statusStyles, styles];
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    status: {},
    topic: {},
    search: {},
    scope: {},
    pageSize: { attribute: 'page-size', type: Number },
    current: { reflect: true },
    noFilters: { attribute: 'no-filters', type: Boolean },
  };

  /** State to show: `open`, `pending`, `on-hold`, `resolved` or `closed`; all of them when empty. */
  declare status: string;
  /** Id of the topic to show; all of them when empty. */
  declare topic: string;
  /** Words to find in subject or number. */
  declare search: string;
  /** Whose tickets: `mine`, or `assigned` and `all` for agents. */
  declare scope: string;
  /** Number of tickets drawn at first and added each time. */
  declare pageSize: number;
  /** Id of the ticket to mark as the current one; the desk's chosen one when absent. */
  declare current: string | undefined;
  /** True to leave out the search field and the filters. */
  declare noFilters: boolean;

  readonly #list = new Follower(this, () => this.#resource());
  readonly #topics = new Follower(this, () =>
    this.noFilters || !this.connection.store?.can('listTopics') ? undefined : this.connection.store.topics(),
  );
  readonly #unread = new Follower(this, () => this.connection.store?.unread);
  readonly #selected = new Follower(this, () => this.connection.store?.selected);
  readonly #steady = new Steady(this, () => this.#resource(), ['[part=alert] button', '[part~=item]', 'input']);
  /** For agents, where the back end can make people known. */
  readonly #users = new Later(
    this,
    async () =>
      new (await import('./new-user.js')).NewUser(this, {
        text: (english, values) => this.text(english, values),
        announce: (words) => this.announce(words),
        report: (error) => this.report(error),
        alert: (error) => this.alert(error),
      }),
  );
  #shown = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  /** What was listed last: it stays while another query is asked, never for another person. */
  #before: TicketListData | undefined;
  #whose: readonly unknown[] = [];
  #asked = false;

  constructor() {
    super();
    bringTickets(ticketsCode);
    new Approach(this, () => this.#reveal());
    new Follower(this, () => this.connection.store?.online);
    this.status = this.topic = this.search = this.scope = '';
    this.pageSize = 25;
    this.noFilters = false;
  }

  /** The tickets known so far, in the order of the list. */
  get tickets(): readonly Ticket[] {
    return this.#list.source?.peek().data?.items ?? [];
  }

  #query(): TicketQuery {
    const { status, topic, scope } = this;
    const search = this.search?.trim();
    return {
      limit: this.#step,
      ...(Object.hasOwn(statusWords, status) && { status: status as TicketStatus }),
      ...(topic && { topicId: topic }),
      ...(search && { search }),
      ...((scope === 'assigned' || scope === 'all') && { scope }),
    };
  }

  get #step(): number {
    return this.pageSize > 0 ? Math.floor(this.pageSize) : 25;
  }

  #resource(): TicketListResource | undefined {
    return this.connection.store?.tickets(this.#query());
  }

  /** By now the controllers follow what the properties ask for. */
  protected override update(changed: PropertyValues): void {
    const { store } = this.connection;
    const { data, fetching, status } = this.#list.source?.peek() ?? {};
    const whose = [store, store && personOf(store.identity.value)];
    const other = whose.some((part, index) => part !== this.#whose[index]);
    this.#whose = whose;
    if (other || queries.some((name) => changed.has(name))) {
      this.#shown = this.#step;
      this.#asked = this.hasUpdated && !other;
    }
    if (data || other || status === 'error') this.#before = data;
    if (this.#asked && data && !fetching) {
      const { total, more } = data;
      const count = total ?? data.items.length;
      this.announce(
        this.text(
          more && total === undefined
            ? 'More than {count} tickets found'
            : count === 1
              ? '1 ticket found'
              : '{count} tickets found',
          { count },
        ),
      );
      this.#asked = false;
    }
    super.update(changed);
  }

  #reveal(): void {
    const { data } = this.#list.source?.peek() ?? {};
    if (!data || this.#shown >= data.items.length) return;
    this.#shown += this.#step;
    this.requestUpdate();
  }

  /** Shows more, from the back end if need be; focus goes to the first ticket that was not there, unless a person has moved it meanwhile. */
  async #loadMore(): Promise<void> {
    const pressed = focusedFrom(this.renderRoot);
    const resource = this.#resource();
    const { data } = resource?.peek() ?? {};
    // What stands there is the list before: this one is still asked for.
    if (!resource || !data) return;
    const from = Math.min(this.#shown, data.items.length);
    if (from === data.items.length && data.more) await resource.loadMore();
    if (resource !== this.#resource()) return;
    if (from < this.tickets.length) this.#shown = Math.max(this.#shown, from + this.#step);
    this.requestUpdate();
    await this.updateComplete;
    const now = focusedFrom(this.renderRoot);
    // With the last page the button goes, and focus falls to the first ticket, or out.
    if (now === pressed || now?.matches(pressed?.isConnected ? 'body' : 'body, [part~=item]'))
      this.renderRoot.querySelectorAll<HTMLElement>('[part~=item]')[from]?.focus();
  }

  #filter(name: 'status' | 'topic' | 'search', event: Event): void {
    const value = (event.target as HTMLInputElement).value;
    if (name !== 'search') this[name] = value;
    else {
      clearTimeout(this.#typing);
      // Half a word of an input method is none; and a field that is filled meanwhile breaks it off.
      if (!(event as InputEvent).isComposing) this.#typing = setTimeout(() => (this.search = value), 250);
    }
  }

  #choose(ticket: Ticket): void {
    if (this.dispatchEvent(new TicketSelectEvent(ticket))) this.connection.store?.select(ticket.id);
  }

  protected override content(store: Store): TemplateResult {
    const { data = this.#before, fetching } = this.#list.source?.peek() ?? {};
    const { failure, again } = this.#steady;
    const users = store.can('createUser') && !this.noFilters;
    if (users) this.#users.ahead();
    return html`
      ${this.noFilters ? nothing : this.#filters()} ${users ? this.#users.part?.render(store) : nothing}
      ${this.offline(store)} ${failure ? keyed(failure, this.alert(failure, again)) : nothing}
      ${data ? this.#items(data.items, data.more) : failure ? nothing : this.skeleton(8)}
      ${fetching && (data || failure) ? html`<div class="refreshing" aria-hidden="true"></div>` : nothing}
    `;
  }

  #filters(): TemplateResult {
    const topics = this.#topics.source?.peek().data ?? [];
    const search = (event: Event): void => this.#filter('search', event);
    const option = (value: string, words: string, chosen: string): TemplateResult =>
      html`<option value=${value} .selected=${value === chosen}>${words}</option>`;
    return html`<div part="filters" class="row" role="search">
      <input
        class="search"
        type="search"
        aria-label=${this.text('Search')}
        placeholder=${this.text('Search')}
        autocomplete="off"
        enterkeyhint="search"
        .value=${this.search ?? ''}
        @input=${search}
        @compositionend=${search}
      />
      <select aria-label=${this.text('Status')} @change=${(event: Event) => this.#filter('status', event)}>
        ${option('', this.text('Any status'), this.status)}
        ${Object.entries(statusWords).map(([value, words]) => option(value, this.text(words), this.status))}
      </select>
      ${
        topics.length > 1
          ? html`<select aria-label=${this.text('Topic')} @change=${(event: Event) => this.#filter('topic', event)}>
              ${option('', this.text('Any topic'), this.topic)}
              ${topics.map(({ id, name }) => option(id, name, this.topic))}
            </select>`
          : nothing
      }
    </div>`;
  }

  #items(tickets: readonly Ticket[], more: boolean): TemplateResult {
    if (!tickets.length && !more) {
      const filtered = this.search?.trim() || this.status || this.topic;
      return filtered
        ? html`<p class="empty">${this.text('No ticket matches.')}</p>`
        : html`<slot name="empty"><p class="empty">${this.text('You have no tickets yet.')}</p></slot>`;
    }
    const current = this.current ?? this.#selected.source?.value;
    this.#shown ||= this.#step;
    const rest = more || tickets.length > this.#shown;
    return html`<ul part="list" role="list">
        ${repeat(
          tickets.slice(0, this.#shown),
          (ticket, index) => ticket.id || index,
          (ticket) => this.#item(ticket, ticket.id === current),
        )}
      </ul>
      ${
        rest
          ? html`<div class="more">
              <button type="button" @click=${() => void this.#loadMore()}>${this.text('Load more')}</button>
            </div>`
          : nothing
      }`;
  }

  #item(ticket: Ticket, current: boolean): TemplateResult {
    const { language } = this;
    const text = this.text.bind(this);
    const time = ticket.updatedAt ?? ticket.createdAt;
    const unread = this.#unread.source?.value?.has(ticket.id);
    return html`<li>
      <button
        type="button"
        part="item"
        data-id=${ticket.id}
        class=${unread ? 'unread' : ''}
        aria-current=${current ? 'true' : nothing}
        @click=${() => this.#choose(ticket)}
      >
        <span part="subject"><bdi>${ticket.subject || text('No subject')}</bdi></span>
        ${statusBadge(ticket, text)}
        <span class="muted meta"
          >${unread ? html`<strong class="news">${text('New reply')}</strong>` : nothing}
          <span>${`#${ticket.number}`}</span>
          ${ticket.topic?.name ? html`<bdi>${ticket.topic.name}</bdi>` : nothing}
          ${time ? html`<time datetime=${time} title=${fullTime(time, language)}>${timeAgo(time, language)}</time>` : nothing}
          ${dueLine(ticket, text, language)}
        </span>
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ticket-list': TicketList;
  }
}
