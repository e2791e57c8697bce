/** What is needed once a person sends: checking, sending, stopping it, what went wrong, what was sent. */
import { html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import { HelpDeskError, toHelpDeskError } from '../../errors.js';
import { TicketCreatedEvent, TicketSubmitEvent } from '../../events/ticket-form.js';
import type { Ticket, TicketDraft } from '../../model.js';
import { mark } from '../../store/drafts.js';
import { newId } from '../../store/outbox.js';
import type { Store } from '../../store/types.js';
import type { HelpDesk } from '../help-desk/help-desk.js';
import { marksOf } from '../shared/chosen-files.js';
import type { FilePicker, Words } from '../shared/file-picker.js';
import { HelpElement } from '../shared/help-element.js';
import type { TopicPicker } from '../topic-picker/topic-picker.js';
import { sendingStyles } from './sending.styles.js';
import { extra, textsOf, type Texts } from './texts.js';
import type { ExtraField, TicketForm } from './ticket-form.js';

/** What the form shares with the part that sends. */
export interface Lent {
  readonly form: TicketForm;
  readonly picker: FilePicker;
  /** What the person has written, and what is to be kept with it. */
  written: Texts;
  readonly asksWho: () => boolean;
  readonly extras: () => readonly ExtraField[];
  /** Keeps what is written, now. */
  readonly save: () => void;
  /** Back to the beginning: what was written is kept no longer. */
  readonly discard: () => void;
}

/** What fields are called that are not drawn where there is nothing to choose. */
const labels = new Map([
  ['topicId', 'Topic'],
  ['priority', 'Priority'],
  ['files', 'Attachments'],
]);

/** True where focus is in this element, on something around it, or nowhere: not where a person is elsewhere in the page. */
function isHere(element: Element): boolean {
  const around = (inner: Element): boolean => {
    const { activeElement: active, host } = inner.getRootNode() as ShadowRoot;
    return active ? active.contains(inner) && !active.shadowRoot?.activeElement : !host || around(host);
  };
  return element.matches(':focus, :focus-within') || around(element);
}

/** The sending of one form. */
export class Sending implements ReactiveController {
  /** How its words look. */
  readonly styles = sendingStyles;
  /** What is wrong with each field, in words. */
  wrong: Texts = {};
  readonly #lent: Lent;
  readonly #text: Words;
  #stop: AbortController | undefined;
  /** False as soon as the form is no longer the one that was sent. */
  #mine = false;
  #error: HelpDeskError | undefined;
  /** The files whose names are kept. */
  #chosen: readonly File[] = [];
  #undo: { written: Texts; files: readonly File[] } | undefined;
  /** The element in whose shadow root the form is, or was last. */
  #around: Element | undefined;
  /** What was sent last, until the next form. */
  sent: Ticket | undefined;

  constructor(lent: Lent) {
    const { form } = lent;
    this.#lent = lent;
    this.#text = form['text'].bind(form);
    form.addController(this);
    for (const name of ['prefill', 'fields'] as const)
      if (!form[name] && form.getAttribute(name)) console.warn(`<ticket-form ${name}="…"> holds no JSON object`, form);
  }

  /** True from the press of the button to the end. */
  get busy(): boolean {
    return !!this.#stop;
  }

  /** Forgets what became of the last try. */
  reset(): void {
    this.sent = this.#error = this.#undo = undefined;
  }

  /** The form begins anew: what is on its way is no longer its own. */
  clear(): void {
    this.reset();
    this.wrong = {};
    this.#chosen = [];
    this.#mine = false;
  }

  /** Something was written: what was discarded is gone now, and what was missing is there. */
  wrote(name: string, value: string): void {
    const { form } = this.#lent;
    if (this.#undo) form.requestUpdate();
    this.#undo = undefined;
    if (!this.wrong[name] || !value.trim()) return;
    delete this.wrong[name];
    form.requestUpdate();
  }

  hostConnected(): void {
    this.#around = (this.#lent.form.getRootNode() as Partial<ShadowRoot>).host;
  }

  /** Who tells of it: for a form that was left while it was sent the desk that has shown it, unless that has failed itself. */
  get #teller(): HelpElement {
    const { form } = this.#lent;
    const desk = this.#around;
    return !form.isConnected && desk instanceof HelpElement && (desk as HelpDesk).store === form.store ? desk : form;
  }

  hostUpdate(): void {
    this.#nameFiles();
  }

  /** What is wrong is told to the fields themselves. */
  hostUpdated(): void {
    const root = this.#lent.form.renderRoot;
    for (const field of root.querySelectorAll<HTMLInputElement>('input[name], textarea, select'))
      for (const [attribute, words] of [
        ['aria-invalid', 'true'],
        ['aria-describedby', `${field.name}-wrong`],
      ] as const)
        if (this.wrong[field.name]) field.setAttribute(attribute, words);
        else field.removeAttribute(attribute);
    const topic = root.querySelector<TopicPicker>('#topicId');
    const { topicId: wrong = '' } = this.wrong;
    if (topic && topic.hasAttribute('data-wrong') !== !!wrong) topic.setCustomValidity(wrong);
    topic?.toggleAttribute('data-wrong', !!wrong);
  }

  /** Files cannot be kept as texts are, but their names can. */
  #nameFiles(): void {
    const lent = this.#lent;
    const { files, limits } = lent.picker;
    // Out of the page there are no limits, and so no files.
    if (!limits() || files === this.#chosen || (!files.length && !this.#chosen.length)) return;
    this.#chosen = files;
    lent.written = { ...lent.written, files: files.map(({ name }) => name).join(', ') };
    lent.save();
  }

  /** What is wrong with a field. */
  problem(name: string): unknown {
    const wrong = this.wrong[name];
    return wrong ? html`<p class="wrong" id="${name}-wrong" role="alert">${wrong}</p>` : nothing;
  }

  #check(draft: TicketDraft, { backend: { limits }, topics }: Store): boolean {
    const { asksWho, extras } = this.#lent;
    const { subject, email = '' } = draft;
    const most = limits.subjectLength ?? 1 / 0;
    const checks: (readonly [name: string, wrong: unknown, words: string])[] = [
      ['email', asksWho() && !email, 'Enter your email address.'],
      ['email', asksWho() && !/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(email), 'Enter an email address like name@example.com.'],
      ['displayName', asksWho() && !draft.displayName, 'Enter your name.'],
      // Where there is none to choose, the back end says what it misses.
      ['topicId', limits.topicRequired && !draft.topicId && topics().peek().data?.length !== 0, 'Choose a topic.'],
      ['subject', !subject, 'Enter a subject.'],
      ['subject', subject.length > most, 'Use at most {count} characters.'],
      ['message', !draft.message.trim(), 'Enter a message.'],
      ...extras().map(
        ({ name, required }) => [extra + name, required && !draft.fields?.[name], 'This field is required.'] as const,
      ),
    ];
    const wrong: Texts = {};
    for (const [name, isWrong, words] of checks) if (isWrong) wrong[name] ??= this.#text(words, { count: most });
    this.wrong = wrong;
    return !Object.keys(wrong).length;
  }

  /** Sends what is written, once, unless something is wrong with it or the page stops it. */
  async send(): Promise<void> {
    const lent = this.#lent;
    const { form, picker } = lent;
    const text = this.#text;
    const { store } = form['connection'];
    if (!store || this.#stop || (store.backend.ready && !(await this.#known(store)))) return;
    const { draft } = form;
    const context = this.#context();
    if (!this.#check(draft, store)) return this.#focus('[aria-invalid=true], [data-wrong]');
    if (context) draft.message += `\n\n${context}`;
    // What is shown is sent, also where nobody has touched it.
    const priority = form.renderRoot.querySelector<HTMLSelectElement>('#priority')?.value;
    if (priority) draft.priority = priority;
    if (!form.dispatchEvent(new TicketSubmitEvent(draft))) return;
    const { files = [] } = draft;
    // The same content is the same intent, after a reload of the page too.
    const content = mark(
      JSON.stringify([draft, files.map(({ name, size, lastModified }) => [name, size, lastModified])]),
    );
    const [before, known] = lent.written['intent']?.split(' ') ?? [];
    const intentId = (before === content && known) || newId();
    lent.written = { ...lent.written, intent: `${content} ${intentId}` };
    lent.save();
    const stop = (this.#stop = new AbortController());
    this.#mine = true;
    this.#error = undefined;
    picker.refused = undefined;
    picker.problem = '';
    picker.progress = 0;
    form['announce'](text('Sending'));
    // The button of the alert goes with the alert.
    void this.#focus(form.shadowRoot?.querySelector('.alert :focus') ? '[part=send]' : '');
    try {
      const ticket = await store.createTicket(draft, {
        intentId,
        signal: stop.signal,
        onProgress: (fraction) => {
          picker.progress = fraction;
          const news = picker.list.part?.news(files, fraction);
          if (news) form['announce'](news);
          form.requestUpdate();
        },
      });
      const teller = this.#teller;
      if (this.#mine) {
        lent.discard();
        form['announce']('');
        // Who comes back to a form that they have left wants the next one.
        if (teller === form) this.sent = ticket;
        teller['announce'](this.#sentWords(ticket));
      }
      teller.dispatchEvent(new TicketCreatedEvent(ticket));
    } catch (thrown) {
      if (this.#mine) this.#fail(stop.signal.aborted ? new HelpDeskError('aborted') : toHelpDeskError(thrown), files);
    }
    this.#stop = picker.progress = undefined;
    await this.#focus(
      this.sent
        ? '[part=success]'
        : stop.signal.aborted
          ? '[part=send]'
          : this.#mine
            ? '[aria-invalid=true], [data-wrong]'
            : '',
    );
  }

  /** Waits until it is known what may be sent, and what must be: true where it is. */
  async #known({ backend }: Store): Promise<boolean> {
    const { form, picker } = this.#lent;
    const { signal } = (this.#stop = new AbortController());
    this.#mine = true;
    form['announce'](this.#text('Sending'));
    let error: HelpDeskError | undefined;
    try {
      await Promise.race([
        backend.ready!(),
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new HelpDeskError('aborted')))),
      ]);
    } catch (thrown) {
      error = toHelpDeskError(thrown);
    }
    this.#stop = undefined;
    form['announce']('');
    if (error && this.#mine) this.#fail(error, picker.files);
    await this.#focus(signal.aborted ? '[part=send]' : '');
    return !error && this.#mine;
  }

  #fail(error: HelpDeskError, files: readonly File[]): void {
    const lent = this.#lent;
    const { form, picker } = lent;
    const text = this.#text;
    this.#error = error;
    // Extra fields are named as in the draft, or by their label.
    this.wrong = Object.fromEntries(
      Object.entries(error.fields).map(([name, words]) => {
        const field = lent.extras().find(({ name: own, label }) => name === own || name === label);
        return [field ? extra + field.name : name, text(words)];
      }),
    );
    form['announce']('');
    // Who has stopped it needs not be told that it failed.
    if (error.code !== 'aborted') {
      const teller = this.#teller;
      if (teller !== form) teller['announce'](text(error.message));
      teller['report'](error);
    }
    picker.refused = marksOf(error, files, text);
    picker.problem = files.length ? '' : (this.wrong['files'] ?? '');
  }

  /** Focuses the first that is there once everything is drawn, unless the person has gone elsewhere meanwhile. */
  async #focus(selector: string): Promise<void> {
    const { form } = this.#lent;
    form.requestUpdate();
    await form.updateComplete;
    if (selector && isHere(form)) form.shadowRoot?.querySelector<HTMLElement>(selector)?.focus();
  }

  #discard(): void {
    const { form, written, picker, discard } = this.#lent;
    const undo = { written, files: picker.files };
    discard();
    this.#undo = undo;
    form['announce'](this.#text('Discarded.'));
    void this.#focus('.undo');
  }

  #restore(): void {
    const lent = this.#lent;
    if (!this.#undo) return;
    lent.written = this.#undo.written;
    lent.picker.files = this.#undo.files;
    this.#undo = undefined;
    lent.save();
    void this.#focus('textarea');
  }

  #sentWords({ number }: Ticket): string {
    return this.#text(number ? 'Your ticket was sent. Its number is {number}.' : 'Your ticket was sent.', {
      number,
    });
  }

  /** What is said above the button, and what can be done about it. */
  notices(): unknown {
    const { form, picker, written } = this.#lent;
    const { wrong } = this;
    const text = this.#text;
    const words = [...(picker.refused?.values() ?? [])];
    const error = this.#error;
    if (this.#undo)
      return html`<p class="notice row">
        <span class="grow">${text('Discarded.')}</span
        ><button type="button" class="undo" @click=${() => this.#restore()}>${text('Undo')}</button>
      </p>`;
    // Chosen in an earlier page: a browser keeps no files.
    const lost =
      written['files'] && picker.limits() && !picker.files.length
        ? html`<p class="notice"><bdi>${written['files']}</bdi>: ${text('Its files must be added again.')}</p>`
        : nothing;
    if (!error) return lost;
    const others = Object.entries(wrong).filter(
      ([name, each]) => !form.shadowRoot?.getElementById(name) && !words.includes(each),
    );
    return html`${lost}${form['alert'](
      error.code === 'aborted' ? { message: 'Sending was stopped. Nothing is sent twice if you try again.' } : error,
      () => void this.send(),
      html`<button type="button" @click=${() => this.#discard()}>${text('Discard')}</button>${others.map(
          ([name, each]) => html`<p class="wrong grow">${text(labels.get(name) ?? name)}: ${each}</p>`,
        )}`,
    )}`;
  }

  #context(): string {
    const { context } = this.#lent.form.prefill ?? {};
    const lines = Object.entries(textsOf({ fields: context })).map(
      ([name, value]) => `${name.slice(extra.length)}: ${value}`,
    );
    return textsOf({ fields: { '': context } })[extra] ?? lines.join('\n');
  }

  /** What the page adds to the message: nothing goes out unseen. */
  context(): unknown {
    const context = this.#context();
    return context
      ? html`<details part="context" class="muted">
          <summary>${this.#text('Sent with your message')}</summary>
          ${context}
        </details>`
      : nothing;
  }

  /** The button that stops what is being sent. */
  cancel(): unknown {
    return this.#stop
      ? html`<button type="button" part="cancel" @click=${() => this.#stop?.abort()}>${this.#text('Cancel')}</button>`
      : nothing;
  }

  /** What stands in the form's place once it is sent. */
  success(ticket: Ticket): TemplateResult {
    const { form } = this.#lent;
    const text = this.#text;
    return html`<div part="success" class="empty" tabindex="-1">
      <h2>${this.#sentWords(ticket)}</h2>
      <p>${text('We will answer as soon as we can.')}</p>
      <slot name="success"></slot>
      <button
        type="button"
        @click=${() => {
          form.reset();
          void this.#focus('#topicId, input:enabled, textarea');
        }}
      >
        ${text('New ticket')}
      </button>
    </div>`;
  }
}
