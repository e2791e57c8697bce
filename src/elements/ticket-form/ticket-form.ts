import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { HelpDeskError } from '../../errors.js';
import type { TicketDraft } from '../../model.js';
import { Follower } from '../../store/controllers.js';
import { personOf } from '../../store/drafts.js';
import type { Store } from '../../store/types.js';
import { composing } from '../shared/composing.js';
import { DeskElement } from '../shared/desk-element.js';
import { DraftSaver } from '../shared/draft-saver.js';
import { FilePicker } from '../shared/file-picker.js';
import { Later } from '../shared/later.js';
import type { TopicPicker } from '../topic-picker/topic-picker.js';
import type { Lent } from './sending.js';
import { extra, fieldsOf, textsOf, type Texts } from './texts.js';
import { styles } from './ticket-form.styles.js';

/** A value to begin with; whether the person may change it, and whether it is shown at all: hidden until something is wrong with it. */
export type Prefilled = string | { readonly value: string; readonly readOnly?: boolean; readonly hidden?: boolean };

/** What a page can fill in beforehand. */
export type Prefill = Readonly<
  Partial<Record<'subject' | 'message' | 'topicId' | 'priority' | 'email' | 'displayName', Prefilled>>
> & {
  /** Values of extra fields, by their name in the back end. They are sent also where no such field is shown. */
  readonly fields?: Readonly<Record<string, Prefilled>>;
  /** What the page knows and an agent should, as a text or as name → value. The person sees it; it goes out below the message. */
  readonly context?: Prefilled | Readonly<Record<string, Prefilled>>;
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

/** Loaded together with the topics, where there can be any. */
const loadPicker = async () => void (await import('../topic-picker/define.js'));

/** Draft key of a ticket not yet sent. */
const draftKey = 'new';

/**
 * A new ticket: to write, attach to and send. What is written survives a reload and a failed send; forms of one desk share
 * one draft.
 *
 * @tag ticket-form
 * @fires {TicketSubmitEvent} ticket-submit - before sending; the draft may be changed; cancelable: then nothing is sent
 * @fires {TicketCreatedEvent} ticket-created - when the back end has stored the ticket
 * @fires {HelpDeskErrorEvent} help-desk-error - when sending failed
 * @fires {IdentityRequiredEvent} identity-required - when sending failed for want of a sign-in
 * @slot success - shown under the words that say the ticket was sent
 * @csspart form - the form
 * @csspart field - one field with its label
 * @csspart attachments - files to send
 * @csspart context - what the page sends with the message, shown beforehand
 * @csspart send - the button that sends
 * @csspart cancel - the button that stops what is being sent
 * @csspart success - what is shown once the ticket is sent
 * @csspart alert - the message after a failure
 */
export class TicketForm extends DeskElement {
  /** @internal */
  static override parts = 'form,field,attachments,context,send,cancel,success,input,clear,alert';
  static override styles = [DeskElement.styles, styles];
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
  /** Values to begin with, each optionally `{value, readOnly, hidden}`. */
  declare prefill: Prefill | undefined;
  /** Further fields, by the id of the topic they belong to; `*` for every topic. */
  declare fields: ExtraFields | undefined;

  readonly #topics = new Follower(this, () =>
    this.connection.store?.can('listTopics') ? this.connection.store.topics() : undefined,
  );
  readonly #identity = new Follower(this, () => this.connection.store?.identity);
  readonly #save = (): void => this.#from?.drafts.write(draftKey, this.#lent.written);
  readonly #saver = new DraftSaver(this, this.#save);
  readonly #picker = new FilePicker(this, () =>
    this.noAttachments ? undefined : this.connection.store?.backend.limits.createFiles,
  );
  /** Shared with what sends; its code is fetched as soon as a person is in the form. */
  readonly #lent: Lent = {
    form: this,
    picker: this.#picker,
    written: {},
    asksWho: () => this.#asksWho(),
    extras: () => this.#extras,
    save: this.#save,
    discard: () => {
      this.#clear();
      this.#from?.drafts.remove(draftKey);
    },
  };
  readonly #sending = new Later(this, async () => new (await import('./sending.js')).Sending(this.#lent));
  #topicPicker: TopicPicker | undefined;
  #from: Store | undefined;
  #person: string | undefined;
  /** True from a press of the button, unless the form begins anew before what sends is there. */
  #pressed = false;
  /** Why what sends could not be had. */
  #failure: HelpDeskError | undefined;

  constructor() {
    super();
    this.noAttachments = false;
    new Follower(this, () => this.connection.store?.online);
  }

  /** What is written now, as it would be sent, `prefill.context` apart. Set it to write in the person's place. */
  get draft(): TicketDraft {
    const { subject = '', message = '', intent: _intent, files: _files, ...others } = this.#values;
    const begun = this.#beginning();
    const draft: TicketDraft & { fields?: Texts } = { subject: subject.trim(), message };
    for (const [name, value] of Object.entries(others)) {
      const text = value.trim();
      const own = name.slice(extra.length);
      // Who has signed in since is not who they said they were.
      if (!text || (this.#known() && /^(email|displayName)$/.test(name))) continue;
      if (!name.startsWith(extra)) draft[name as 'email'] = text;
      else if (name in begun || this.#extras.some((field) => field.name === own)) (draft.fields ??= {})[own] = text;
    }
    const { files } = this.#picker;
    return files.length ? { ...draft, files: [...files] } : draft;
  }
  set draft(draft: Partial<TicketDraft> | undefined) {
    this.#lent.written = textsOf(draft);
    this.#picker.files = draft?.files ?? [];
    this.#saver.changed();
  }

  /** Shows the empty form again after a ticket was sent. What is being written stays. */
  reset(): void {
    this.#sending.part?.reset();
    this.requestUpdate();
  }

  #beginning(): Texts {
    const { topic: topicId, subject, message, email, displayName, prefill } = this;
    return { ...textsOf({ topicId, subject, message, email, displayName }), ...textsOf(prefill) };
  }

  /** What stands in the form: what was written, else what it began with; what the page has locked is as the page says. */
  get #values(): Texts {
    const begun = this.#beginning();
    const values = { ...begun, ...this.#lent.written };
    for (const name in begun) if (this.#locked(name)) values[name] = begun[name]!;
    return values;
  }

  /** What the page says of a value besides the value: nothing where there is none, since nobody could give one then. */
  #rule(name: string): Partial<Exclude<Prefilled, string>> {
    const rule = fieldsOf(this.prefill)[name] as Partial<Exclude<Prefilled, string>> | undefined;
    return rule?.value ? rule : {};
  }

  /** Nobody is stopped by what they cannot see: without a value, or with one that was refused, a field is shown. */
  #hidden(name: string): boolean {
    return !!this.#rule(name).hidden && !this.#sending.part?.wrong[name];
  }

  #locked(name: string): boolean {
    return !!this.#rule(name).readOnly || this.#hidden(name);
  }

  /** True where nothing can be written now. */
  #fixed(name: string): boolean {
    return !!this.#sending.part?.busy || this.#locked(name);
  }

  protected override willUpdate(): void {
    const { store } = this.connection;
    if (!store) return;
    const from = this.#from;
    const person = personOf(store.identity.value);
    if (store === from && person === this.#person) return;
    if (store !== from) this.#saver.flush();
    // What somebody without a name has written is theirs when they say who they are; all else stays behind.
    if (from && (store !== from || this.#person !== personOf())) this.#clear();
    else this.#saver.changed();
    this.#from = store;
    this.#person = person;
    this.#lent.written = { ...textsOf(store.drafts.read(draftKey)), ...this.#lent.written };
  }

  /** Not by the templates: what was typed since the last rendering is unknown to them, and must go when the draft goes. */
  protected override updated(): void {
    const values = this.#values;
    for (const field of this.renderRoot.querySelectorAll<HTMLInputElement>('form [name]')) {
      const { name } = field;
      const value = values[name] ?? field.dataset['value'] ?? '';
      if (field.value !== value) field.value = value;
      // Only a text can be read-only.
      field['readOnly' in field ? 'readOnly' : 'disabled'] = this.#fixed(name);
    }
  }

  /** Of `change` too: the topic, and what was filled in without a key. */
  readonly #heard = ({ target }: { target: HTMLInputElement }): void => {
    const { name, value } = target;
    const { written } = this.#lent;
    if (!name || value === written[name]) return;
    this.#lent.written = { ...written, [name]: value };
    this.#saver.changed();
    if (name === 'topicId') this.requestUpdate();
    this.#sending.part?.wrote(name, value);
  };

  /** The extra fields of the chosen topic. */
  get #extras(): readonly ExtraField[] {
    return ['*', this.#values['topicId'] ?? '']
      .flatMap((topic) => this.fields?.[topic] ?? [])
      .filter((field) => (field as ExtraField | null)?.name);
  }

  /** By its button as well as by `submit`: a frame that may send no forms does not even tell that one was to be sent. */
  readonly #send = (event?: Event): void => {
    event?.preventDefault();
    this.#failure = undefined;
    this.#pressed = true;
    Promise.all([this.#sending.need(), this.#picker.settle()]).then(
      ([sending, settled]) => (settled && this.#pressed ? sending.send() : undefined),
      (error: HelpDeskError) => {
        this.#failure = error;
        this.report(error);
        this.requestUpdate();
      },
    );
  };

  #clear(): void {
    this.#pressed = false;
    this.#saver.cancel();
    this.#sending.part?.clear();
    this.#lent.written = {};
    this.#picker.files = [];
  }

  /** True where it is known whose ticket it is: not so for agents, who write for others. */
  #known(): boolean {
    const { email, userId } = this.#identity.source?.value ?? {};
    return !this.#from?.backend.limits.requester && !!(email || userId);
  }

  #asksWho(): boolean {
    const { identityRequired, requester } = this.#from?.backend.limits ?? {};
    return !!requester || (!!identityRequired && !this.#known());
  }

  protected override content(store: Store): TemplateResult {
    const { part, ahead } = this.#sending;
    const { picker, written } = this.#lent;
    // Nothing goes out unseen, and no file is missed in silence.
    if (this.prefill?.context || picker.files.length || written['files']) ahead();
    if (part?.sent) return part.success(part.sent);
    const { limits } = store.backend;
    const busy = part?.busy;
    const off = busy ? 'true' : nothing;
    return html`<form
      part="form"
      novalidate
      aria-busy=${off}
      @submit=${this.#send}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !composing(event)) this.#send(event);
      }}
      @focusin=${ahead}
      @input=${this.#heard}
      @change=${this.#heard}
      @paste=${picker.drop}
      @dragover=${picker.drop}
      @drop=${picker.drop}
    >
      ${this.offline(store)}
      ${this.#asksWho() ? html`<div class="pair">${this.#field('email', limits.requester ? 'Email of the requester' : 'Your email', true, 'email', 'email')}${this.#field('displayName', limits.requester ? 'Name of the requester' : 'Your name', true, 'text', 'name')}</div>` : nothing}
      ${this.#topicField(store)} ${limits.priorities?.length ? this.#priorities(limits.priorities) : nothing}
      ${this.#extras.map(({ name, label = name, type = 'text', required = false }) => this.#field(extra + name, label, required, type))}
      ${this.#field('subject', 'Subject')} ${this.#field('message', 'Message', true, '')} ${part?.context()}
      ${picker.render()} ${this.#failure ? this.alert(this.#failure, this.#send) : part?.notices()}
      <div class="row">
        <button part="send" class="primary" aria-disabled=${off} @click=${this.#send}>
          ${this.text(busy ? 'Sending…' : 'Send')}
        </button>
        ${part?.cancel()}
      </div>
    </form>`;
  }

  /** A field with what is wrong with it. */
  #block(name: string, label: string, control: unknown): TemplateResult | typeof nothing {
    if (this.#hidden(name)) return nothing;
    return html`<div part="field">
      ${label && html`<label for=${name}>${this.text(label)}</label>`}${control} ${this.#sending.part?.problem(name)}
    </div>`;
  }

  #field(name: string, label: string, required = true, type = 'text', autocomplete = 'off') {
    return this.#block(
      name,
      label,
      type
        ? html`<input
            id=${name}
            name=${name}
            type=${type}
            autocomplete=${autocomplete}
            ?required=${required}
            dir=${type === 'text' ? 'auto' : nothing}
          />`
        : html`<textarea id=${name} name=${name} rows="5" required dir="auto"></textarea>`,
    );
  }

  #topicField(store: Store): TemplateResult | typeof nothing {
    const topics = this.#topics.source?.peek();
    if (!topics || topics.data?.length === 0) return nothing;
    const id = 'topicId';
    const label = this.text('Topic');
    const picker = this.#topicPicker ?? this.make('topic-picker');
    // As high as what it stands in for.
    const late = this.late(picker, loadPicker, html`<label>${label}<input disabled /></label>`);
    if (!late) {
      this.#topicPicker = picker;
      // Focus must not go with the button that has brought it.
      if (this.shadowRoot?.activeElement?.closest('[part=field] .alert')) setTimeout(() => picker.focus());
    }
    const required = !!store.backend.limits.topicRequired;
    return this.#block(id, '', late ?? Object.assign(picker, { id, name: id, store, label, required }));
  }

  #priorities(priorities: NonNullable<Store['backend']['limits']['priorities']>) {
    const middle = priorities[(priorities.length - 1) >> 1]?.id;
    return this.#block(
      'priority',
      'Priority',
      html`<select id="priority" name="priority" data-value=${middle ?? nothing}>
        ${priorities.map(({ id, name }) => html`<option value=${id}>${this.text(name)}</option>`)}
      </select>`,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ticket-form': TicketForm;
  }
}
