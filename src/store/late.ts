/** Code of stores that a page need not have at once, for every store of the page. */
import { part } from '../late.js';
import type * as Activity from './activity.js';
import type { ticketsCode } from './tickets.js';

/** Code that is fetched when it is needed, or brought before by what will need it. */
export interface Late<T> {
  /** The code, where it is there. */
  now: T | undefined;
  /** Fetches it. Rejects with `network` where it cannot be had; the next call then tries again. */
  need(): Promise<T>;
}

function late<T>(load: () => Promise<T>): Late<T> {
  const code: Late<T> = { now: undefined, need: part(async () => (code.now = await load())) };
  return code;
}

/** What a person does, and what is news. */
export const activity: Late<typeof Activity> = late(() => import('./activity.js'));

/** What lists and threads need: who shows one brings it, and a form goes without. */
export const tickets: Late<typeof ticketsCode> = late(async () => (await import('./tickets.js')).ticketsCode);

/** Brings it, for every store of the page. */
export const bringTickets = (code: typeof ticketsCode): void => void (tickets.now = code);
