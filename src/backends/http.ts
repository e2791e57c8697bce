/** HTTP for back ends, and the only file that knows ky. */
import ky, { HTTPError } from 'ky';
import { HelpDeskError, toHelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import type { BackendOptions, Call } from './backend.js';

export { fileLimits, fileName } from './files.js';

/** What came back, its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as text; empty where a file was asked for. */
  readonly text: string;
  /** The body as a file, where one was asked for. */
  readonly blob?: Blob;
}

/** One request. */
export interface Ask {
  readonly query?: Record<string, string | number | undefined>;
  /** A body that is sent as JSON. */
  readonly json?: unknown;
  readonly body?: FormData | URLSearchParams;
  /** The answer is a file. */
  readonly file?: boolean;
  /** Files are sent: more time is given, and progress told. */
  readonly upload?: boolean;
  /** A GET that changes something: never tried again. */
  readonly once?: boolean;
}

type SentHeaders = Record<string, string | undefined>;

/** What a back end brings for all its requests. */
export interface HttpDefaults {
  /** Asked before each request; an undefined header is not sent. */
  headers?: () => SentHeaders | Promise<SentHeaders>;
  /** What a refusal means where its status does not say. Undefined leaves it to the status. */
  refusal?: (answer: Answer) => HelpDeskErrorCode | HelpDeskError | undefined;
}

/** Resolves with answers of status 2xx and rejects with `HelpDeskError` only. */
export type Http = (method: string, path: string, call: Call, ask?: Ask) => Promise<Answer>;

/** What a status means; undefined for one that means nothing in particular. */
export const codes: Readonly<Record<number, HelpDeskErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'unsupported',
  408: 'timeout',
  409: 'conflict',
  410: 'not-found',
  413: 'too-large',
  422: 'invalid',
  429: 'rate-limited',
  501: 'unsupported',
};

/** Addresses are copied from web pages, and with them signs that nobody sees; U+200E also in two mistaken forms. */
const clean = (address: string): string =>
  address.replace(/[\s\u00ad\u200b-\u200f\u2028-\u206f\ufeff]|\u00e2\u20ac\u017d|%e2%80%8e/gi, '');

/** Milliseconds that a `Retry-After` asks for, at most an hour; NaN where it asks for nothing. */
function pause(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Math.min(Math.max(ms, 0), 36e5);
}

/** An answer with its body read, so that time limits, retries and aborts cover the body too. */
const rebuilt = (status: number, body: ArrayBuffer, headers: HeadersInit): Response =>
  // A browser's opaque redirect has no status.
  new Response([204, 205, 304].includes(status) ? null : body, { status: status || 302, headers });

async function send(request: Request): Promise<Response> {
  const response = await fetch(request);
  return rebuilt(response.status, await response.arrayBuffer(), response.headers);
}

/** With progress; without where the file that can tell it is not to be had. */
const sendByXhr = async (
  request: Request,
  body: FormData | URLSearchParams | string,
  onProgress: (fraction: number) => void,
): Promise<Response> => {
  const xhr = await import('./upload.js').catch(() => undefined);
  return xhr ? rebuilt(...(await xhr.upload(request, body, onProgress))) : send(request);
};

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
  const base = clean(options.url).replace(/\/*$/, '/');
  const patience = options.timeout ?? 15e3;

  async function toError(thrown: unknown, signal?: AbortSignal): Promise<HelpDeskError> {
    if (signal?.aborted) return new HelpDeskError('aborted', { cause: thrown });
    // What fetch rejects with where no answer came.
    if (thrown instanceof TypeError) return new HelpDeskError('network', { cause: thrown });
    if (!(thrown instanceof HTTPError)) return toHelpDeskError(thrown);
    const { response } = thrown;
    const { status } = response;
    const answer = { status, headers: response.headers, text: await response.clone().text() };
    const meaning = refusal?.(answer) ?? codes[status] ?? (status < 500 ? 'unexpected' : 'unavailable');
    if (meaning instanceof HelpDeskError) return meaning;
    const retryAfterMs = pause(answer.headers);
    return new HelpDeskError(meaning, {
      cause: answer,
      ...(retryAfterMs >= 0 && { retryAfterMs }),
    });
  }

  return async (method, path, { signal, ...call }, { query, json, body, file, upload, once } = {}) => {
    // A call may take several requests; only the one with files has progress worth showing.
    const onProgress = upload ? call.onProgress : undefined;
    const byXhr = onProgress && 'XMLHttpRequest' in globalThis;
    try {
      const response = await ky(base + clean(path).replace(/^\/+/, ''), {
        method,
        json,
        headers: { Accept: 'application/json', ...options.headers, ...(await headers?.()) },
        cache: 'no-store',
        redirect: 'manual',
        timeout: patience * (upload ? 8 : method === 'GET' && !once ? 1 : 2),
        fetch: (request) =>
          byXhr ? sendByXhr(request as Request, body ?? JSON.stringify(json), onProgress) : send(request as Request),
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
      const read = file ? { text: '', blob: await response.blob() } : { text: await response.text() };
      onProgress?.(1);
      return { status: response.status, headers: response.headers, ...read };
    } catch (thrown) {
      throw await toError(thrown, signal);
    }
  };
}

/** A part of a back end that is loaded when it is needed. Rejects with `network`. */
export const loaded = <T>(part: Promise<T>): Promise<T> =>
  part.catch((cause: unknown) => {
    throw new HelpDeskError('network', { cause });
  });

/** Methods whose code comes when the first of them is needed. They reject with `network` where it cannot be had, and ask again. */
export function later<M extends { [K in keyof M]: (...args: never[]) => Promise<unknown> }>(
  load: () => Promise<M>,
): <K extends keyof M>(method: K) => M[K] {
  let part: Promise<M> | undefined;
  return <K extends keyof M>(method: K) =>
    (async (...args: Parameters<M[K]>) => {
      // Firefox keeps what failed until the page is loaded again: nothing is tried without a network.
      part ??= loaded(globalThis.navigator?.onLine === false ? Promise.reject(new Error('offline')) : load()).catch(
        (error: unknown) => {
          part = undefined;
          throw error;
        },
      );
      return (await part)[method](...args);
    }) as M[K];
}

/** The words of a refusal; empty where there are none. */
export const wordsOf = (error: unknown): string => (error as { cause?: Partial<Answer> }).cause?.text ?? '';
