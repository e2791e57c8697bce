import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Keeps what is being written: within 300 ms of each key, when the page is hidden, and when the element goes. */
export class DraftSaver implements ReactiveController {
  readonly #save: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, save: () => void) {
    this.#save = save;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('pagehide', this.flush);
    document.addEventListener('visibilitychange', this.flush);
  }

  hostDisconnected(): void {
    removeEventListener('pagehide', this.flush);
    document.removeEventListener('visibilitychange', this.flush);
    this.flush();
  }

  /** Something was written. */
  readonly changed = (): void => {
    this.#timer ??= setTimeout(this.flush, 250);
  };

  /** Keeps it now, if there is anything new. */
  readonly flush = (): void => {
    if (this.#timer === undefined) return;
    this.cancel();
    this.#save();
  };

  /** Forgets that there is something to keep. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
