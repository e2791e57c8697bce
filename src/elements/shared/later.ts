import type { CSSResult, LitElement } from 'lit';
import { part } from '../../late.js';

/** A part that may bring its own looks. */
interface Part {
  readonly styles?: CSSResult;
}

/** A part of an element whose code is fetched when somebody is about to need it. */
export class Later<T extends Part> {
  /** The part, once it is there; the element is then drawn again. */
  part: T | undefined;
  /** Fetches it. Rejects with `network` where it cannot be had; the next call then tries again. */
  readonly need: () => Promise<T>;
  readonly #host: LitElement;

  /** `patient`: not even a need is a reason to try without a network, since it comes back with that. */
  constructor(host: LitElement, load: () => Promise<T>, patient?: true) {
    this.#host = host;
    this.need = part(async () => this.take(await load()), !patient);
  }

  /** Takes the part, also one whose code the page has already: its element is then not drawn without it first. */
  take(part: T): T {
    const host = this.#host;
    const sheet = part.styles?.styleSheet;
    if (sheet && host.shadowRoot) host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
    host.requestUpdate();
    return (this.part = part);
  }

  /** Fetches it beforehand, so that nobody waits. Nothing is said where that fails: who needs it will hear. */
  readonly ahead = (): void => {
    if (navigator.onLine) this.need().catch(() => undefined);
  };
}
