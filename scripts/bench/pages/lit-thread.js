// The floor: bare Lit, the newest screenful and older ones on approach; a composer that owns its text and keeps a draft.
import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { makeEntries, makeEntry } from './data.js';
import { elementsIn, untilPainted, watchKeys } from './watch.js';

let format;
const day = (iso) => (format ??= new Intl.DateTimeFormat('en', { dateStyle: 'medium' })).format(new Date(iso));

class LitThread extends LitElement {
  static properties = { entries: { attribute: false }, shown: { state: true } };
  #timer;
  constructor() {
    super();
    this.entries = [];
    this.shown = 20;
  }
  firstUpdated() {
    new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && this.#at && (this.shown += 20), {
      rootMargin: '300px',
    }).observe(this.renderRoot.querySelector('.more'));
  }
  #at = false;
  updated() {
    const place = this.renderRoot.querySelector('.scroller');
    if (this.#at || !this.entries.length) return;
    place.scrollTop = place.scrollHeight;
    this.#at = true;
  }
  #keep(event) {
    const { value } = event.target;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => localStorage.setItem('draft', JSON.stringify([Date.now(), { message: value }])),
      250,
    );
  }
  render() {
    const from = Math.max(0, this.entries.length - this.shown);
    return html`<div style="display:flex;flex-direction:column;max-block-size:min(44rem,85vh)">
      <div class="scroller" style="overflow:auto;flex:1;min-block-size:0">
        <div class="more"></div>
        <ol>
          ${repeat(
            this.entries.slice(from),
            ({ id }) => id,
            ({ id, kind, author, createdAt, body }) =>
              html`<li>
                <article data-id=${id} class=${kind} tabindex="-1" aria-label="${author.name}, ${day(createdAt)}">
                  <p>
                    <strong>${author.name}</strong> ${kind === 'reply' ? html`<span>Support</span>` : nothing}
                    <time datetime=${createdAt}>${day(createdAt)}</time>
                  </p>
                  <div style="white-space:pre-wrap">${body.value}</div>
                </article>
              </li>`,
          )}
        </ol>
      </div>
      <form>
        <label for="reply">Your reply</label>
        <textarea id="reply" rows="2" @input=${this.#keep}></textarea>
        <button>Reply</button>
      </form>
    </div>`;
  }
}
customElements.define('lit-thread', LitThread);
const thread = document.createElement('lit-thread');
document.body.append(thread);
const articles = () => thread.shadowRoot.querySelectorAll('article');

let entries;
window.bench = {
  prepare: (size) => (entries = makeEntries(size)),
  show: () =>
    untilPainted(
      () => (thread.entries = entries),
      () => articles().length >= 20,
    ),
  append: () => {
    entries = [...entries, { ...makeEntry(1, 1), id: 'fresh' }];
    return untilPainted(
      () => (thread.entries = entries),
      () => [...articles()].at(-1).dataset.id === 'fresh',
    );
  },
  again: () => {
    entries = structuredClone(entries);
    return untilPainted(
      () => (thread.entries = entries),
      () => true,
    );
  },
  drawAll: async () => {
    thread.shown = entries.length;
    await thread.updateComplete;
    return articles().length;
  },
  focus: () => thread.shadowRoot.querySelector('textarea').focus(),
  typed: () => thread.shadowRoot.querySelector('textarea').value,
  keys: watchKeys(),
  elements: () => elementsIn(document.body),
};
