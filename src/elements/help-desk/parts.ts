import type { ReactiveControllerHost } from 'lit';
import { HelpDeskError } from '../../errors.js';

/** What a desk shows. Whoever bundles gets a file of its own for each. */
const files = {
  'ticket-list': () => import('../ticket-list/define.js'),
  'ticket-thread': () => import('../ticket-thread/define.js'),
  'ticket-form': () => import('../ticket-form/define.js'),
};

/** Tag of an element that a desk shows. */
export type Part = keyof typeof files;
type Made = { [K in Part]?: HTMLElementTagNameMap[K] };

/** Calls back when the page has nothing else to do. */
export const whenIdle = (callback: () => void): unknown =>
  globalThis.requestIdleCallback?.(callback) ?? setTimeout(callback, 200);

/** The elements of a desk: each is loaded when it is to be shown, or is about to be, and made once. */
export class Parts {
  readonly #host: ReactiveControllerHost;
  readonly #make: (tag: Part) => HTMLElement;
  readonly #failed: (error: HelpDeskError) => void;
  readonly #loading = new Set<Part>();
  readonly #wanted = new Set<Part>();
  readonly #lost = new Map<Part, HelpDeskError>();
  /** Those there are. */
  readonly made: Made = {};

  /** `failed` hears of each failure that a person is to be told of. */
  constructor(host: ReactiveControllerHost, make: (tag: Part) => HTMLElement, failed: (error: HelpDeskError) => void) {
    this.#host = host;
    this.#make = make;
    this.#failed = failed;
  }

  /** The element; nothing while it is being loaded, and the failure where it could not be. */
  show<K extends Part>(tag: K): HTMLElementTagNameMap[K] | HelpDeskError | undefined {
    const made: Made = this.made;
    if (!made[tag]) {
      const element = this.#make(tag);
      this.#wanted.add(tag);
      if (element.matches(':defined')) made[tag] = element as Made[K];
      else if (!this.#lost.has(tag)) void this.load(tag);
    }
    return this.made[tag] ?? this.#lost.get(tag);
  }

  /** Loads the file of an element. Whether that works counts only once it is to be shown; never rejects. */
  async load(tag: Part): Promise<void> {
    if (this.made[tag] || this.#loading.has(tag)) return;
    this.#loading.add(tag);
    this.#lost.delete(tag);
    try {
      // Firefox keeps what failed until the page is loaded again: nothing is tried without a network.
      await (navigator.onLine ? files[tag]() : Promise.reject(new Error('offline')));
    } catch (cause) {
      const error = new HelpDeskError('network', { cause });
      if (this.#wanted.has(tag)) {
        this.#lost.set(tag, error);
        this.#failed(error);
      }
    }
    this.#loading.delete(tag);
    if (this.#wanted.has(tag)) this.#host.requestUpdate();
  }
}
