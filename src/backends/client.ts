/** HTTP for back ends of ticket systems: requests, of which reads that fail are tried again. */
import type { HelpDeskError, HelpDeskErrorCode } from '../errors.js';
import type { BackendOptions } from './backend.js';
import { loaded } from '../late.js';
import { createRequest, patience, type Answer, type Http, type HttpDefaults } from './request.js';

/** What may go well the next time. */
const passing: readonly HelpDeskErrorCode[] = ['network', 'unavailable', 'rate-limited'];

/**
 * Requests to one base address.
 *
 * Time: `options.timeout` (15 s) for a read, twice that for a write, eight times for an upload; each try, body included.
 * Reads are tried up to twice again when the network, a 429 or 5xx fails them and `refusal` does not say that the
 * answer is final; a `Retry-After` longer than the time for a read is not waited for. Writes are never tried again, nor
 * is a GET that is one (`once`).
 * Redirects are not followed, since keys would go with them: they are `unexpected`.
 */
export function createHttp(options: BackendOptions, defaults?: HttpDefaults): Http {
  const request = createRequest(options, defaults, 1);
  const passes = ({ code, retryAfterMs = 0 }: HelpDeskError): boolean =>
    passing.includes(code) && retryAfterMs <= patience(options);

  return async (method, path, call, asked) => {
    const attempt = (): Promise<Answer> => request(method, path, call, asked);
    try {
      return await attempt();
    } catch (thrown) {
      const error = thrown as HelpDeskError;
      if (method !== 'GET' || asked?.once || !passes(error)) throw error;
      // Most reads need no second try: what makes it comes with the first that does.
      const retry = await loaded(() => import('./retry.js')).catch(() => undefined);
      if (!retry) throw error;
      return retry.tryAgain(attempt, error, passes, call.signal);
    }
  };
}
