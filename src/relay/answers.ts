/** Answers as they leave: every header is ours, every word of an error too. */
import { HelpDeskError, toHelpDeskError } from '../errors.js';
import type { Trace } from './log.js';
import { digest } from './once.js';
import { toFileName } from './policy.js';
import { Problem, problemBody, toProblem } from './problem.js';
import type { Route } from './protocol.js';

/** On every answer. */
const always: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  Vary: 'Origin',
};

/** Adds what every answer has. `origin` is that of a page that may read it. */
export function finish(response: Response, id: string, origin: string | undefined): Response {
  const { headers } = response;
  for (const [header, value] of Object.entries(always)) headers.set(header, value);
  headers.set('Request-Id', id);
  if (origin !== undefined) {
    headers.set('Access-Control-Allow-Origin', origin);
    headers.set('Access-Control-Expose-Headers', 'Content-Disposition, ETag, Request-Id, Retry-After');
  }
  return response;
}

function toResponse(text: string, status: number, headers: Record<string, string>): Response {
  const bytes = new TextEncoder().encode(text);
  return new Response(bytes, { status, headers: { ...headers, 'Content-Length': `${bytes.length}` } });
}

/** Data. What this person has already is not sent again. */
export async function toJson(
  value: object,
  { method, answer: [status] }: Route,
  request: Request,
  person: string,
): Promise<Response> {
  const text = JSON.stringify(value);
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (method === 'GET') {
    const tag = `"${(await digest(person + text)).slice(0, 27)}"`;
    headers['ETag'] = tag;
    const seen = (request.headers.get('if-none-match') ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
    if (seen.includes(tag)) return new Response(null, { status: 304, headers: { ETag: tag } });
  }
  return toResponse(text, status, headers);
}

/** A file, to be kept and not to be shown. */
export function toDownload(blob: Blob, name: string): Response {
  const clean = toFileName(name);
  const coded = encodeURIComponent(clean).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return new Response(blob.slice(0, blob.size, 'application/octet-stream'), {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': `${blob.size}`,
      'Content-Disposition': `attachment; filename="${clean.replace(/[^\w. -]/g, '_')}"; filename*=UTF-8''${coded}`,
    },
  });
}

/** An error. */
export function toFailure(error: unknown, trace: Trace): Response {
  const problem = error instanceof Problem ? error : toProblem(toHelpDeskError(error), 'read');
  const { code, cause, status, retryAfterMs } = problem;
  trace.code = code;
  if (cause instanceof HelpDeskError) trace.upstream = cause.code;
  return toResponse(JSON.stringify(problemBody(problem)), status, {
    'Content-Type': 'application/problem+json',
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(retryAfterMs !== undefined && { 'Retry-After': `${Math.ceil(retryAfterMs / 1000)}` }),
  });
}

/** What a page of an allowed origin may send. */
export const toPreflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, If-None-Match',
      'Access-Control-Max-Age': '600',
    },
  });
