/** Code that is loaded when it is needed. */
import { HelpDeskError } from './errors.js';

/** Loads it. Rejects with `network` where it cannot be had. `always`: also where the browser says there is no network. */
export const loaded = <T>(load: () => Promise<T>, always?: boolean): Promise<T> =>
  // Firefox keeps what failed until the page is loaded again: what can wait is not tried without a network.
  (always || globalThis.navigator?.onLine !== false ? load() : Promise.reject<T>(new Error('offline'))).catch(
    (cause: unknown) => {
      throw new HelpDeskError('network', { cause });
    },
  );

/** The same, loaded once; asked for again where it could not be had. All who wait go on in their turn. */
export function part<T>(load: () => Promise<T>, always?: boolean): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () =>
    (asked ??= loaded(load, always).catch((error: unknown) => {
      asked = undefined;
      throw error;
    }));
}
