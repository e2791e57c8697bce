import type { CSSResult, LitElement } from 'lit';
import { HelpDeskError } from '../../errors.js';

/** A part that may bring its own looks. */
interface Part {
  readonly styles?: CSSResult;
}

/** A part of an element whose code is fetched when somebody is about to need it. */
export class Later<T extends Part> {
  /** The part, once it is there; the element is then drawn again. */
  part: T | undefined;
  readonly #host: LitElement;
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | undefined;

  constructor(host: LitElement, load: () => Promise<T>) {
    this.#host = host;
    this.#load = load;
  }

  /** The part. Rejects with `network` where it cannot be had; the next call then tries again. */
  readonly need = (): Promise<T> =>
    (this.#loading ??= this.#load().then(
      (part) => {
        const host = this.#host;
        const sheet = part.styles?.styleSheet;
        if (sheet && host.shadowRoot)
          host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
        host.requestUpdate();
        return (this.part = part);
      },
      (cause: unknown) => {
        this.#loading = undefined;
        throw new HelpDeskError('network', { cause });
      },
    ));

  /**
   * Fetches it beforehand, so that nobody waits. Nothing is said where that fails: who needs it will hear. Without a
   * network it is not even tried: Firefox remembers until the page is loaded again that a file could not be had.
   */
  readonly ahead = (): void => {
    if (navigator.onLine) this.need().catch(() => undefined);
  };
}
