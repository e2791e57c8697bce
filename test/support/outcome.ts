/** What becomes of things that take a while, for tests without a page of elements. */
import type { HelpDeskError } from '../../src/errors.js';
import { until as wait } from './screen.js';

/** Waits until it is so, as on a page of elements. */
export const until = (condition: () => unknown): Promise<true> =>
  wait(() => Boolean(condition()), condition.toString());

/** The code that a call fails with; `none` where it does not fail. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error as HelpDeskError).code,
  );
