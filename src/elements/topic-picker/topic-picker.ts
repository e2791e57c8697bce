import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { HelpDeskError } from '../../errors.js';
import type { Topic } from '../../model.js';
import { Follower } from '../../store/controllers.js';
import { DeskElement } from '../shared/desk-element.js';
import { Later } from '../shared/later.js';
import { styles } from './topic-picker.styles.js';

/**
 * A field to choose what a ticket is about: type to search, or pick from the hierarchy. It takes part in any form.
 *
 * @tag topic-picker
 * @fires {Event} input - when the person has chosen or cleared
 * @fires {Event} change - when the person has chosen or cleared
 * @fires {HelpDeskErrorEvent} help-desk-error - when the topics could not be read
 * @fires {IdentityRequiredEvent} identity-required - when the topics could not be read for want of a sign-in
 * @csspart label - the visible label, where `label` is set
 * @csspart input - the field
 * @csspart clear - the button that empties the field
 * @csspart list - the list of topics
 * @csspart item - one topic
 * @csspart alert - the message after a failure
 * @cssprop [--help-desk-accent=#1d5bbf] - colour of focus, of the active topic's frame and of the chosen one's mark
 * @cssprop [--help-desk-radius=0.625em] - radius of corners
 */
export class TopicPicker extends DeskElement {
  /** @internal */
  static override parts = 'input,clear';
  /** Takes part in forms. */
  static readonly formAssociated = true;
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
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
  readonly #resource = new Follower(this, () => (this.topics ? undefined : this.connection.store?.topics()));
  /** The list and the search in it, fetched when somebody comes near. */
  readonly #popup = new Later(
    this,
    async () => new (await import('./topic-popup.js')).TopicPopup(this, this.text.bind(this)),
  );
  /** True where it could not be had: then the browser's own list does. */
  #plain = false;
  #value = '';
  #custom = '';
  /** True once the person was told that the value is not right. */
  #checked = false;
  #error: HelpDeskError | undefined;
  #told: HelpDeskError | undefined;

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
    this.#close();
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

  override connectedCallback(): void {
    super.connectedCallback();
    // Other labels, another desk.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  get #field(): HTMLInputElement | null {
    return this.renderRoot?.querySelector('#field');
  }

  /** The form's knowledge must be right at once, not at the next rendering. */
  #sync(): void {
    const valueMissing = this.required && !this.#value;
    this.#internals.setFormValue(this.#value);
    this.#internals.setValidity(
      { valueMissing, customError: !!this.#custom },
      this.#custom || (valueMissing ? this.text('Choose a topic.') : ''),
      this.#field ?? undefined,
    );
  }

  #close(): void {
    this.#popup.part?.show(false);
    this.requestUpdate();
  }

  /** What a person does in the field: the list is told at once, or as soon as it is there. */
  readonly #tell = (event: Event): void => {
    const { part, need } = this.#popup;
    const { value } = event.target as HTMLInputElement;
    // Searching is not choosing: the page hears of the choice only.
    if (event.type === 'input') event.stopPropagation();
    if (event.type === 'focus') {
      this.#field?.select();
      // A label may have come, or changed its words, in the meantime.
      this.requestUpdate();
    }
    if (part) part.hear(event, value);
    else
      void need().then(
        (popup) => popup.hear(event, value),
        async () => {
          const focused = this.matches(':focus');
          this.#plain = true;
          this.requestUpdate();
          await this.updateComplete;
          if (focused) this.focus();
        },
      );
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('topics') && !this.topics && this.getAttribute('topics'))
      console.warn('<topic-picker topics="…"> holds no JSON list', this);
    // With topics of its own it needs no desk, and must not complain that there is none.
    if (this.isConnected) this.connection[this.topics ? 'hostDisconnected' : 'hostConnected']();
  }

  protected override updated(): void {
    const field = this.#field as HTMLInputElement;
    this.#sync();
    this.#popup.part?.place(field);
    // After its options.
    if (this.#plain) field.value = this.#value;
    if (this.#error && this.#error !== this.#told) this.report(this.#error);
    this.#told = this.#error;
  }

  protected override render(): TemplateResult {
    return this.content();
  }

  protected override content(): TemplateResult {
    const value = this.#value;
    const { missing } = this.connection;
    const { data, fetching, error } = this.#resource.source?.peek() ?? {};
    const given: readonly Topic[] | undefined = this.topics ?? data;
    // What comes from an attribute may hold anything.
    const topics: readonly (Topic | null)[] = Array.isArray(given) ? given : [];
    const failed = (this.#error = given || fetching ? undefined : error);
    const { part, ahead } = this.#popup;
    // What is chosen is shown with its parents' names, and can be cleared.
    if (value) ahead();
    const off = this.matches(':disabled');
    const wrong = (this.#checked || this.#custom) && this.validationMessage;
    const name =
      this.label ||
      this.getAttribute('aria-label') ||
      Array.from(this.labels, (label) => label.textContent?.trim()).join(' ') ||
      this.text('Topic');
    const list = part?.list(topics, name, !!(given || failed || missing));
    const chosen = topics.find((topic) => `${topic?.id}` === value);
    return html`${this.label ? html`<label part="label" for="field">${this.label}</label>` : nothing}
      <div class="field" @pointerenter=${ahead}>
        ${
          this.#plain
            ? html`<select
                id="field"
                part="input"
                aria-label=${name}
                aria-invalid=${!!wrong}
                aria-description=${wrong || nothing}
                ?disabled=${off}
                ?required=${this.required}
                @input=${({ target }: { target: HTMLSelectElement }) => (this.value = target.value)}
                @change=${() => this.dispatchEvent(new Event('change', { bubbles: true, composed: true }))}
              >
                <option value=""></option>
                ${topics.map((topic) => topic && html`<option value=${topic.id}>${topic.name}</option>`)}
              </select>`
            : html`<input
                id="field"
                part="input"
                aria-label=${name}
                aria-invalid=${!!wrong}
                aria-description=${wrong || nothing}
                ?disabled=${off}
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                aria-autocomplete="list"
                aria-controls=${part ? 'list' : nothing}
                aria-expanded="false"
                aria-required=${this.required}
                placeholder=${this.placeholder ?? nothing}
                .value=${part?.words() ?? chosen?.name ?? value}
                @keydown=${this.#tell}
                @input=${this.#tell}
                @focus=${this.#tell}
                @click=${this.#tell}
                @blur=${this.#tell}
              />`
        }
        ${list}
      </div>
      ${
        failed
          ? this.alert(failed, () => void this.#resource.source?.refresh())
          : missing && !given
            ? html`<p class="muted">${this.text('No help desk is connected to this page.')}</p>`
            : nothing
      }
      ${this.liveRegion()}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'topic-picker': TopicPicker;
  }
}
