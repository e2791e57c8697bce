/**
 * Stands in for the panel until its code is there, which only a desk with a launcher fetches. The script tag's file has
 * it at once, in the place of this: there the button is drawn already.
 */
import { html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { HelpDeskError } from '../../errors.js';
import { css } from '../shared/css.js';
import { Later } from '../shared/later.js';
import type { HelpDesk } from './help-desk.js';
import type { Panel as Whole } from './panel.js';
import { triggerOf } from './trigger.js';

/** What there is of a panel from the beginning. */
export class Panel implements ReactiveController, Pick<Whole, 'show' | 'render'> {
  static readonly styles = css`
    .lost {
      position: fixed;
      z-index: var(--help-desk-z-index, 999);
      inset: auto 1rem 1rem auto;
    }
  `;
  /** Settled when the panel is there, or cannot be had; undefined where nobody waits for it. */
  coming: Promise<unknown> | undefined;
  readonly #host: HelpDesk;
  readonly #code: Later<typeof Whole>;
  #whole: Whole | undefined;
  /** True where the panel could not be had, until it is needed again. */
  #failed = false;
  /** What a person who has opened it is told meanwhile. */
  #said: string | undefined;
  /** Whether focus is to go into the open panel: where a page comes with it, it is not. */
  #asked: boolean | undefined;
  /** The page's own button that was pressed last. */
  #pressed: HTMLElement | undefined;

  constructor(host: HelpDesk) {
    this.#host = host;
    this.#code = new Later(host, async () => (await import('./panel.js')).Panel, true);
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('click', this.#onPage);
    addEventListener('online', this.#again);
  }

  hostDisconnected(): void {
    document.removeEventListener('click', this.#onPage);
    removeEventListener('online', this.#again);
  }

  hostUpdate(): void {
    const { open, launcher, hasUpdated } = this.#host;
    const before = this.#asked;
    this.#asked = open && launcher ? (before ?? hasUpdated) : undefined;
    if (before === undefined && this.#asked) this.#again();
  }

  show(): void {
    if (this.#whole) this.#whole.show();
    else {
      this.#asked = this.#host.open = true;
      this.#again();
    }
  }

  render(content: () => unknown): TemplateResult {
    if (this.#whole) return this.#whole.render(content);
    if (!this.#failed) this.coming ??= this.#fetch();
    const host = this.#host;
    const message = this.#said;
    return html`${
      host.open && message
        ? html`<div class="lost">
            ${host['alert']({ message }, this.#again, html`<button type="button" @click=${this.#close}>${host['text']('Close')}</button>`)}
          </div>`
        : nothing
    }`;
  }

  async #fetch(): Promise<void> {
    const host = this.#host;
    try {
      this.#whole = new (await this.#code.need())(host, this.#asked);
    } catch (thrown) {
      const error = thrown as HelpDeskError;
      this.#failed = true;
      // Who has not opened it is not told.
      if (host.open) {
        this.#said = error.message;
        host['report'](error);
      } else console.warn(`<${host.localName}> cannot load its launcher`, error.cause);
      host.requestUpdate();
    }
  }

  /** What could not be had is fetched once more. */
  readonly #again = (): void => {
    if (!this.#failed) return;
    this.#failed = false;
    this.coming = undefined;
    this.#said &&= 'Loading';
    this.#host.requestUpdate();
  };

  readonly #close = (): void => {
    this.#host.hide();
    this.#pressed?.focus();
  };

  /** The page's own button opens it also while it is not there. */
  readonly #onPage = (event: Event): void => {
    const host = this.#host;
    if (this.#whole || !host.launcher || event.defaultPrevented) return;
    // The panel will say so where that is no selector.
    const pressed = triggerOf(event.target, host.trigger);
    if (!pressed) return;
    event.preventDefault();
    // Focus will be given back to where it was then; WebKit gives none to what is clicked.
    (this.#pressed = pressed).focus();
    if (this.#failed) this.show();
    else host.toggle();
  };
}
