/** The list under the field, and the search in it: fetched when somebody comes near the field. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Topic } from '../../model.js';
import { composing } from '../shared/composing.js';
import type { Words } from '../shared/file-picker.js';
import type { TopicPicker } from './topic-picker.js';
import { popupStyles } from './topic-popup.styles.js';
import { fold, toRows, type TopicRow } from './topic-tree.js';

/** Options drawn at first and added on approach. */
const step = 100;

/** The list of one picker. */
export class TopicPopup {
  /** How it looks. */
  readonly styles = popupStyles;
  open = false;
  readonly #host: TopicPicker;
  readonly #text: Words;
  /** What is being searched for; undefined while nobody types. */
  #query: string | undefined;
  /** Index of the active row, -1 without. */
  #active = -1;
  /** Id of the row that was last brought into sight. */
  #sought: string | undefined;
  #drawn = step;
  #topics: readonly (Topic | null)[] | undefined;
  #tree: TopicRow[] = [];
  /** Those of the tree that hold every word searched for. */
  #found: TopicRow[] = [];
  /** What was said of the search. */
  #said = '';
  #frame = 0;

  constructor(host: TopicPicker, text: Words) {
    this.#host = host;
    this.#text = text;
  }

  /** What stands in the field: what is searched for, or the whole path of what is chosen. */
  words(): string | undefined {
    const chosen = this.#tree.find(({ id }) => id === this.#host.value);
    return this.#query ?? (chosen && chosen.before + chosen.leaf);
  }

  show(open: boolean, query?: string, active = -1): void {
    this.open = open;
    this.#query = query;
    this.#active = active;
    this.#sought = undefined;
    this.#drawn = step;
    this.#host.requestUpdate();
  }

