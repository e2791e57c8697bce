import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Topic } from '../../model.js';
import { ResourceController } from '../../store/controllers.js';
import { DeskElement } from '../shared/desk-element.js';
import { styles } from './topic-picker.styles.js';
import { fold, toRows, type TopicRow } from './topic-tree.js';

/** Options drawn at first and added on approach. */
const step = 100;
const none: readonly Topic[] = [];

/**
 * A field to choose what a ticket is about: type to search, or pick from the hierarchy. It takes part in any form.
 *
 * @tag topic-picker
 * @fires {Event} input - when the person has chosen or cleared
 * @fires {Event} change - when the person has chosen or cleared
 * @fires {HelpDeskErrorEvent} help-desk-error - when the topics could not be read
 * @csspart label - the visible label, where `label` is set
 * @csspart input - the field
 * @csspart clear - the button that empties the field
 * @csspart list - the list of topics
 * @csspart item - one topic
 * @csspart alert - the message after a failure
 * @cssprop [--help-desk-accent=#1d5bbf] - colour of focus, of the active topic's frame and of the chosen one's mark
 * @cssprop [--help-desk-radius=0.625rem] - radius of corners
 * @cssprop [--help-desk-z-index=10] - height of the list, in browsers without popovers only
 */
export class TopicPicker extends DeskElement {
  /** Takes part in forms. */
  static readonly formAssociated = true;
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [DeskElement.styles, styles];
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    name: {},
    value: {},
    required: { type: Boolean },
    disabled: { type: Boolean },
    label: {},
    placeholder: {},
    topics: { type: Array },
  };

  /** Visible label of its own; without it the form's `<label>` names the field. */
  declare label: string | undefined;
  /** Words shown in the empty field. */
  declare placeholder: string | undefined;
  /** Topics to offer instead of the desk's. */
  declare topics: readonly Topic[] | undefined;

  readonly #internals = this.attachInternals();
  readonly #resource = new ResourceController(this, () => (this.topics ? undefined : this.connection.store?.topics()));
  #value = '';
  #custom = '';
  /** True once the person was told that the value is not right. */
  #checked = false;
  #open = false;
  /** What is being searched for; undefined while nobody types. */
  #query: string | undefined;
  /** Index of the active row, -1 without. */
  #active = -1;
  #drawn = step;
  #from: unknown;
  #tree: TopicRow[] = [];
  #told: unknown;

  constructor() {
    super();
    this.addEventListener('invalid', () => {
      this.#checked = true;
      this.requestUpdate();
    });
    // The click of a label arrives at the element itself.
    this.addEventListener('click', (event) => {
      if (event.composedPath()[0] === this) this.focus();
    });
  }

  /** Name the value is submitted under. */
  get name(): string {
    return this.getAttribute('name') ?? '';
  }
  set name(name: string | null) {
    if ((name ??= '') !== this.name) this.setAttribute('name', name);
  }

  /** Id of the chosen topic; empty without. The attribute is what a reset returns to. */
  get value(): string {
    return this.#value;
  }
  set value(value: string | null | undefined) {
    this.#value = `${value ?? ''}`;
    this.#sync();
  }

  /** True where the form needs a topic. */
  get required(): boolean {
    return this.hasAttribute('required');
  }
  set required(required: boolean) {
    this.toggleAttribute('required', !!required);
  }

  /** True where nothing can be chosen and nothing is submitted. */
  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }
  set disabled(disabled: boolean) {
    this.toggleAttribute('disabled', !!disabled);
  }

  /** Form the element belongs to. */
  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }
  /** State of the value, as of a native field. */
  get validity(): ValidityState {
    return this.#internals.validity;
  }
  /** What is wrong with the value, in words; empty when nothing is. */
  get validationMessage(): string {
    return this.#internals.validationMessage;
  }
  /** False where the value is not checked, as when disabled. */
  get willValidate(): boolean {
    return this.#internals.willValidate;
  }
  /** Labels of the element. */
  get labels(): NodeList {
    return this.#internals.labels;
  }

  /** True when the value is right; otherwise fires `invalid`. */
  checkValidity(): boolean {
    return this.#internals.checkValidity();
  }
  /** The same, and tells the person. */
  reportValidity(): boolean {
    return this.#internals.reportValidity();
  }
  /** Says in words that the value is not right; empty words take it back. */
  setCustomValidity(message: string): void {
    this.#custom = message;
    this.#sync();
    this.requestUpdate();
  }

  /** @internal */
  formResetCallback(): void {
    this.#checked = false;
    this.#close();
    this.value = this.getAttribute('value');
  }
  /** @internal */
  formStateRestoreCallback(state: string): void {
    this.value = state;
  }
  /** @internal */
  formDisabledCallback(): void {
    this.#close();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    this.#sync();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot?.querySelector('input');
  }

  /** The form's knowledge must be right at once, not at the next rendering. */
  #sync(): void {
    const valueMissing = this.required && !this.#value;
    this.#internals.setFormValue(this.#value);
    this.#internals.setValidity(
      { valueMissing, customError: !!this.#custom },
      this.#custom || (valueMissing ? this.text('Choose a topic.') : ''),
      this.#input ?? undefined,
    );
  }

  /** All topics, in their hierarchy. */
  #all(): TopicRow[] {
    const topics = this.topics ?? this.#resource.snapshot?.data ?? none;
    if (topics !== this.#from) {
      this.#from = topics;
      this.#tree = toRows(Array.isArray(topics) ? topics : none);
    }
    return this.#tree;
  }

  /** Those that hold every word searched for. */
  #rows(): TopicRow[] {
    const words = fold(this.#query ?? '').split(/\s+/);
    return this.#all().filter(({ key }) => words.every((word) => key.includes(word)));
  }

  #show(query?: string): void {
    this.#query = query;
    this.#drawn = step;
    this.#active = query ? 0 : query === undefined ? this.#all().findIndex(({ id }) => id === this.#value) : -1;
    if (!this.#open) {
      this.#open = true;
      addEventListener('pointerdown', this.#outside);
      this.#follow();
    }
    this.requestUpdate();
  }

  #close(): void {
    this.#open = false;
    this.#query = undefined;
    removeEventListener('pointerdown', this.#outside);
    this.requestUpdate();
  }

  readonly #outside = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.#close();
  };

  #choose(value: string): void {
    this.#close();
    if (value === this.#value) return;
    this.value = value;
    for (const type of ['input', 'change']) this.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  }

  /** Takes what the person has come to, or leaves the value as it is. */
  #take(row: TopicRow | undefined): void {
    if (row) this.#choose(row.id);
    else if (this.#query === '' && !this.required) this.#choose('');
    else this.#close();
  }

  #type(event: Event): void {
    // Searching is not choosing: the page hears of the choice only.
    event.stopPropagation();
    this.#show((event.target as HTMLInputElement).value);
  }

  #press(event: KeyboardEvent): void {
    const { key, altKey } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rows = this.#rows();
    const last = rows.length - 1;
    const active = this.#active;
    const arrow = key === 'ArrowDown' || key === 'ArrowUp';
    const next = new Map([
      ['ArrowDown', active < last ? active + 1 : 0],
      ['ArrowUp', active > 0 ? active - 1 : last],
      ['Home', 0],
      ['End', last],
    ]).get(key);
    if (arrow && !this.#open) {
      this.#show();
      if (!altKey && this.#active < 0) this.#active = key === 'ArrowDown' ? 0 : last;
    } else if (!this.#open) return;
    else if (altKey && arrow) this.#close();
    else if (next !== undefined) this.#active = next;
    else if (key === 'Enter') this.#take(rows[active]);
    else if (key === 'Escape') {
      // One press closes one thing: not the panel or dialog around it as well.
      event.stopPropagation();
      this.#close();
    } else {
      if (key === 'Tab') this.#take(rows[active]);
      return;
    }
    event.preventDefault();
    this.requestUpdate();
  }

  #leave(): void {
    const query = fold(this.#query ?? '').trim();
    if (this.#open) this.#take(this.#rows().find(({ key, leaf }) => key === query || fold(leaf) === query));
  }

  /** Keeps the list at the field while it is open, whatever moves: scrolling in a shadow root tells nobody outside. */
  readonly #follow = (): void => {
    if (!this.#open) return;
    this.#place();
    requestAnimationFrame(this.#follow);
  };

  #place(): void {
    const popup = this.renderRoot.querySelector<HTMLElement>('.popup');
    const field = this.#input?.getBoundingClientRect();
    if (!popup || !field) return;
    // The visual viewport is what a screen keyboard leaves.
    const { offsetTop: top, height } = visualViewport ?? { offsetTop: 0, height: innerHeight };
    const above = field.top - top - 8;
    const below = top + height - field.bottom - 8;
    const up = below < Math.min(popup.scrollHeight, 240) && above > below;
    const width = Math.max(field.width, Math.min(240, innerWidth));
    const set = (name: string, pixels: number): void => popup.style.setProperty(name, `${pixels}px`);
    set('width', width);
    set('max-height', Math.max(96, Math.min(320, up ? above : below)));
    set('left', Math.max(0, Math.min(field.left, innerWidth - width)));
    set('top', up ? field.top - 4 - popup.offsetHeight : field.bottom + 4);
    if (this.#drawn < this.#tree.length && popup.scrollTop + 2 * popup.clientHeight > popup.scrollHeight) {
      this.#drawn += step;
      this.requestUpdate();
    }
  }

  protected override updated(): void {
    const popup = this.renderRoot.querySelector<HTMLElement>('.popup');
    this.#sync();
    popup?.togglePopover?.(this.#open);
    if (this.#open) {
      this.#place();
      popup?.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
    }
    const error = this.#error;
    if (error && error !== this.#told) this.report(error);
    this.#told = error;
  }

  get #error() {
    const { data, error, fetching } = this.#resource.snapshot ?? {};
    return data || fetching ? undefined : error;
  }

  protected override render(): TemplateResult {
    return this.content();
  }

  protected override content(): TemplateResult {
    const value = this.#value;
    const open = this.#open;
    const error = this.#error;
    const off = this.matches(':disabled');
    const rows = open ? this.#rows() : [];
    const active = (this.#active = Math.min(this.#active, rows.length - 1));
    const chosen = this.#all().find(({ id }) => id === value);
    const clearable = value && !this.required && !off;
    const wrong = this.validationMessage && (this.#checked || this.#custom);
    const name =
      this.label ||
      this.getAttribute('aria-label') ||
      Array.from(this.labels, (label) => label.textContent?.trim()).join(' ') ||
      this.text('Topic');
    const waiting = !this.topics && !this.#resource.snapshot?.data && !error && !this.connection.missing;
    const note = open && !rows.length ? this.text(waiting ? 'Loading' : 'No topic found') : '';
    return html`${this.label ? html`<label part="label" for="field">${this.label}</label>` : nothing}
      <div class="field">
        <input
          id="field"
          part="input"
          class=${clearable ? 'clearable' : ''}
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-label=${name}
          aria-autocomplete="list"
          aria-controls="list"
          aria-expanded=${open}
          aria-activedescendant=${active < 0 || !open ? nothing : `o${active}`}
          aria-required=${this.required || nothing}
          aria-invalid=${wrong ? 'true' : nothing}
          aria-description=${wrong || nothing}
          placeholder=${this.placeholder ?? nothing}
          .value=${this.#query ?? (chosen ? chosen.before + chosen.leaf : value)}
          ?disabled=${off}
          @input=${this.#type}
          @keydown=${this.#press}
          @blur=${this.#leave}
          @focus=${() => {
            this.#input?.select();
            // A label may have come, or changed its words, in the meantime.
            this.requestUpdate();
          }}
          @click=${() => {
            if (!open) {
              this.#input?.select();
              this.#show();
            } else if (this.#query === undefined) this.#close();
          }}
        />${
          clearable
            ? html`<button
                type="button"
                part="clear"
                aria-label=${this.text('Clear')}
                @click=${() => {
                  this.#choose('');
                  this.#input?.focus();
                }}
              >
                ×
              </button>`
            : nothing
        }
        <div
          class="popup"
          popover="manual"
          ?hidden=${!open}
          @mousedown=${(event: Event) => {
            event.preventDefault();
          }}
        >
          <div id="list" part="list" role="listbox" aria-label=${name} ?hidden=${!rows.length}>
            ${rows.slice(0, Math.max(this.#drawn, active + step / 2)).map(
              ({ id, leaf, before, level }, index) =>
                html`<div
                  id="o${index}"
                  part="item"
                  class=${index === active ? 'active' : ''}
                  role="option"
                  aria-label=${before + leaf}
                  aria-selected=${id === value}
                  aria-posinset=${index + 1}
                  aria-setsize=${rows.length}
                  @click=${() => {
                    this.#choose(id);
                  }}
                >
                  ${this.#query || !level ? nothing : html`<i>${'\u2003'.repeat(Math.min(level, 6))}</i>`}
                  <bdi class="grow">${this.#query ? html`<span class="muted">${before}</span>` : nothing}${leaf}</bdi>
                </div>`,
            )}
          </div>
          ${note ? html`<p class="empty">${note}</p>` : nothing}
        </div>
      </div>
      ${error ? this.alert(error, () => void this.#resource.refresh()) : nothing}
      ${
        !this.topics && this.connection.missing
          ? html`<p class="muted">${this.text('No help desk is connected to this page.')}</p>`
          : nothing
      }
      <p class="hidden" role="status">
        ${note || (this.#query ? this.text('Topics found: {count}', { count: rows.length }) : '')}
      </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'topic-picker': TopicPicker;
  }
}
