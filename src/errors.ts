/** Everything that can go wrong, as a closed list. A code is stable; a message is for people. */
export type HelpDeskErrorCode =
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'invalid'
  | 'conflict'
  | 'too-large'
  | 'rate-limited'
  | 'limit-reached'
  | 'unavailable'
  | 'unsupported'
  | 'unexpected';

/** What an error may carry besides its code. */
export interface HelpDeskErrorOptions {
  /** Field name of a draft → what is wrong with it. */
  fields?: Readonly<Record<string, string>>;
  /** Milliseconds to wait before another try. */
  retryAfterMs?: number;
  /** What the other side said. For logs and debuggers: never shown, never sent on. */
  cause?: unknown;
}

const messages: Record<HelpDeskErrorCode, string> = {
  network: 'The help desk could not be reached.',
  timeout: 'The help desk took too long to answer.',
  aborted: 'The request was stopped.',
  unauthorized: 'The help desk did not accept the sign-in.',
  forbidden: 'This is not allowed.',
  'not-found': 'This could not be found.',
  invalid: 'Something in what was sent is missing or not right.',
  conflict: 'This was changed or sent by somebody else in the meantime.',
  'too-large': 'This is too large to send.',
  'rate-limited': 'There were too many requests in a short time.',
  'limit-reached': 'There are too many open tickets already.',
  unavailable: 'The help desk is not available right now.',
  unsupported: 'This help desk cannot do that.',
  unexpected: 'The help desk gave an answer that could not be understood.',
};

/** True for one of the codes. */
export const isCode = (word: unknown): word is HelpDeskErrorCode => Object.hasOwn(messages, String(word));

/**
 * The one error class. Its `message` is ours and holds no key, token, address or upstream word;
 * those stay in `cause`.
 */
export class HelpDeskError extends Error {
  /** Also of another copy of this class: a page may have two, and what Node loads later may come with its own. */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    const name = this === HelpDeskError && (thrown as Partial<Error> | undefined)?.name;
    return name === 'HelpDeskError' || super[Symbol.hasInstance](thrown);
  }

  /** Stable code to decide by. */
  readonly code: HelpDeskErrorCode;
  /** Field name → message, for `invalid`. */
  readonly fields: Readonly<Record<string, string>>;
  /** Milliseconds to wait before another try, where the other side said so. */
  readonly retryAfterMs?: number;

  constructor(code: HelpDeskErrorCode, options: HelpDeskErrorOptions = {}) {
    const { fields = {}, retryAfterMs } = options;
    // Of these, its cause is what any error takes.
    super(messages[code], options);
    this.name = 'HelpDeskError';
    this.code = code;
    this.fields = fields;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }

  /** True where the write may have been stored although no good answer came. */
  get uncertain(): boolean {
    return ['network', 'timeout', 'aborted', 'unavailable', 'unexpected'].includes(this.code);
  }
}

/** Whatever was thrown, as a `HelpDeskError`. */
export function toHelpDeskError(thrown: unknown): HelpDeskError {
  if (thrown instanceof HelpDeskError) return thrown;
  const name = thrown instanceof Error && thrown.name;
  const code = name === 'AbortError' ? 'aborted' : name === 'TimeoutError' ? 'timeout' : 'unexpected';
  return new HelpDeskError(code, { cause: thrown });
}
