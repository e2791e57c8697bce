/** For agents: makes somebody known to the help desk. Loaded where agents look at a list and the back end can do it. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { toHelpDeskError, type HelpDeskError } from '../../errors.js';
import type { UserDraft } from '../../model.js';
import { personOf } from '../../store/drafts.js';
import type { Store } from '../../store/types.js';
import { css } from '../shared/css.js';

/** What the list lends: its words, its live region, and how it tells of an error. */
export interface Lent {
  text(english: string, values?: Readonly<Record<string, string>>): string;
  announce(words: string): void;
  report(error: HelpDeskError): void;
  alert(error: HelpDeskError): TemplateResult;
}

/** Field of the draft, its label, and what a browser should know of it. */
const fields = [
  ['name', 'Name', 'text', true],
  ['email', 'Email', 'email', true],
  ['phone', 'Phone', 'tel', true],
  ['notes', 'Notes', 'text', false],
] as const;

/** The form of one list. */
export class NewUser {
  readonly styles = css`
    [part='new-user'] {
      padding: 0.5em var(--_space);
      border-block-end: 1px solid var(--_line);
    }
    [part='new-user'] form {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(12em, 100%), 1fr));
      gap: 0.75em;
      padding-block: 0.5em;
    }
    .optional {
      color: var(--_muted);
      font-weight: 400;
    }
    [part='new-user'] :is(.notice, .row) {
      grid-column: 1 / -1;
      margin: 0;
    }
    [part='new-user'] summary {
      min-block-size: 1.5em;
      cursor: pointer;
    }
  `;
  readonly #host: LitElement;
  readonly #lent: Lent;
  #whose: readonly unknown[] = [];
  #wrong: Readonly<Record<string, string>> = {};
  #failure: HelpDeskError | undefined;
  #made = '';
  #busy = false;

  constructor(host: LitElement, lent: Lent) {
    this.#host = host;
    this.#lent = lent;
  }

  /** Closed at first. What one agent has begun is nothing to another. */
  render(store: Store): unknown {
    const whose = [store, personOf(store.identity.value)];
    if (whose.some((part, index) => part !== this.#whose[index])) {
      this.#whose = whose;
      this.#end();
    }
    const { text, alert } = this.#lent;
    return keyed(
      this.#whose,
      html`<details part="new-user">
        <summary>${text('New user')}</summary>
        <form novalidate aria-busy=${this.#busy ? 'true' : nothing} @submit=${this.#send}>
          ${fields.map(([name, label, type, needed]) => this.#field(name, label, type, needed))}
          ${this.#failure ? alert(this.#failure) : nothing}
          <div class="row">
            <button aria-disabled=${this.#busy ? 'true' : nothing} @click=${this.#send}>${text('Create user')}</button>
            ${this.#made ? html`<span class="muted">${this.#made}</span>` : nothing}
          </div>
        </form>
      </details>`,
    );
  }

  #field(name: string, label: string, type: string, required: boolean): TemplateResult {
    const { text } = this.#lent;
    const wrong = this.#wrong[name];
    return html`<div>
      <label for="user-${name}"
        >${text(label)}${required ? nothing : html` <span class="optional">${text('optional')}</span>`}</label
      >
      <input
        id="user-${name}"
        name=${name}
        type=${type}
        autocomplete="off"
        dir=${type === 'text' ? 'auto' : nothing}
        ?required=${required}
        ?readonly=${this.#busy}
        aria-invalid=${wrong ? 'true' : nothing}
        aria-describedby=${wrong ? `user-${name}-wrong` : nothing}
      />
      ${wrong ? html`<p class="wrong" id="user-${name}-wrong">${text(wrong)}</p>` : nothing}
    </div>`;
  }

  readonly #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.#busy) return;
    const form = (event.target as Element).closest('form')!;
    const [store] = this.#whose as [Store];
    const whose = this.#whose;
    this.#end(true);
    try {
      const { name } = await store.createUser(Object.fromEntries(new FormData(form)) as unknown as UserDraft);
      if (whose !== this.#whose) return;
      form.reset();
      this.#end();
      this.#made = this.#lent.text('{name} is known to the help desk now.', { name });
      this.#lent.announce(this.#made);
    } catch (thrown) {
      if (whose !== this.#whose) return;
      this.#end();
      const error = toHelpDeskError(thrown);
      if (error.code === 'aborted') return;
      this.#wrong = error.fields;
      this.#failure = error;
      this.#lent.report(error);
      await this.#host.updateComplete;
      form.querySelector<HTMLElement>('[aria-invalid]')?.focus();
    }
  };

  #end(busy = false): void {
    this.#busy = busy;
    this.#wrong = {};
    this.#failure = undefined;
    this.#made = '';
    this.#host.requestUpdate();
  }
}
