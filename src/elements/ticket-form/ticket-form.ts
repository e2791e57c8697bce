import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { toHelpDeskError, type HelpDeskError } from '../../errors.js';
import { TicketCreatedEvent, TicketSubmitEvent } from '../../events.js';
import type { Ticket, TicketDraft } from '../../model.js';
import { CellController, ResourceController } from '../../store/controllers.js';
import { personOf } from '../../store/drafts.js';
import { newId } from '../../store/outbox.js';
import type { DraftText, Store } from '../../store/types.js';
import { DeskElement } from '../shared/desk-element.js';
import { DraftSaver } from '../shared/draft-saver.js';
import { FilePicker } from '../shared/file-picker.js';
import { fileStyles } from '../shared/files.styles.js';
import type { TopicPicker } from '../topic-picker/topic-picker.js';
import { styles } from './ticket-form.styles.js';

/** A value to begin with, and whether the person may change it. */
export type Prefilled = string | { readonly value: string; readonly readOnly?: boolean };

/** What a page can fill in beforehand. */
export type Prefill = Readonly<
  Partial<Record<'subject' | 'message' | 'topicId' | 'priority' | 'email' | 'displayName', Prefilled>>
> & {
  /** Values of extra fields, by their name in the back end. They are sent also where no such field is shown. */
  readonly fields?: Readonly<Record<string, Prefilled>>;
};

/** A field that the back end wants besides ours. */
export interface ExtraField {
  /** Its name in the back end. */
  readonly name: string;
  /** What people see; the name where absent. */
  readonly label?: string;
  readonly required?: boolean;
  /** As of an `input`, e.g. `date`; `text` where absent. */
  readonly type?: string;
}

/** Topic id → its extra fields; `*` for those of every topic. */
export type ExtraFields = Readonly<Record<string, readonly ExtraField[]>>;

type Texts = Record<string, string>;

/** Names of extra fields are kept apart from ours. */
const extra = 'fields.';
/** Texts of a draft, in the order of the form. */
const ours = ['email', 'displayName', 'topicId', 'priority', 'subject', 'message'] as const;
/** Which attribute gives the beginning of which text. */
const attributes = ['topic', 'subject', 'message', 'email', 'displayName'] as const;

/** The texts in a draft, in what was kept of one, or in what a page fills in. Whatever else is there is left out. */
function textsOf(from: object | null | undefined): Texts {
  const { fields, ...own } = (from ?? {}) as Record<string, unknown>;
  const others = Object.entries((typeof fields === 'object' && (fields as Record<string, unknown>)) || {});
  const texts: Texts = {};
  for (const [name, given] of [
    ...Object.entries(own),
    ...others.map(([name, each]) => [extra + name, each] as const),
  ]) {
    const value = (typeof given === 'object' ? (given as { value?: unknown } | null)?.value : given) ?? {};
    if (typeof value !== 'object' && ((ours as readonly string[]).includes(name) || name.startsWith(extra)))
      texts[name] = `${value as string}`;
  }
  return texts;
}

/** Draft key of a ticket not yet sent. */
const draftKey = 'new';

/**
 * A new ticket: to write, attach to and send. What is written survives a reload and a failed send.
 *
 * @tag ticket-form
 * @fires {TicketSubmitEvent} ticket-submit - before sending; the draft may be changed; cancelable: then nothing is sent
 * @fires {TicketCreatedEvent} ticket-created - when the back end has stored the ticket
 * @fires {HelpDeskErrorEvent} help-desk-error - when sending failed
 * @slot success - shown under the words that say the ticket was sent
 * @csspart form - the form
 * @csspart field - one field with its label
 * @csspart attachments - files to send
 * @csspart send - the button that sends
 * @csspart success - what is shown once the ticket is sent
 * @csspart alert - the message after a failure
 */
export class TicketForm extends DeskElement {
  static override styles = [DeskElement.styles, fileStyles, styles];
  static override properties: PropertyDeclarations = {
    ...DeskElement.properties,
    topic: {},
    subject: {},
    message: {},
    email: {},
    displayName: { attribute: 'display-name' },
    noAttachments: { attribute: 'no-attachments', type: Boolean },
    prefill: { type: Object },
    fields: { type: Object },
    draft: { attribute: false, noAccessor: true },
  };

