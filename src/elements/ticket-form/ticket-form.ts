import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { toHelpDeskError, type HelpDeskError } from '../../errors.js';
import { TicketCreatedEvent, TicketSubmitEvent } from '../../events.js';
import type { Ticket, TicketDraft } from '../../model.js';
import { CellController, ResourceController } from '../../store/controllers.js';
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
export type Prefill = Readonly<Partial<Record<'subject' | 'message' | 'topicId' | 'email' | 'displayName', Prefilled>>>;

type Wrong = Partial<Record<string, string>>;
type Field = 'email' | 'displayName' | 'topicId' | 'priority' | 'subject' | 'message';

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

  readonly #topics = new ResourceController(this, () =>
    this.connection.store?.can('listTopics') ? this.connection.store.topics() : undefined,
  );
  readonly #identity = new CellController(this, () => this.connection.store?.identity);
  readonly #online = new CellController(this, () => this.connection.store?.online);
  readonly #saver = new DraftSaver(this, () => this.connection.store?.drafts.write(draftKey, this.#written()));
  readonly #picker = new FilePicker(
    this,
    () => (this.noAttachments ? undefined : this.connection.store?.backend.limits.createFiles),
    (english, values) => this.text(english, values),
    () => this.language,
  );
  #topicPicker: TopicPicker | undefined;
  #from: Store | undefined;
  #values: Partial<Record<Field, string>> = {};
  #wrong: Wrong = {};
  #sending = false;
  #progress = 0;
  #error: HelpDeskError | undefined;
  #sent: Ticket | undefined;
  #undo: { values: Partial<Record<Field, string>>; files: readonly File[] } | undefined;
  #intent = '';
  #intentOf = '';

  constructor() {
    super();
    this.noAttachments = false;
  }

  /** What is written now, as it would be sent. */
  get draft(): TicketDraft {
    const { subject = '', message = '', topicId, priority, email, displayName } = this.#values;
    return {
      subject: subject.trim(),
      message,
      ...(topicId && { topicId }),
      ...(priority && { priority }),
      ...(email && { email: email.trim() }),
      ...(displayName && { displayName: displayName.trim() }),
      ...(this.#picker.files.length && { files: [...this.#picker.files] }),
    };
  }

  /** Shows the empty form again after a ticket was sent. What is being written stays. */
  reset(): void {
    this.#sent = undefined;
    this.requestUpdate();
  }

  #written(): DraftText {
    const begun = this.#beginning();
    return Object.fromEntries(
      Object.entries(this.#values).filter(([name, value]) => value && value !== begun[name as Field]),
    );
  }

  #beginning(): Partial<Record<Field, string>> {
    const given: Partial<Record<Field, string | undefined>> = {
      topicId: this.topic,
      subject: this.subject,
      message: this.message,
      email: this.email,
      displayName: this.displayName,
    };
    for (const [name, value] of Object.entries(this.prefill ?? {})) {
      given[name as Field] = typeof value === 'string' ? value : value.value;
    }
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  }

  #locked(name: Field): boolean {
    const value = this.prefill?.[name as keyof Prefill];
    return typeof value === 'object' && value.readOnly === true;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { store } = this.connection;
    if (store && store !== this.#from) {
      this.#from = store;
      this.#values = { ...this.#beginning(), ...store.drafts.read(draftKey) };
    } else if (['topic', 'subject', 'message', 'email', 'displayName', 'prefill'].some((name) => changed.has(name))) {
      this.#values = { ...this.#beginning(), ...this.#values, ...this.#changedBeginning(changed) };
    }
  }

  /** A page that changes what to begin with means it, unless the person has written there. */
  #changedBeginning(changed: PropertyValues): Partial<Record<Field, string>> {
    const begun = this.#beginning();
    return Object.fromEntries(
      Object.entries(begun).filter(([name]) => {
        const old = changed.get(name === 'topicId' ? 'topic' : name) as string | undefined;
        const now = this.#values[name as Field];
        return !now || now === old || this.#locked(name as Field);
      }),
    );
  }

  #input(name: Field, value: string): void {
    this.#values[name] = value;
    this.#saver.changed();
    if (this.#wrong[name] && value.trim()) {
      delete this.#wrong[name];
      this.requestUpdate();
    }
  }

  #check(draft: TicketDraft): boolean {
    const { limits } = this.#from?.backend ?? { limits: undefined };
    const wrong: Wrong = {};
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
    this.#wrong = wrong;
    return !Object.keys(wrong).length;
  }

  async #send(event?: Event): Promise<void> {
    event?.preventDefault();
    const store = this.connection.store;
    if (!store || this.#sending) return;
    const draft = this.draft;
    if (!this.#check(draft)) return this.#showWrong();
    if (!this.dispatchEvent(new TicketSubmitEvent(draft))) return;
    const content = JSON.stringify([
      draft,
      draft.files?.map(({ name, size, lastModified }) => [name, size, lastModified]),
    ]);
    if (content !== this.#intentOf) {
      this.#intentOf = content;
      this.#intent = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    }
    this.#sending = true;
    this.#error = undefined;
    this.#progress = 0;
    this.#saver.flush();
    this.announce(this.text('Sending'));
    try {
      const ticket = await store.createTicket(draft, {
        intentId: this.#intent,
        onProgress: (fraction) => {
          this.#progress = fraction;
          this.requestUpdate();
        },
      });
      this.#clear(store);
      this.#sent = ticket;
      this.announce(this.#sentWords(ticket));
      this.dispatchEvent(new TicketCreatedEvent(ticket));
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[part=success]')?.focus();
    } catch (thrown) {
      this.#error = toHelpDeskError(thrown);
      this.#wrong = { ...this.#error.fields };
      this.report(this.#error);
      if (Object.keys(this.#wrong).some((name) => this.renderRoot.querySelector(`#${CSS.escape(name)}`)))
        await this.#showWrong();
    } finally {
      this.#sending = false;
      this.requestUpdate();
    }
  }

  async #showWrong(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    const first = this.renderRoot.querySelector<HTMLElement>(
      '[aria-invalid=true], .wrong + topic-picker, [data-wrong]',
    );
    first?.focus();
  }

  #clear(store: Store): void {
    this.#saver.cancel();
    store.drafts.remove(draftKey);
    this.#values = this.#beginning();
    this.#picker.files = [];
    this.#wrong = {};
    this.#error = undefined;
    this.#intentOf = '';
    this.#undo = undefined;
  }

  #discard(): void {
    if (!this.#from) return;
    const undo = { values: this.#values, files: this.#picker.files };
    this.#clear(this.#from);
    this.#undo = undo;
    this.announce(this.text('Discarded.'));
  }

  #restore(): void {
    if (!this.#undo) return;
    this.#values = this.#undo.values;
    this.#picker.files = this.#undo.files;
    this.#undo = undefined;
    this.#saver.changed();
    this.requestUpdate();
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
      @paste=${this.#picker.paste}
      @dragover=${this.#picker.drop}
      @drop=${this.#picker.drop}
    >
      ${this.#online.value === false ? this.offline(store) : nothing}
      ${who ? html`<div class="pair">${this.#field('email', 'Your email', 'email', 'email')}${this.#field('displayName', 'Your name', 'text', 'name')}</div>` : nothing}
      ${this.#topicField(!!limits.topicRequired)}
      ${limits.priorities?.length ? this.#priorities(limits.priorities) : nothing}
      ${this.#field('subject', 'Subject', 'text', 'off')} ${this.#field('message', 'Message')} ${this.#picker.render()}
      ${
        this.#undo
          ? html`<p class="notice row">
              <span class="grow">${this.text('Discarded.')}</span
              ><button type="button" @click=${() => this.#restore()}>${this.text('Undo')}</button>
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

  #failed(error: HelpDeskError): TemplateResult {
    const others = Object.entries(error.fields).filter(
      ([name]) => !this.renderRoot.querySelector(`#${CSS.escape(name)}`),
    );
    return html`${this.alert(
      error,
      () => void this.#send(),
      html`<button type="button" @click=${() => this.#discard()}>${this.text('Discard')}</button>`,
    )}${others.map(([name, words]) => html`<p class="wrong">${name}: ${words}</p>`)}`;
  }

  #described(name: string): string | typeof nothing {
    return this.#wrong[name] ? `${name}-wrong` : nothing;
  }

  #wrongWords(name: string): TemplateResult | typeof nothing {
    return this.#wrong[name]
      ? html`<p class="wrong" id="${name}-wrong" role="alert">${this.#wrong[name]}</p>`
      : nothing;
  }

  #field(name: Field, label: string, type?: string, autocomplete?: string): TemplateResult {
    const value = this.#values[name] ?? '';
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
              required
              .value=${value}
              ?readonly=${readonly}
              dir=${type === 'email' ? nothing : 'auto'}
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
              .value=${value}
              ?readonly=${readonly}
              aria-invalid=${wrong}
              aria-describedby=${this.#described(name)}
              @input=${input}
              @keydown=${(event: KeyboardEvent) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.#send(event);
              }}
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
    picker.value = this.#values.topicId ?? '';
    picker.toggleAttribute('data-wrong', !!this.#wrong['topicId']);
    return html`<div part="field">${picker}${this.#wrongWords('topicId')}</div>`;
  }

  #priorities(priorities: NonNullable<Store['backend']['limits']['priorities']>): TemplateResult {
    const chosen = this.#values.priority ?? priorities[(priorities.length - 1) >> 1]?.id;
    return html`<div part="field">
      <label for="priority">${this.text('Priority')}</label>
      <select
        id="priority"
        @change=${(event: Event) => this.#input('priority', (event.target as HTMLSelectElement).value)}
      >
        ${priorities.map(({ id, name }) => html`<option value=${id} .selected=${id === chosen}>${this.text(name)}</option>`)}
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
        @click=${async () => {
          this.reset();
          await this.updateComplete;
          this.renderRoot.querySelector<HTMLElement>('input, textarea')?.focus();
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
