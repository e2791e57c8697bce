/** Calls that are not readings of what is shown: they end with the person, and with whoever asks. */
import type { Call } from '../backends/backend.js';
import { HelpDeskError, toHelpDeskError } from '../errors.js';
import type { Identity } from '../model.js';
import { unexpected, type Session } from './session.js';
import type { SendOptions } from './types.js';

/** One call, whatever the back end does: an object as the answer, or a `HelpDeskError`. */
export type Ask = <T extends object>(
  run: (call: Call) => Promise<T> | undefined,
  options?: SendOptions,
  who?: Identity,
) => Promise<T>;

/** What one session asks. */
export const createAsk =
  ({ identity, ended }: Session): Ask =>
  async (run, { signal, intentId, onProgress } = {}, who = identity.value) => {
    const stop = new AbortController();
    const abort = () => stop.abort();
    const signals = [ended, signal];
    try {
      for (const other of signals) {
        if (other?.aborted) throw new HelpDeskError('aborted');
        other?.addEventListener('abort', abort);
      }
      const answer = await run({
        signal: stop.signal,
        ...(who && { identity: who }),
        ...(intentId && { idempotencyKey: intentId }),
        ...(onProgress && { onProgress: (fraction) => ended.aborted || onProgress(fraction) }),
      });
      if (ended.aborted) throw new HelpDeskError('aborted');
      if (typeof answer !== 'object' || !answer) throw unexpected();
      return answer;
    } catch (thrown) {
      throw ended.aborted ? new HelpDeskError('aborted', { cause: thrown }) : toHelpDeskError(thrown);
    } finally {
      for (const other of signals) other?.removeEventListener('abort', abort);
    }
  };
