/** Reads that failed, tried again as ky does it: the only file that knows ky, loaded with the first of them. */
import ky from 'ky';
import { HelpDeskError } from '../errors.js';

/**
 * Tries a second and a third time what failed and `passes`: after as long as `retryAfterMs` says, else after pauses that
 * grow and are of chance length, so that many pages do not come back at once. Rejects with what the last try failed with,
 * and with `aborted` where it is stopped in a pause.
 */
export async function tryAgain<T>(
  attempt: () => Promise<T>,
  failure: HelpDeskError,
  passes: (error: HelpDeskError) => boolean,
  signal?: AbortSignal,
): Promise<T> {
  let error = failure;
  let answer: T;
  let tries = 0;
  try {
    // How often and when is all that ky is asked here: what goes out is the attempt's own.
    await ky('data:,', {
      timeout: false,
      retry: {
        shouldRetry: () => passes(error),
        delay: (count) => error.retryAfterMs ?? Math.random() * 300 * 2 ** (count - 1),
      },
      fetch: async () => {
        try {
          if (!tries++) throw failure;
          answer = await attempt();
        } catch (thrown) {
          throw (error = thrown as HelpDeskError);
        }
        return new Response();
      },
      ...(signal && { signal }),
    });
    return answer!;
  } catch (thrown) {
    // Also where it is ky that cannot: older browsers have not all that it takes to be stopped.
    throw signal?.aborted ? new HelpDeskError('aborted', { cause: thrown }) : error;
  }
}
