import type { ReactiveController } from 'lit';
import type { HelpDeskError } from '../../errors.js';
import type { Resource } from '../../store/types.js';
import type { HelpElement } from './help-element.js';
import { warmTimes } from './times.js';

/**
 * Keeps an element steady while what it shows comes and goes: a failure stays until it is over and is told once, and
 * focus does not fall out of the page with a button that is gone.
 */
export class Steady implements ReactiveController {
  readonly #host: HelpElement;
  readonly #resource: () => Resource<unknown> | undefined;
  readonly #landing: readonly string[];
  #key: string | undefined;
  #focused: Element | null | undefined;
  #around: HTMLElement | null | undefined;
  #again = false;
  /** What failed last and has not worked since. */
  failure: HelpDeskError | undefined;

  /** `landing` are selectors of what takes focus, best first, when the element that had it is gone. */
  constructor(host: HelpElement, resource: () => Resource<unknown> | undefined, landing: readonly string[]) {
    this.#host = host;
    this.#resource = resource;
    this.#landing = landing;
    host.addController(this);
  }

  /** Reads again because the person asks for it: a failure is then told even if it is the same. */
  readonly again = (): void => {
    this.#again = true;
    void this.#resource()?.refresh();
  };

  hostUpdate(): void {
    const resource = this.#resource();
    const { data, error, fetching = false } = resource?.peek() ?? {};
    if (fetching && !data) warmTimes();
    if (resource?.key !== this.#key || (!error && !fetching)) this.failure = undefined;
    this.#key = resource?.key;
    // The same failure of a poll that goes on by itself is no news.
    if (!fetching && error && (this.#again || error.code !== this.failure?.code)) {
      this.failure = error;
      this.#host['report'](error);
    }
    if (!fetching) this.#again = false;
    this.#focused = this.#host.shadowRoot?.activeElement;
    this.#around = this.#focused?.parentElement?.closest<HTMLElement>('[tabindex]:not(.scroller)');
  }

  hostUpdated(): void {
    const host = this.#host;
    // What was moved has lost it, too.
    if (!this.#focused || !host.isConnected || host.shadowRoot?.activeElement) return;
    const next =
      [this.#focused as HTMLElement, this.#around].find((element) => element?.isConnected) ??
      this.#landing.map((selector) => host.renderRoot.querySelector<HTMLElement>(selector)).find(Boolean);
    next?.focus({ preventScroll: true });
  }
}
