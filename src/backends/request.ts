/** One request of a back end, tried once. */
import { HelpDeskError, toHelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import type { BackendOptions, Call } from './backend.js';
import { known } from './json.js';

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
  refusal?: (answer: Answer) => Meaning | Promise<Meaning>;
}

type Meaning = HelpDeskErrorCode | HelpDeskError | undefined;

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

/** The address of a path below a base address. */
export const addressOf = (base: string, path: string): string =>
  clean(base).replace(/\/*$/, '/') + clean(path).replace(/^\/+/, '');

/** Milliseconds that a `Retry-After` asks for, at most an hour; NaN where it asks for nothing. */
function pause(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Math.min(Math.max(ms, 0), 36e5);
}

/** What a refusal is to those who asked. */
async function toFailure(cause: Answer, refusal: HttpDefaults['refusal']): Promise<HelpDeskError> {
  const { status, headers } = cause;
  const meaning = (await refusal?.(cause)) ?? codes[status] ?? (status < 500 ? 'unexpected' : 'unavailable');
  if (meaning instanceof HelpDeskError) return meaning;
  const retryAfterMs = pause(headers);
  return new HelpDeskError(meaning, { cause, ...(retryAfterMs >= 0 && { retryAfterMs }) });
}

/** An answer with its body read, so that time limits, retries and aborts cover the body too. */
const rebuilt = (status: number, body: ArrayBuffer, headers: HeadersInit): Response =>
  // A browser's opaque redirect has no status.
  new Response([204, 205, 304].includes(status) ? null : body, { status: status || 302, headers });

/** Sends a request; where progress is told, with it, unless the file that can tell it is not to be had. */
async function send(
  request: Request,
  body: FormData | URLSearchParams | string | undefined,
  onProgress: ((fraction: number) => void) | undefined,
): Promise<Response> {
  const xhr =
    onProgress && 'XMLHttpRequest' in globalThis ? await import('./upload.js').catch(() => undefined) : undefined;
  if (xhr) return rebuilt(...(await xhr.upload(request, body!, onProgress!)));
  const response = await fetch(request);
  // Here and as bytes: where its text was read by who asked, WebKit at times did not hear that it was stopped.
  return rebuilt(response.status, await response.arrayBuffer(), response.headers);
}

/** What a good answer holds. */
const toAnswer = async (response: Response, file?: boolean): Promise<Answer> => ({
  status: response.status,
  headers: response.headers,
  ...(file ? { text: '', blob: await response.blob() } : { text: await response.text() }),
});

/** The time that a read may take, in milliseconds: 15 s where the options do not say it. */
export const patience = ({ timeout = 15e3 }: BackendOptions): number => timeout;

/**
 * Requests to one base address, each tried once: in twice the time of `options.timeout` (15 s), a read in `reads` times,
 * an upload in eight times, body included. Redirects are not followed, since keys would go with them: they are `unexpected`.
 */
export const createRequest =
  (options: BackendOptions, { headers, refusal }: HttpDefaults = {}, reads = 2): Http =>
  async (method, path, { signal, ...call }, { query, json, body, file, upload, once } = {}) => {
    const onProgress = upload ? call.onProgress : undefined;
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        abort();
      },
      patience(options) * (upload ? 8 : method === 'GET' && !once ? reads : 2),
    );
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      const params = query ? `?${new URLSearchParams(known(query) as Record<string, string>)}` : '';
      const sent = json === undefined ? body : JSON.stringify(json);
      const request = new Request(addressOf(options.url, path) + params, {
        method,
        headers: known<Record<string, string>>({
          Accept: 'application/json',
          ...(json !== undefined && { 'Content-Type': 'application/json' }),
          ...options.headers,
          ...(await headers?.()),
        }),
        cache: 'no-store',
        redirect: 'manual',
        signal: stop.signal,
        ...(sent !== undefined && { body: sent }),
      });
      const response = await send(request, sent, onProgress);
      const answer = await toAnswer(response, response.ok && file);
      if (!response.ok) throw await toFailure(answer, refusal);
      onProgress?.(1);
      return answer;
    } catch (cause) {
      if (signal?.aborted) throw new HelpDeskError('aborted', { cause });
      if (late) throw new HelpDeskError('timeout', { cause });
      // What fetch rejects with where no answer came.
      throw cause instanceof TypeError ? new HelpDeskError('network', { cause }) : toHelpDeskError(cause);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  };