  /** Id of the topic to begin with. */
  declare topic: string | undefined;
  /** Subject to begin with. */
  declare subject: string | undefined;
  /** Message to begin with. */
  declare message: string | undefined;
  /** E-mail address to begin with, where the person is not known. */
  declare email: string | undefined;
  /** Name to begin with, where the person is not known. */
  declare displayName: string | undefined;
  /** True to offer no files. */
  declare noAttachments: boolean;
  /** Values to begin with, each optionally `{value, readOnly}`. */
  declare prefill: Prefill | undefined;
  /** Further fields, by the id of the topic they belong to; `*` for every topic. */
  declare fields: ExtraFields | undefined;

  readonly #topics = new ResourceController(this, () =>
    this.connection.store?.can('listTopics') ? this.connection.store.topics() : undefined,
  );
  readonly #identity = new CellController(this, () => this.connection.store?.identity);
  readonly #saver = new DraftSaver(this, () => this.#from?.drafts.write(draftKey, this.#written()));
  readonly #picker = new FilePicker(
    this,
    () => (this.noAttachments ? undefined : this.connection.store?.backend.limits.createFiles),
    (english, values) => this.text(english, values),
    () => this.language,
  );
  #topicPicker: TopicPicker | undefined;
  #from: Store | undefined;
  #person: string | undefined;
  #values: Texts = {};
  #begun: Texts = {};
  #wrong: Texts = {};
  #sending = false;
  #progress = 0;
  #error: HelpDeskError | undefined;
  #sent: Ticket | undefined;
  #undo: { values: Texts; files: readonly File[] } | undefined;
  #intent = '';
  #intentOf = '';

  constructor() {
    super();
    this.noAttachments = false;
    new CellController(this, () => this.connection.store?.online);
  }

  /** What is written now, as it would be sent. Set it to write in the person's place. */
  get draft(): TicketDraft {
    const { subject = '', message = '' } = this.#values;
    const draft: TicketDraft = { subject: subject.trim(), message };
    const fields: Texts = {};
    for (const [name, value] of Object.entries(this.#values)) {
      const own = name.slice(extra.length);
      if (name in draft || !value.trim()) continue;
      if (!name.startsWith(extra)) draft[name as 'email'] = value.trim();
      else if (name in this.#begun || this.#extras.some((field) => field.name === own)) fields[own] = value.trim();
    }
    const { files } = this.#picker;
    return { ...draft, ...(Object.keys(fields).length && { fields }), ...(files.length && { files: [...files] }) };
  }
  set draft(draft: Partial<TicketDraft> | undefined) {
    this.#values = textsOf(draft);
    this.#picker.files = draft?.files ?? [];
    this.#saver.changed();
  }

  /** Shows the empty form again after a ticket was sent. What is being written stays. */
  reset(): void {
    this.#sent = undefined;
    this.requestUpdate();
  }

  #written(): DraftText {
    return Object.fromEntries(Object.entries(this.#values).filter(([name, value]) => value !== this.#begun[name]));
  }

  #beginning(): Texts {
    const { topic, ...given } = Object.fromEntries(attributes.map((name) => [name, this[name]]));
    return { ...textsOf({ ...given, topicId: topic }), ...textsOf(this.prefill) };
  }

  /** What the page has locked is as the page says, whatever was written before. */
  #lockedValues(): Texts {
    return Object.fromEntries(Object.entries(this.#begun).filter(([name]) => this.#locked(name)));
  }

  #locked(name: string): boolean {
    const { fields, ...own } = this.prefill ?? {};
    const value = (name.startsWith(extra) ? fields?.[name.slice(extra.length)] : own[name as 'email']) as
      Exclude<Prefilled, string> | undefined;
    return value?.readOnly === true;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { store } = this.connection;
    if (!store) return;
    const person = personOf(store.identity.value);
    if (store !== this.#from || person !== this.#person) {
      // What somebody without a name has written is theirs when they say who they are; all else stays behind.
      const keep = !this.#from || (store === this.#from && this.#person === personOf());
      if (store !== this.#from) this.#saver.flush();
      const written = keep ? this.#written() : {};
      this.#saver[keep ? 'changed' : 'cancel']();
      if (!keep) this.#clear();
      this.#from = store;
      this.#person = person;
      this.#begun = this.#beginning();
      this.#values = { ...this.#begun, ...textsOf(store.drafts.read(draftKey)), ...written, ...this.#lockedValues() };
    } else if ([...attributes, 'prefill'].some((name) => changed.has(name))) {
      // A page that changes what to begin with means it, unless the person has written there.
      const before = this.#begun;
      this.#begun = this.#beginning();
      const kept = Object.entries(this.#values).filter(([name, value]) => value !== before[name]);
      this.#values = { ...this.#begun, ...Object.fromEntries(kept), ...this.#lockedValues() };
    }
  }

  protected override updated(): void {
    // Not by the template: what was typed since the last rendering is unknown to it, and must go when the draft goes.
    for (const field of this.renderRoot.querySelectorAll<HTMLInputElement>('input[name], textarea, select')) {
      const value = this.#values[field.name] ?? field.dataset['value'] ?? '';
      if (field.value !== value) field.value = value;
    }
  }

  #input(name: string, value: string): void {
    this.#values = { ...this.#values, [name]: value };
    this.#saver.changed();
    if (this.#undo || name === 'topicId' || (this.#wrong[name] && value.trim())) this.requestUpdate();
    this.#undo = undefined;
    if (value.trim()) delete this.#wrong[name];
  }

  /** The extra fields of the chosen topic. */
  get #extras(): readonly ExtraField[] {
    const { fields } = this;
    const all = ['*', this.#values['topicId'] ?? ''].map((topic) => fields?.[topic]);
    return all.flatMap((list) => (Array.isArray(list) ? (list as ExtraField[]).filter((field) => field?.name) : []));
  }

  #check(draft: TicketDraft): boolean {
    const limits = this.#from?.backend.limits;
    const wrong: Texts = {};
    if (this.#asksWho()) {
      if (!draft.email) wrong['email'] = this.text('Enter your email address.');
      else if (!/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(draft.email))
        wrong['email'] = this.text('Enter an email address like name@example.com.');
      if (!draft.displayName) wrong['displayName'] = this.text('Enter your name.');
    }
    if (limits?.topicRequired && !draft.topicId) wrong['topicId'] = this.text('Choose a topic.');
    if (!draft.subject) wrong['subject'] = this.text('Enter a subject.');
    else if (limits?.subjectLength && draft.subject.length > limits.subjectLength)
      wrong['subject'] = this.text('Use at most {count} characters.', { count: limits.subjectLength });
    if (!draft.message.trim()) wrong['message'] = this.text('Enter a message.');
    for (const { name, required } of this.#extras)
      if (required && !draft.fields?.[name]) wrong[extra + name] = this.text('This field is required.');
    this.#wrong = wrong;
    return !Object.keys(wrong).length;
  }

  async #send(event?: Event): Promise<void> {
    event?.preventDefault();
    const { store } = this.connection;
    if (!store || this.#sending) return;
    const person = this.#person;
    const draft = this.draft;
    if (!this.#check(draft)) return this.#showWrong();
    if (!this.dispatchEvent(new TicketSubmitEvent(draft))) return;
    const content = JSON.stringify([
      draft,
      draft.files?.map(({ name, size, lastModified }) => [name, size, lastModified]),
    ]);
    if (content !== this.#intentOf) {
      this.#intentOf = content;
      this.#intent = newId();
    }
    this.#sending = true;
    this.#error = undefined;
    this.#progress = 0;
    this.#saver.flush();
    this.announce(this.text('Sending'));
    // The button of the alert goes with the alert.
    if (this.renderRoot.querySelector('.alert :focus')) void this.#focus('[part=send]');
    const mine = (): boolean => this.#from === store && this.#person === person;
    try {
      const ticket = await store.createTicket(draft, {
        intentId: this.#intent,
        onProgress: (fraction) => {
          this.#progress = fraction;
          this.requestUpdate();
        },
      });
      if (mine()) {
        this.#clear();
        store.drafts.remove(draftKey);
        this.#sent = ticket;
        this.announce(this.#sentWords(ticket));
      }
      this.dispatchEvent(new TicketCreatedEvent(ticket));
      if (this.#sent) await this.#focus('[part=success]');
    } catch (thrown) {
      if (!mine()) return;
      const error = (this.#error = toHelpDeskError(thrown));
      // Extra fields are named as in the draft, or by their label.
      this.#wrong = Object.fromEntries(
        Object.entries(error.fields).map(([name, words]) => {
          const field = this.#extras.find(({ name: own, label }) => name === own || name === label);
          return [field ? extra + field.name : name, this.text(words)];
        }),
      );
      this.announce('');
      this.report(error);
      this.#picker.problem = this.#wrong['files'] ?? '';
      await this.updateComplete;
      if (Object.keys(this.#wrong).some((name) => this.#has(name))) await this.#showWrong();
    } finally {
      this.#sending = false;
      this.requestUpdate();
    }
  }

  /** Focuses the first that is there once everything is drawn. */
  async #focus(selector: string): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  #showWrong(): Promise<void> {
    return this.#focus('[aria-invalid=true], [data-wrong]');
  }

  #clear(): void {
    this.#saver.cancel();
    this.#sent = undefined;
    this.#values = this.#beginning();
    this.#picker.files = [];
    this.#wrong = {};
    this.#error = undefined;
    this.#intentOf = '';
    this.#undo = undefined;
  }

  #discard(): void {
    const undo = { values: this.#values, files: this.#picker.files };
    this.#clear();
    this.#from?.drafts.remove(draftKey);
    this.#undo = undo;
    this.announce(this.text('Discarded.'));
    void this.#focus('.undo');
  }

  #restore(): void {
    if (!this.#undo) return;
    this.#values = this.#undo.values;
    this.#picker.files = this.#undo.files;
    this.#undo = undefined;
    this.#saver.changed();
    void this.#focus('textarea');
  }

  #sentWords(ticket: Ticket): string {
    return ticket.number
      ? this.text('Your ticket was sent. Its number is {number}.', { number: ticket.number })
      : this.text('Your ticket was sent.');
  }

  #asksWho(): boolean {
    return (
      !!this.#from?.backend.limits.identityRequired && !this.#identity.value?.email && !this.#identity.value?.userId
    );
  }

  protected override content(store: Store): TemplateResult {
    if (this.#sent) return this.#success(this.#sent);
    const { limits } = store.backend;
    const who = this.#asksWho();
    return html`<form
      part="form"
      novalidate
      aria-busy=${this.#sending ? 'true' : nothing}
      @submit=${(event: Event) => void this.#send(event)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) void this.#send(event);
      }}
      @paste=${this.#picker.paste}
      @dragover=${this.#picker.drop}
      @drop=${this.#picker.drop}
    >
      ${this.offline(store)}
      ${who ? html`<div class="pair">${this.#field('email', 'Your email', 'email', 'email')}${this.#field('displayName', 'Your name', 'text', 'name')}</div>` : nothing}
      ${this.#topicField(!!limits.topicRequired)}
      ${limits.priorities?.length ? this.#priorities(limits.priorities) : nothing}
      ${this.#extras.map(({ name, label = name, type = 'text', required = false }) => this.#field(extra + name, label, type, 'off', required))}
      ${this.#field('subject', 'Subject', 'text', 'off')} ${this.#field('message', 'Message')} ${this.#picker.render()}
      ${
        this.#undo
          ? html`<p class="notice row">
              <span class="grow">${this.text('Discarded.')}</span
              ><button type="button" class="undo" @click=${() => this.#restore()}>${this.text('Undo')}</button>
            </p>`
          : nothing
      }
      ${this.#error ? this.#failed(this.#error) : nothing}
      <div class="row">
        <button part="send" class="primary" aria-disabled=${this.#sending ? 'true' : nothing}>
          ${this.#sending ? this.text('Sending…') : this.text('Send')}
        </button>
        ${
          this.#sending && this.#picker.files.length
            ? html`<progress aria-label=${this.text('Sending')} max="1" .value=${this.#progress}></progress>`
            : nothing
        }
      </div>
    </form>`;
  }

  /** True where what is wrong with it is said next to a field. */
  #has(name: string): boolean {
    return !!this.renderRoot.querySelector(`#${CSS.escape(name)}`);
  }

  #failed(error: HelpDeskError): TemplateResult {
    const others = Object.entries(this.#wrong).filter(([name]) => !this.#has(name));
    return this.alert(
      error,
      () => void this.#send(),
      html`<button type="button" @click=${() => this.#discard()}>${this.text('Discard')}</button>${others.map(
          ([name, words]) => html`<p class="wrong grow">${name}: ${words}</p>`,
        )}`,
    );
  }

  #described(name: string): string | typeof nothing {
    return this.#wrong[name] ? `${name}-wrong` : nothing;
  }

  #wrongWords(name: string): TemplateResult | typeof nothing {
    return this.#wrong[name]
      ? html`<p class="wrong" id="${name}-wrong" role="alert">${this.#wrong[name]}</p>`
      : nothing;
  }

  #field(name: string, label: string, type?: string, autocomplete?: string, required = true): TemplateResult {
    const wrong = this.#wrong[name] ? 'true' : nothing;
    const readonly = this.#sending || this.#locked(name);
    const input = (event: Event): void => this.#input(name, (event.target as HTMLInputElement).value);
    return html`<div part="field">
      <label for=${name}>${this.text(label)}</label>
      ${
        type
          ? html`<input
              id=${name}
              name=${name}
              type=${type}
              autocomplete=${autocomplete ?? nothing}
              ?required=${required}
              ?readonly=${readonly}
              dir=${type === 'text' ? 'auto' : nothing}
              aria-invalid=${wrong}
              aria-describedby=${this.#described(name)}
              @input=${input}
            />`
          : html`<textarea
              id=${name}
              name=${name}
              rows="5"
              required
              dir="auto"
              ?readonly=${readonly}
              aria-invalid=${wrong}
              aria-describedby=${this.#described(name)}
              @input=${input}
            ></textarea>`
      }
      ${this.#wrongWords(name)}
    </div>`;
  }

  #topicField(required: boolean): TemplateResult | typeof nothing {
    const { store } = this.connection;
    const topics = this.#topics.snapshot;
    if (!store?.can('listTopics') || (topics?.status === 'ready' && !topics.data?.length)) return nothing;
    let picker = this.#topicPicker;
    if (!picker) {
      picker = this.#topicPicker = this.make('topic-picker');
      picker.id = 'topicId';
      picker.addEventListener('change', () => this.#input('topicId', this.#topicPicker?.value ?? ''));
    }
    picker.store = store;
    picker.label = this.text('Topic');
    picker.required = required;
    picker.disabled = this.#sending || this.#locked('topicId');
    picker.value = this.#values['topicId'] ?? '';
    const wrong = this.#wrong['topicId'] ?? '';
    if (picker.hasAttribute('data-wrong') !== !!wrong) picker.setCustomValidity(wrong);
    picker.toggleAttribute('data-wrong', !!wrong);
    return html`<div part="field">${picker}${this.#wrongWords('topicId')}</div>`;
  }

  #priorities(priorities: NonNullable<Store['backend']['limits']['priorities']>): TemplateResult {
    return html`<div part="field">
      <label for="priority">${this.text('Priority')}</label>
      <select
        id="priority"
        name="priority"
        data-value=${priorities[(priorities.length - 1) >> 1]?.id ?? nothing}
        aria-invalid=${this.#wrong['priority'] ? 'true' : nothing}
        aria-describedby=${this.#described('priority')}
        @change=${(event: Event) => this.#input('priority', (event.target as HTMLSelectElement).value)}
      >
        ${priorities.map(({ id, name }) => html`<option value=${id}>${this.text(name)}</option>`)}
      </select>
      ${this.#wrongWords('priority')}
    </div>`;
  }

  #success(ticket: Ticket): TemplateResult {
    return html`<div part="success" class="empty" tabindex="-1">
      <h2>${this.#sentWords(ticket)}</h2>
      <p>${this.text('We will answer as soon as we can.')}</p>
      <slot name="success"></slot>
      <button
        type="button"
        @click=${() => {
          this.reset();
          void this.#focus('#topicId, input, textarea');
        }}
      >
        ${this.text('New ticket')}
      </button>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ticket-form': TicketForm;
  }
}
