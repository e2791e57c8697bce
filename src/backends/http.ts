/** HTTP for back ends of ticket systems, and the only file that knows ky. */
import ky, { HTTPError } from 'ky';
import { HelpDeskError, toHelpDeskError } from '../errors.js';
import { narrow, type BackendOptions, type FileLimits } from './backend.js';
import { checkFiles } from './files.js';
import { addressOf, send, toAnswer, toFailure, type Answer, type Http, type HttpDefaults } from './request.js';

export { fileName } from './files.js';
export { loaded } from './later.js';
export { codes, type Answer, type Ask, type Http, type HttpDefaults } from './request.js';

/**
 * Requests to one base address.
 *
 * Time: `options.timeout` (15 s) for a read, twice that for a write, eight times for an upload; each try, body included.
 * Reads are tried up to twice again when the network, a 408, 429 or 5xx fails them and `refusal` does not say that the
 * answer is final; a `Retry-After` longer than the time for a read is not waited for. Writes are never tried again, nor
 * is a GET that is one (`once`).
 * Redirects are not followed, since keys would go with them: they are `unexpected`.
 */
export function createHttp(options: BackendOptions, { headers, refusal }: HttpDefaults = {}): Http {
  const patience = options.timeout ?? 15e3;

  async function toError(thrown: unknown, signal?: AbortSignal): Promise<HelpDeskError> {
    if (signal?.aborted) return new HelpDeskError('aborted', { cause: thrown });
    // What fetch rejects with where no answer came.
    if (thrown instanceof TypeError) return new HelpDeskError('network', { cause: thrown });
    return thrown instanceof HTTPError
      ? toFailure(await toAnswer(thrown.response.clone()), refusal)
      : toHelpDeskError(thrown);
  }

  return async (method, path, { signal, ...call }, { query, json, body, file, upload, once } = {}) => {
    // A call may take several requests; only the one with files has progress worth showing.
    const onProgress = upload ? call.onProgress : undefined;
    try {
      const response = await ky(addressOf(options.url, path), {
        method,
        json,
        headers: { Accept: 'application/json', ...options.headers, ...(await headers?.()) },
        cache: 'no-store',
        redirect: 'manual',
        timeout: patience * (upload ? 8 : method === 'GET' && !once ? 1 : 2),
        fetch: (request) => send(request as Request, body ?? JSON.stringify(json), onProgress),
        retry: {
          methods: once ? [] : ['get'],
          jitter: true,
          shouldRetry: async ({ error }) => {
            const { code, retryAfterMs = 0 } = await toError(error, signal);
            // Nothing returned means that ky's own rules go on.
            return /^(ne|ti|una|r)/.test(code) && retryAfterMs <= patience ? undefined : false;
          },
        },
        ...(signal && { signal }),
        ...(query && { searchParams: query }),
        ...(body && { body }),
      });
      const answer = await toAnswer(response, file);
      onProgress?.(1);
      return answer;
    } catch (thrown) {
      throw await toError(thrown, signal);
    }
  };
}

/** The words of a refusal; empty where there are none. */
export const wordsOf = (error: unknown): string => (error as { cause?: Partial<Answer> }).cause?.text ?? '';

/**
 * A back end's limits for files, narrowed by its options. `check` throws `too-large` before anything is sent: some back
 * ends drop such files without a word.
 */
export function fileLimits(
  options: BackendOptions,
  maxCount: number,
  maxBytes: number,
): FileLimits & { check(files: readonly File[]): void } {
  const limits = narrow({ maxCount, maxBytes }, options);
  return { ...limits, check: (files) => checkFiles({ HelpDeskError }, limits, files) };
}
