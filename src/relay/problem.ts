/** Errors as the relay answers them (RFC 9457). Every word is ours: what the back end said stays here. */
import { HelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import type { ProblemBody } from './protocol.js';

const statuses: Record<HelpDeskErrorCode, number> = {
  network: 502,
  timeout: 504,
  aborted: 503,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  invalid: 400,
  conflict: 409,
  'too-large': 413,
  'rate-limited': 429,
  'limit-reached': 409,
  unavailable: 503,
  unsupported: 501,
  unexpected: 502,
};

/** What is wrong with a token. */
export type TokenReason = NonNullable<ProblemBody['reason']>;

/** An answer that is an error. Thrown on the way, and made a `Response` at the end. */
export class Problem extends HelpDeskError {
  readonly status: number;
  readonly reason: TokenReason | undefined;
  readonly #unsent: boolean;

  constructor(
    code: HelpDeskErrorCode,
    more: {
      fields?: Readonly<Record<string, string>>;
      retryAfterMs?: number;
      status?: number;
      reason?: TokenReason;
      cause?: unknown;
      /** Nothing has gone to the back end: the outcome is known, whatever the code. */
      unsent?: boolean;
    } = {},
  ) {
    const { status, reason, unsent = false, ...options } = more;
    super(code, options);
    this.status = status ?? statuses[code];
    this.reason = reason;
    this.#unsent = unsent;
  }

  override get uncertain(): boolean {
    return !this.#unsent && super.uncertain;
  }
}

const invalid = 'This is not valid.';

/** A request that names something wrong. */
export const invalidField = (...names: string[]): Problem =>
  new Problem('invalid', { fields: Object.fromEntries(names.map((name) => [name, invalid])) });

/** The body of an error's answer. */
export function problemBody({ code, message, status, reason, fields, retryAfterMs }: Problem): ProblemBody {
  return {
    type: 'about:blank',
    title: message,
    status,
    code,
    ...(reason && { reason }),
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Which answers of a back end mean the same to a page as to the relay, by what was asked for. */
const passed: Readonly<Record<'read' | 'write' | 'ticket', RegExp>> = {
  read: /^(network|timeout|aborted|rate-limited|unavailable|unsupported|unexpected)$/,
  write:
    /^(network|timeout|aborted|rate-limited|unavailable|unsupported|unexpected|invalid|conflict|too-large|limit-reached)$/,
  ticket:
    /^(network|timeout|aborted|rate-limited|unavailable|unsupported|unexpected|invalid|conflict|too-large|limit-reached|not-found|forbidden)$/,
};

/**
 * What a page is told of a back end's failure. A refused key, a wrong path, or a page instead of data is nothing that the
 * person has to do with: `unavailable` or `unexpected`. Never `unauthorized`, or the page would ask for another token.
 * @param about `ticket` for what concerns one ticket, where "not found" and "forbidden" have a meaning.
 */
export function toProblem(error: HelpDeskError, about: 'read' | 'write' | 'ticket'): Problem {
  if (error instanceof Problem) return error;
  const { code, retryAfterMs } = error;
  const told = passed[about].test(code)
    ? code
    : /^(unauthorized|forbidden|not-found)$/.test(code)
      ? 'unavailable'
      : 'unexpected';
  // The adapters write these words themselves; names may be the back end's labels.
  const fields = Object.fromEntries(
    Object.entries(error.fields)
      .slice(0, 20)
      .map(([name, words]) => [name.slice(0, 64), words.slice(0, 100)]),
  );
  return new Problem(told, {
    ...(told === 'invalid' || told === 'too-large' ? { fields } : {}),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    cause: error,
  });
}
