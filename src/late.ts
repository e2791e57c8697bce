/** Code that is loaded when it is needed. */
import { HelpDeskError } from './errors.js';

/** Loads it. Rejects with `network` where it cannot be had. */
export const loaded = <T>(load: () => Promise<T>): Promise<T> =>
  // Firefox keeps what failed until the page is loaded again: nothing is tried without a network.
  (globalThis.navigator?.onLine === false ? Promise.reject<T>(new Error('offline')) : load()).catch(
    (cause: unknown) => {
      throw new HelpDeskError('network', { cause });
    },
  );

/** The same, loaded once; asked for again where it could not be had. All who wait go on in their turn. */
export function part<T>(load: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () =>
    (asked ??= loaded(load).catch((error: unknown) => {
      asked = undefined;
      throw error;
    }));
}
