import type { LitElement, ReactiveController } from 'lit';

/**
 * Calls back when the element with class `more` comes near the part of the page that is seen: draw a screenful, add on
 * approach.
 */
export class Approach implements ReactiveController {
  readonly #host: LitElement;
  readonly #callback: () => void;
  #observer: IntersectionObserver | undefined;

  constructor(host: LitElement, callback: () => void) {
    this.#host = host;
    this.#callback = callback;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        // With focus in it, it stays to be pressed: drawing the rest would take it away.
        if (entries.at(-1)?.isIntersecting && !this.#host.shadowRoot?.activeElement?.closest('.more')) this.#callback();
      },
      // The second is for a place that scrolls inside the page; engines that do not know it yet ignore it.
      { rootMargin: '300px 0px', scrollMargin: '300px 0px' },
    );
    this.hostUpdated();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  /** Looks again: an element that stayed near after something was added gets no new notice by itself. */
  hostUpdated(): void {
    this.#observer?.disconnect();
    const more = this.#host.shadowRoot?.querySelector('.more');
    if (more) this.#observer?.observe(more);
  }
}
