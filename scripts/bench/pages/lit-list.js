// The floor: bare Lit, a screenful first and more on approach. It shows what ours shows.
import { html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { makeTicket, makeTickets } from './data.js';
import { elementsIn, untilPainted } from './watch.js';

let format;
const day = (iso) => (format ??= new Intl.DateTimeFormat('en', { dateStyle: 'medium' })).format(new Date(iso));

class LitList extends LitElement {
  static properties = { items: { attribute: false }, shown: { state: true } };
  constructor() {
    super();
    this.items = [];
    this.shown = 25;
  }
  firstUpdated() {
    new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && this.items.length && (this.shown += 25), {
      rootMargin: '300px',
    }).observe(this.renderRoot.querySelector('.more'));
  }
  render() {
    return html`<ul>
        ${repeat(
          this.items.slice(0, this.shown),
          ({ id }) => id,
          (ticket) =>
            html`<li>
              <button data-id=${ticket.id} style="display:grid;inline-size:100%;padding:0.75rem;text-align:start">
                <span>${ticket.subject}</span>
                <span class=${ticket.status}>${ticket.status}</span>
                <span>
                  <span>#${ticket.number}</span> <span>${ticket.topic.name}</span>
                  <time datetime=${ticket.updatedAt}>${day(ticket.updatedAt)}</time>
                </span>
              </button>
            </li>`,
        )}
      </ul>
      <div class="more"></div>`;
  }
}
customElements.define('lit-list', LitList);
const list = document.createElement('lit-list');
document.body.append(list);
const rows = () => list.shadowRoot.querySelectorAll('button');

let items;
window.bench = {
  prepare: (size) => (items = makeTickets(size)),
  show: () =>
    untilPainted(
      () => (list.items = items),
      () => rows().length >= 20,
    ),
  append: () => {
    items = [{ ...makeTicket(0), id: 'fresh', subject: 'A new one' }, ...items];
    return untilPainted(
      () => (list.items = items),
      () => rows()[0].dataset.id === 'fresh',
    );
  },
  again: () => {
    items = structuredClone(items);
    return untilPainted(
      () => (list.items = items),
      () => true,
    );
  },
  elements: () => elementsIn(document.body),
};
