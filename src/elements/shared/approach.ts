import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ref, type RefOrCallback } from 'lit/directives/ref.js';
import type { DirectiveResult } from 'lit/directive.js';

/** Calls back when a watched element comes near the part of the page that is seen: draw a screenful, add on approach. */
export class Approach implements ReactiveController {
  readonly #callback: () => void;
  #observer: IntersectionObserver | undefined;
  #element: Element | undefined;
  readonly #ref: RefOrCallback = (element) => {
    if (this.#element) this.#observer?.unobserve(this.#element);
    this.#element = element;
    if (element) this.#observer?.observe(element);
  };

  constructor(host: ReactiveControllerHost, callback: () => void) {
    this.#callback = callback;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.at(-1)?.isIntersecting) this.#callback();
      },
      // The second is for a place that scrolls inside the page; engines that do not know it yet ignore it.
      { rootMargin: '300px 0px', scrollMargin: '300px 0px' },
    );
    if (this.#element) this.#observer.observe(this.#element);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  /** Directive for the element to watch. */
  watch(): DirectiveResult {
    return ref(this.#ref);
  }

  /** Looks again: an element that stayed near after something was added gets no new notice by itself. */
  hostUpdated(): void {
    if (this.#element && this.#observer) {
      this.#observer.unobserve(this.#element);
      this.#observer.observe(this.#element);
    }
  }
}
