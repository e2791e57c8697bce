/** What is needed once a person sends: checking, sending, stopping it, what went wrong, what was sent. */
import { html, nothing, type TemplateResult } from 'lit';
import { HelpDeskError, toHelpDeskError } from '../../errors.js';
import { TicketCreatedEvent, TicketSubmitEvent } from '../../events/ticket-form.js';
import type { Ticket, TicketDraft } from '../../model.js';
import { mark } from '../../store/drafts.js';
import { newId } from '../../store/outbox.js';
import type { Store } from '../../store/types.js';
import { marksOf } from '../shared/chosen-files.js';
import type { FilePicker, Words } from '../shared/file-picker.js';
import { sendingStyles } from './sending.styles.js';
import type { ExtraField, TicketForm } from './ticket-form.js';

/** Name → text: values, or what is wrong with them. */
export type Texts = Record<string, string>;

/** What the form shares with the part that sends. */
export interface Lent {
  readonly form: TicketForm;
  readonly text: Words;
  readonly picker: FilePicker;
  /** What extra fields are named with, to keep them apart from ours. */
  readonly extra: string;
  values: Texts;
  /** What is wrong with each field. */
  wrong: Texts;
  readonly announce: (words: string) => void;
  readonly report: (error: HelpDeskError) => void;
  readonly alert: (error: Pick<HelpDeskError, 'message'>, tryAgain?: () => void, more?: unknown) => TemplateResult;
  /** The store and the person the form is for. */
  readonly whose: () => readonly [store: Store | undefined, person: string | undefined];
  readonly asksWho: () => boolean;
  readonly extras: () => readonly ExtraField[];
  /** What the page sends with the message. */
  readonly context: () => string;
  /** Back to the beginning. */
  readonly clear: () => void;
  /** Keeps what is written, now. */
  readonly keep: () => void;
  /** Keeps it no longer. */
  readonly forget: () => void;
}

/** The sending of one form. */
export class Sending {
  /** How its words look. */
  readonly styles = sendingStyles;
  readonly #lent: Lent;
  #stop: AbortController | undefined;
  #error: HelpDeskError | undefined;
  #undo: { values: Texts; files: readonly File[] } | undefined;
  /** What was sent last, until the next form. */
  sent: Ticket | undefined;

  constructor(lent: Lent) {
    this.#lent = lent;
  }

  /** True from the press of the button to the end. */
  get busy(): boolean {
    return !!this.#stop;
  }

  /** Forgets what became of the last try. */
  clear(): void {
    this.sent = this.#error = this.#undo = undefined;
  }

  /** Something was written: what was discarded is gone now. */
  wrote(): void {
    if (this.#undo) this.#lent.form.requestUpdate();
    this.#undo = undefined;
  }

  #check(draft: TicketDraft, limits: Store['backend']['limits']): boolean {
    const { text, asksWho, extra, extras } = this.#lent;
    const { subject, email = '' } = draft;
    const most = limits.subjectLength ?? 1 / 0;
    const checks: (readonly [name: string, wrong: unknown, words: string])[] = [
      ['email', asksWho() && !email, 'Enter your email address.'],
      ['email', asksWho() && !/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(email), 'Enter an email address like name@example.com.'],
      ['displayName', asksWho() && !draft.displayName, 'Enter your name.'],
      ['topicId', limits.topicRequired && !draft.topicId, 'Choose a topic.'],
      ['subject', !subject, 'Enter a subject.'],
      ['subject', subject.length > most, 'Use at most {count} characters.'],
      ['message', !draft.message.trim(), 'Enter a message.'],
      ...extras().map(
        ({ name, required }) => [extra + name, required && !draft.fields?.[name], 'This field is required.'] as const,
      ),
    ];
    const wrong: Texts = {};
    for (const [name, isWrong, words] of checks) if (isWrong) wrong[name] ??= text(words, { count: most });
    this.#lent.wrong = wrong;
    return !Object.keys(wrong).length;
  }

