import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { HelpDeskError } from '../../errors.js';
import type { Topic } from '../../model.js';
import { ResourceController } from '../../store/controllers.js';
import { DeskElement } from '../shared/desk-element.js';
import { styles } from './topic-picker.styles.js';
import { fold, toRows, type TopicRow } from './topic-tree.js';

/** Options drawn at first and added on approach. */
const step = 100;

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
  #topics: readonly Topic[] | undefined;
  #tree: TopicRow[] = [];
  /** Those of the tree that hold every word searched for. */
  #found: TopicRow[] = [];
  #error: HelpDeskError | undefined;
  #told: HelpDeskError | undefined;
  #frame = 0;

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
    this.value = this.getAttribute('value');
    this.#show(false);
  }
  /** @internal */
  formStateRestoreCallback(state: string): void {
    this.value = state;
  }
  /** @internal */
  formDisabledCallback(): void {
    this.#show(false);
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    this.#sync();
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Other labels, another desk.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#show(false);
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

  #show(open: boolean, query?: string, active = -1): void {
    this.#open = open;
    this.#query = query;
    this.#active = active;
    this.#drawn = step;
    this.requestUpdate();
  }

  /** Opens at the chosen topic, or else at the given one. */
  #begin(otherwise?: number): void {
    const chosen = this.#tree.findIndex(({ id }) => id === this.#value);
    this.#show(true, undefined, chosen < 0 ? otherwise : chosen);
  }

  readonly #outside = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.#show(false);
  };

  /** Takes a topic, or nothing where the text was removed, or else leaves the value as it is. */
  #choose(id = this.#query === '' && !this.required ? '' : this.#value): void {
    this.#show(false);
    if (id === this.#value) return;
    this.value = id;
    for (const type of ['input', 'change']) this.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  }

  #press(event: KeyboardEvent): void {
    const { key, altKey } = event;
    // Shift is for selecting text.
    if (event.isComposing || event.shiftKey) return;
    const active = this.#active;
    const last = this.#found.length - 1;
    const arrow = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last }[key];
    const next = arrow ?? { Home: 0, End: last }[key];
    if (!this.#open) {
      if (arrow === undefined) return;
      this.#begin(altKey ? -1 : key === 'ArrowUp' ? Infinity : 0);
    } else if (key === 'Enter' || key === 'Tab') {
      this.#choose(this.#found[active]?.id);
      if (key === 'Tab') return;
    } else if (key === 'Escape' || (altKey && arrow !== undefined)) {
      // One press closes one thing: not the panel or dialog around it as well.
      event.stopPropagation();
      this.#show(false);
    } else {
      if (next === undefined) return;
      this.#active = next;
      this.requestUpdate();
    }
    event.preventDefault();
  }

  /** A name typed in full is a choice; anything else typed is none. */
  #leave(): void {
    const query = fold(this.#query ?? '').trim();
    if (this.#open) this.#choose(this.#found.find(({ key, leaf }) => key === query || fold(leaf) === query)?.id);
  }

  protected override willUpdate(): void {
    // With topics of its own it needs no desk, and must not complain that there is none.
    if (this.isConnected) this.connection[this.topics ? 'hostDisconnected' : 'hostConnected']();
  }

  protected override updated(): void {
    const open = this.#open;
    const input = this.#input as HTMLElement;
    const popup = this.renderRoot.querySelector('[popover]') as HTMLElement;
    this.#sync();
    // Taken out of the page, the list is closed already.
    if (this.isConnected) popup.togglePopover(open);
    // Keeps the list at the field, whatever moves: scrolling inside a shadow root tells nobody outside.
    const follow = (): void => {
      // What a screen keyboard leaves.
      const { offsetTop, height } = visualViewport as VisualViewport;
      const { top, bottom, left, width } = input.getBoundingClientRect();
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
        this.requestUpdate();
      }
      this.#frame = requestAnimationFrame(follow);
    };
    cancelAnimationFrame(this.#frame);
    if (open) follow();
    (open ? addEventListener : removeEventListener)('pointerdown', this.#outside);
    popup.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
    if (this.#error && this.#error !== this.#told) this.report(this.#error);
    this.#told = this.#error;
  }

  protected override render(): TemplateResult {
    return this.content();
  }

  protected override content(): TemplateResult {
    const value = this.#value;
    const query = this.#query;
    const open = this.#open;
    const { missing } = this.connection;
    const { data, fetching, error } = this.#resource.snapshot ?? {};
    const topics = this.topics ?? data;
    if (topics !== this.#topics) this.#tree = toRows((this.#topics = topics));
    const words = fold(query ?? '').split(/\s+/);
    const found = (this.#found = open ? this.#tree.filter(({ key }) => words.every((word) => key.includes(word))) : []);
    const active = (this.#active = Math.min(this.#active, found.length - 1));
    const failed = (this.#error = topics || fetching ? undefined : error);
    const off = this.matches(':disabled');
    const chosen = this.#tree.find(({ id }) => id === value);
    const wrong = (this.#checked || this.#custom) && this.validationMessage;
    const name =
      this.label ||
      this.getAttribute('aria-label') ||
      Array.from(this.labels, (label) => label.textContent?.trim()).join(' ') ||
      this.text('Topic');
    const note = open && !found.length ? this.text(topics || failed || missing ? 'No topic found' : 'Loading') : '';
    return html`${this.label ? html`<label part="label" for="field">${this.label}</label>` : nothing}
      <div class="field">
        <input
          id="field"
          part="input"
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-label=${name}
          aria-autocomplete="list"
          aria-controls="list"
          aria-expanded=${open}
          aria-activedescendant=${active < 0 ? nothing : `o${active}`}
          aria-required=${this.required}
          aria-invalid=${!!wrong}
          aria-description=${wrong || nothing}
          placeholder=${this.placeholder ?? nothing}
          .value=${query ?? (chosen ? chosen.before + chosen.leaf : value)}
          ?disabled=${off}
          @keydown=${this.#press}
          @blur=${this.#leave}
          @input=${(event: InputEvent) => {
            // Searching is not choosing: the page hears of the choice only.
            event.stopPropagation();
            const typed = (event.target as HTMLInputElement).value;
            this.#show(true, typed, typed ? 0 : -1);
          }}
          @focus=${() => {
            this.#input?.select();
            // A label may have come, or changed its words, in the meantime.
            this.requestUpdate();
          }}
          @click=${() => {
            if (!open) {
              this.#input?.select();
              this.#begin();
            } else if (query === undefined) this.#show(false);
          }}
        />${
          value && !this.required && !off
            ? html`<button
                type="button"
                part="clear"
                aria-label=${this.text('Clear')}
                @click=${() => {
                  this.#choose('');
                  // Focus is inside already, on this button: asking the element for it would change nothing.
                  this.#input?.focus();
                }}
              >
                ×
              </button>`
            : nothing
        }
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
                  aria-selected=${id === value}
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
        </div>
      </div>
      ${
        failed
          ? this.alert(failed, () => void this.#resource.refresh())
          : missing && !topics
            ? html`<p class="muted">${this.text('No help desk is connected to this page.')}</p>`
            : nothing
      }
      <p class="hidden" role="status">
        ${note || (query && this.text('Topics found: {count}', { count: found.length }))}
      </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'topic-picker': TopicPicker;
  }
}
