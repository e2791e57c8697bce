/** Parts of back ends that are loaded when they are needed. */
import { HelpDeskError } from '../errors.js';

/** A part of a back end that is loaded when it is needed. Rejects with `network`. */
export const loaded = <T>(load: () => Promise<T>): Promise<T> =>
  // Firefox keeps what failed until the page is loaded again: nothing is tried without a network.
  (globalThis.navigator?.onLine === false ? Promise.reject<T>(new Error('offline')) : load()).catch(
    (cause: unknown) => {
      throw new HelpDeskError('network', { cause });
    },
  );

/** The same, loaded once; asked for again where it could not be had. */
export function part<T>(load: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () =>
    (asked ??= loaded(load).catch((error: unknown) => {
      asked = undefined;
      throw error;
    }));
}

/** Methods whose code comes when the first of them is needed. They reject with `network` where it cannot be had, and ask again. */
export function later<M extends { [K in keyof M]: (...args: never[]) => Promise<unknown> }>(
  load: () => Promise<M>,
): <K extends keyof M>(method: K) => M[K] {
  const need = part(load);
  return <K extends keyof M>(method: K) =>
    (async (...args: Parameters<M[K]>) => (await need())[method](...args)) as M[K];
}