  /** Opens at the chosen topic, or else at the given one. */
  #begin(otherwise?: number): void {
    const chosen = this.#tree.findIndex(({ id }) => id === this.#host.value);
    this.show(true, undefined, chosen < 0 ? otherwise : chosen);
  }

  /** What is done in the field, and what stood in it then. */
  hear(event: Event, words: string): void {
    // By then the person may have gone on, or left.
    const late = !event.eventPhase;
    switch (event.type) {
      case 'keydown':
        this.#press(event as KeyboardEvent, late);
        break;
      case 'input':
        this.show(true, words, words ? 0 : -1);
        break;
      case 'click':
        if (!this.open) {
          if (!late) (event.target as HTMLInputElement).select();
          this.#begin();
        } else if (this.#query === undefined) this.show(false);
    }
    if (event.type === 'blur' || (late && !this.#host.shadowRoot?.activeElement)) this.#leave();
  }

  readonly #outside = (event: Event): void => {
    if (!event.composedPath().includes(this.#host)) this.show(false);
  };

  #choose(id: string): void {
    const host = this.#host;
    this.show(false);
    if (id === host.value) return;
    host.value = id;
    for (const type of ['input', 'change']) host.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  }

  /** Takes a topic, or nothing where the text was removed, or else leaves the value as it is. */
  #take(row: TopicRow | undefined): void {
    const { value, required } = this.#host;
    this.#choose(row?.id ?? (this.#query === '' && !required ? '' : value));
  }

  #press(event: KeyboardEvent, late: boolean): void {
    const { key, altKey } = event;
    // Shift is for selecting text; and what other keys did before the list was there is done.
    if (composing(event) || event.shiftKey || (late && !/^Arrow(Up|Down)$/.test(key))) return;
    const active = this.#active;
    const last = this.#found.length - 1;
    const arrow = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last }[key];
    const next = arrow ?? { Home: 0, End: last }[key];
    if (!this.open) {
      if (arrow === undefined) return;
      this.#begin(altKey ? -1 : key === 'ArrowUp' ? Infinity : 0);
    } else if (key === 'Enter' || key === 'Tab') {
      this.#take(this.#found[active]);
      if (key === 'Tab') return;
    } else if (key === 'Escape' || (altKey && arrow !== undefined)) {
      // One press closes one thing: not the panel or dialog around it as well.
      event.stopPropagation();
      this.show(false);
    } else {
      if (next === undefined) return;
      this.#active = next;
      this.#host.requestUpdate();
    }
    event.preventDefault();
  }

  /** A name typed in full is a choice; anything else typed is none. */
  #leave(): void {
    const query = fold(this.#query ?? '').trim();
    if (this.open) this.#take(this.#found.find(({ key, leaf }) => key === query || fold(leaf) === query));
  }

  /** Keeps the list at its field, whatever moves: scrolling inside a shadow root tells nobody outside. */
  place(field: HTMLElement): void {
    const host = this.#host;
    const { open } = this;
    field.setAttribute('aria-expanded', `${open}`);
    const row = this.#found[this.#active]?.id;
    if (row === undefined) field.removeAttribute('aria-activedescendant');
    else field.setAttribute('aria-activedescendant', `o${this.#active}`);
    const popup = host.renderRoot.querySelector('[popover]') as HTMLElement;
    // Taken out of the page, the list is closed already.
    if (host.isConnected) popup.togglePopover(open);
    const follow = (): void => {
      // What a screen keyboard leaves.
      const { offsetTop, height } = visualViewport as VisualViewport;
      const { top, bottom, left, width } = field.getBoundingClientRect();
      const above = top - offsetTop - 8;
      const below = offsetTop + height - bottom - 8;
      const up = below < Math.min(popup.scrollHeight, 240) && above > below;
      const set = (name: string, pixels: number): void => popup.style.setProperty(name, `${pixels}px`);
      set('width', width);
      set('max-height', Math.min(320, up ? above : below));
      set('left', Math.max(0, Math.min(left, innerWidth - popup.offsetWidth)));
      set('top', up ? top - 6 - popup.offsetHeight : bottom + 6);
      if (this.#drawn < this.#found.length && popup.scrollTop + 2 * popup.clientHeight > popup.scrollHeight) {
        this.#drawn += step;
        host.requestUpdate();
      }
      this.#frame = requestAnimationFrame(follow);
    };
    cancelAnimationFrame(this.#frame);
    if (open) follow();
    (open ? addEventListener : removeEventListener)('pointerdown', this.#outside);
    // Not again for one that a person has scrolled away from.
    if (row !== this.#sought) popup.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
    this.#sought = row;
  }

  /** The button that empties the field. */
  #clear(): unknown {
    const host = this.#host;
    return host.value && !host.required && !host.matches(':disabled')
      ? html`<button
          type="button"
          part="clear"
          aria-label=${this.#text('Clear')}
          @click=${() => {
            this.#choose('');
            // Focus is inside already, on this button: asking the element for it would change nothing.
            host.renderRoot.querySelector<HTMLElement>('#field')?.focus();
          }}
        >
          ×
        </button>`
      : nothing;
  }

  /** The list of these topics; where they are not `known`, they may still come. */
  list(topics: readonly (Topic | null)[], name: string, known: boolean): TemplateResult {
    const { open } = this;
    const query = this.#query;
    if (topics !== this.#topics) this.#tree = toRows((this.#topics = topics) as readonly Topic[]);
    const words = fold(query ?? '').split(/\s+/);
    const found = (this.#found = open ? this.#tree.filter(({ key }) => words.every((word) => key.includes(word))) : []);
    const active = Math.min(this.#active, found.length - 1);
    // Topics that are still to come can have the row that is wanted; a choice among them is left alone.
    if (known || (!query && this.#host.value)) this.#active = active;
    const note = open && !found.length ? this.#text(known ? 'No topic found' : 'Loading') : '';
    const said = note || (query ? this.#text('Topics found: {count}', { count: found.length }) : '');
    if (said !== this.#said) this.#host['announce']((this.#said = said));
    return html`${this.#clear()}
      <div
        popover="manual"
        @mousedown=${(event: Event) => {
          event.preventDefault();
        }}
      >
        <div id="list" part="list" role="listbox" aria-label=${name} ?hidden=${note}>
          ${found.slice(0, Math.max(this.#drawn, active + step)).map(
            ({ id, leaf, before, indent }, index) =>
              html`<div
                id="o${index}"
                part="item"
                class=${index === active ? 'active' : ''}
                role="option"
                aria-label=${before + leaf}
                aria-selected=${id === this.#host.value}
                @click=${() => {
                  this.#choose(id);
                }}
              >
                <i>${query ? '' : indent}</i>
                <span class="grow"
                  ><bdi><span class="muted">${query ? before : ''}</span>${leaf}</bdi></span
                >
              </div>`,
          )}
        </div>
        ${note && html`<p class="empty">${note}</p>`}
      </div>`;
  }
}
