/** How an element finds its store and follows what is in it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { enclosingDesk, findDesk, storeKey, watchDesks } from './desks.js';
import type { Cell, Resource, Snapshot, Store } from './types.js';

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
  readonly #onStore: ((store: Store) => void | (() => void)) | undefined;
  #end: (() => void) | undefined;
  #unwatch: (() => unknown) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #warned = false;
  #store: Store | undefined;
  #own: Store | undefined;
  #desk: string | undefined;

  /** `onStore` hears of each store; what it answers is called when that store is left. */
  constructor(host: DeskHost, onStore?: (store: Store) => void | (() => void)) {
    this.#host = host;
    this.#onStore = onStore;
    host.addController(this);
  }

  /** The store, while there is one and the element is in the page. What the element has just been told counts at once. */
  get store(): Store | undefined {
    const { store, desk } = this.#host;
    if (store !== this.#own || desk !== this.#desk) this.hostUpdate();
    return this.#store;
  }

  hostConnected(): void {
    this.#unwatch ??= watchDesks(this.#resolve);
    this.#resolve();
  }

  hostUpdate(): void {
    if (this.#unwatch) this.#resolve();
  }

  hostDisconnected(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#take(undefined);
    this.#rest();
  }

  readonly #resolve = (): void => {
    const { store, desk } = this.#host;
    this.#own = store;
    this.#desk = desk;
    const around = store || desk ? undefined : enclosingDesk(this.#host);
    this.#take(store ?? (around ? around[storeKey] : findDesk(desk || 'default')));
    if (this.#store) this.#rest();
    else if (!this.missing && this.#timer === undefined) this.#wait();
  };

  #take(store: Store | undefined): void {
    if (store === this.#store) return;
    this.#end?.();
    this.#end = undefined;
    this.#store = store;
    if (store) this.#end = this.#onStore?.(store) ?? undefined;
    this.#host.requestUpdate();
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
      // An enclosing desk is not missing: it is on its way, or tells of its failure itself.
      if (this.#store || (!this.#host.desk && enclosingDesk(this.#host))) return;
      this.missing = true;
      this.#host.requestUpdate();
      if (!this.#warned) console.warn(`<${this.#host.localName}> found no help desk in this page`, this.#host);
      this.#warned = true;
    }, patience);
  };
}

interface Watchable {
  watch(listener: () => void): () => void;
}

/** Follows what a function answers while the element is in the page; asked again before each update. */
class Follower<T extends Watchable> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: () => T | undefined;
  #connected = false;
  #leave: (() => void) | undefined;
  #source: T | undefined;

  constructor(host: ReactiveControllerHost, find: () => T | undefined) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = true;
    this.hostUpdate();
  }

  hostUpdate(): void {
    if (this.#connected) this.#follow(this.#find());
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#follow(undefined);
  }

  /** What is followed now: never behind what the element knows. */
  protected get source(): T | undefined {
    this.hostUpdate();
    return this.#source;
  }

  #follow(source: T | undefined): void {
    if (source === this.#source) return;
    const leave = this.#leave;
    this.#source = source;
    this.#leave = source?.watch(() => this.#host.requestUpdate());
    // Entering comes before leaving, so that what both have in common is not stopped.
    leave?.();
  }
}

/** Follows a resource. */
export class ResourceController<T> extends Follower<Resource<T>> {
  /** What is known; undefined where there is nothing to follow. */
  get snapshot(): Snapshot<T> | undefined {
    return this.source?.peek();
  }

  /** Fetches now. Never rejects. */
  async refresh(): Promise<void> {
    await this.source?.refresh();
  }
}

/** Follows a cell. */
export class CellController<T> extends Follower<Cell<T>> {
  /** The value; undefined where there is nothing to follow. */
  get value(): T | undefined {
    return this.source?.value;
  }
}
