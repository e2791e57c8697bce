/** What becomes of things that take a while, for tests without a page of elements. */
import { expect } from 'chai';
import type { HelpDeskError } from '../../src/errors.js';

/** Waits until something is so, a turn at a time. */
export async function until(condition: () => unknown): Promise<void> {
  for (let turn = 0; turn < 500; turn++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve));
  }
  expect.fail(`not so: ${condition.toString()}`);
}

/** The code that a call fails with; `none` where it does not fail. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error as HelpDeskError).code,
  );
