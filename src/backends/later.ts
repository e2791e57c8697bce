/** Parts of back ends that are loaded when they are needed. */
import { part } from '../late.js';

/** Methods whose code comes when the first of them is needed. They reject with `network` where it cannot be had, and ask again. */
export function later<M extends { [K in keyof M]: (...args: never[]) => Promise<unknown> }>(
  load: () => Promise<M>,
): <K extends keyof M>(method: K) => M[K] {
  const need = part(load);
  return <K extends keyof M>(method: K) =>
    (async (...args: Parameters<M[K]>) => (await need())[method](...args)) as M[K];
}