  /** Sends what is written, once, unless something is wrong with it or the page stops it. */
  async send(): Promise<void> {
    const lent = this.#lent;
    const { form, picker, text, whose } = lent;
    const [store, person] = whose();
    if (!store || this.#stop) return;
    const { draft } = form;
    const context = lent.context();
    if (!this.#check(draft, store.backend.limits)) return this.#focus('[aria-invalid=true], [data-wrong]');
    if (context) draft.message += `\n\n${context}`;
    if (!form.dispatchEvent(new TicketSubmitEvent(draft))) return;
    const { files = [] } = draft;
    // The same content is the same intent, after a reload of the page too.
    const content = mark(
      JSON.stringify([draft, files.map(({ name, size, lastModified }) => [name, size, lastModified])]),
    );
    const [before, known] = lent.values['intent']?.split(' ') ?? [];
    const intentId = (before === content && known) || newId();
    lent.values = { ...lent.values, intent: `${content} ${intentId}` };
    lent.keep();
    const stop = (this.#stop = new AbortController());
    this.#error = undefined;
    picker.refused = new Map();
    picker.problem = '';
    picker.progress = 0;
    lent.announce(text('Sending'));
    // The button of the alert goes with the alert.
    void this.#focus(form.shadowRoot?.querySelector('.alert :focus') ? '[part=send]' : '');
    const mine = (): boolean => whose()[0] === store && whose()[1] === person;
    try {
      const ticket = await store.createTicket(draft, {
        intentId,
        signal: stop.signal,
        onProgress: (fraction) => {
          picker.progress = fraction;
          const news = picker.list.part?.news(files, fraction);
          if (news) lent.announce(news);
          form.requestUpdate();
        },
      });
      if (mine()) {
        lent.clear();
        lent.forget();
        this.sent = ticket;
        lent.announce(this.#sentWords(ticket));
      }
      form.dispatchEvent(new TicketCreatedEvent(ticket));
    } catch (thrown) {
      if (mine()) this.#fail(stop.signal.aborted ? new HelpDeskError('aborted') : toHelpDeskError(thrown), files);
    }
    this.#stop = picker.progress = undefined;
    await this.#focus(
      this.sent
        ? '[part=success]'
        : stop.signal.aborted
          ? '[part=send]'
          : mine()
            ? '[aria-invalid=true], [data-wrong]'
            : '',
    );
  }

  #fail(error: HelpDeskError, files: readonly File[]): void {
    const lent = this.#lent;
    const { extra, picker, text } = lent;
    this.#error = error;
    // Extra fields are named as in the draft, or by their label.
    lent.wrong = Object.fromEntries(
      Object.entries(error.fields).map(([name, words]) => {
        const field = lent.extras().find(({ name: own, label }) => name === own || name === label);
        return [field ? extra + field.name : name, text(words)];
      }),
    );
    lent.announce('');
    // Who has stopped it needs not be told that it failed.
    if (error.code !== 'aborted') lent.report(error);
    picker.refused = marksOf(error, files, text);
    picker.problem = files.length ? '' : (lent.wrong['files'] ?? '');
  }

  /** Focuses the first that is there once everything is drawn. */
  async #focus(selector: string): Promise<void> {
    const { form } = this.#lent;
    form.requestUpdate();
    await form.updateComplete;
    if (selector) form.shadowRoot?.querySelector<HTMLElement>(selector)?.focus();
  }

  #discard(): void {
    const { values, picker, clear, forget, announce, text } = this.#lent;
    const undo = { values, files: picker.files };
    clear();
    forget();
    this.#undo = undo;
    announce(text('Discarded.'));
    void this.#focus('.undo');
  }

  #restore(): void {
    const lent = this.#lent;
    if (!this.#undo) return;
    lent.values = this.#undo.values;
    lent.picker.files = this.#undo.files;
    this.#undo = undefined;
    lent.keep();
    void this.#focus('textarea');
  }

  #sentWords({ number }: Ticket): string {
    return this.#lent.text(number ? 'Your ticket was sent. Its number is {number}.' : 'Your ticket was sent.', {
      number,
    });
  }

  /** What is said above the button, and what can be done about it. */
  notices(): unknown {
    const { text, form, wrong, picker, alert } = this.#lent;
    const words = [...picker.refused.values()];
    const error = this.#error;
    if (this.#undo)
      return html`<p class="notice row">
        <span class="grow">${text('Discarded.')}</span
        ><button type="button" class="undo" @click=${() => this.#restore()}>${text('Undo')}</button>
      </p>`;
    if (!error) return nothing;
    const others = Object.entries(wrong).filter(
      ([name, each]) => !form.shadowRoot?.getElementById(name) && !words.includes(each),
    );
    return alert(
      error.code === 'aborted' ? { message: 'Sending was stopped. Nothing is sent twice if you try again.' } : error,
      () => void this.send(),
      html`<button type="button" @click=${() => this.#discard()}>${text('Discard')}</button>${others.map(
          ([name, each]) => html`<p class="wrong grow">${name}: ${each}</p>`,
        )}`,
    );
  }

  /** What the page adds to the message: nothing goes out unseen. */
  context(): unknown {
    const context = this.#lent.context();
    return context
      ? html`<details part="context" class="muted">
          <summary>${this.#lent.text('Sent with your message')}</summary>
          ${context}
        </details>`
      : nothing;
  }

  /** The button that stops what is being sent. */
  cancel(): unknown {
    return this.#stop
      ? html`<button type="button" part="cancel" @click=${() => this.#stop?.abort()}>
          ${this.#lent.text('Cancel')}
        </button>`
      : nothing;
  }

  /** What stands in the form's place once it is sent. */
  success(ticket: Ticket): TemplateResult {
    const { text, form } = this.#lent;
    return html`<div part="success" class="empty" tabindex="-1">
      <h2>${this.#sentWords(ticket)}</h2>
      <p>${text('We will answer as soon as we can.')}</p>
      <slot name="success"></slot>
      <button
        type="button"
        @click=${() => {
          form.reset();
          void this.#focus('#topicId, input, textarea');
        }}
      >
        ${text('New ticket')}
      </button>
    </div>`;
  }
}
