/** How an element finds its store and follows what is in it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { enclosingDesk, findDesk, storeKey, watchDesks } from './desks.js';
import type { Cell, Store } from './types.js';

/** An element that belongs to a desk. */
export type DeskHost = ReactiveControllerHost &
  HTMLElement & {
    /** A store of its own. */
    store?: Store | undefined;
    /** The name of its desk. */
    desk?: string | undefined;
  };

/** Milliseconds after the page is complete until a desk counts as missing. */
const patience = 1000;

/**
 * Finds the store of an element: its own, the desk named by it, the enclosing desk, the page's `default`. In which
 * order they come into the page does not matter.
 */
export class DeskController implements ReactiveController {
  /** True when the page is complete and there is still no desk. */
  missing = false;
  readonly #host: DeskHost;
  #unwatch: (() => unknown) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #warned = false;
  #store: Store | undefined;
  #own: Store | undefined;
  #desk: string | undefined;

  constructor(host: DeskHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The store, while there is one and the element is in the page. What the element has just been told counts at once. */
  get store(): Store | undefined {
    const { store, desk } = this.#host;
    if (store !== this.#own || desk !== this.#desk) this.hostUpdate();
    return this.#store;
  }

  hostConnected(): void {
    this.#unwatch ??= watchDesks(() => {
      this.hostUpdate();
      // It may be what can be done with the same store that is known now.
      this.#host.requestUpdate();
    });
    this.hostUpdate();
  }

  hostDisconnected(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.hostUpdate();
  }

  hostUpdate(): void {
    const { store, desk } = this.#host;
    const around = store || desk ? undefined : enclosingDesk(this.#host);
    const found = this.#unwatch && (store ?? (around ? around[storeKey] : findDesk(desk || 'default')));
    if (found !== this.#store) this.#host.requestUpdate();
    this.#own = store;
    this.#desk = desk;
    this.#store = found;
    // An enclosing desk is not missing: it is on its way, or tells of its failure itself.
    if (found || around || !this.#unwatch) this.#rest();
    else if (!this.missing && this.#timer === undefined) this.#wait();
  }

  /** Nobody is waited for any more. */
  #rest(): void {
    clearTimeout(this.#timer);
    removeEventListener('load', this.#wait);
    this.#timer = undefined;
    if (this.missing) this.#host.requestUpdate();
    this.missing = false;
  }

  readonly #wait = (): void => {
    if (document.readyState !== 'complete') return addEventListener('load', this.#wait, { once: true });
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.missing = true;
      this.#host.requestUpdate();
      if (!this.#warned) console.warn(`<${this.#host.localName}> found no help desk in this page`, this.#host);
      this.#warned = true;
    }, patience);
  };
}

/**
 * Follows the cell or resource that a function answers while its element is in the page: draws the element anew with each
 * change. The function is asked again before each drawing.
 */
export class Follower<T extends Pick<Cell<unknown>, 'watch'>> implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #find: () => T | undefined;
  #leave: (() => void) | undefined;
  #source: T | undefined;

  constructor(host: ReactiveControllerHost & Element, find: () => T | undefined) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  hostConnected(): void {
    this.hostUpdate();
  }

  hostDisconnected(): void {
    this.hostUpdate();
  }

  hostUpdate(): void {
    const source = this.#host.isConnected ? this.#find() : undefined;
    if (source === this.#source) return;
    const leave = this.#leave;
    this.#source = source;
    this.#leave = source?.watch(() => this.#host.requestUpdate());
    // Entering comes before leaving, so that what both have in common is not stopped.
    leave?.();
  }

  /** What is followed now, never behind what the element knows; undefined where there is nothing to follow. */
  get source(): T | undefined {
    this.hostUpdate();
    return this.#source;
  }
}
