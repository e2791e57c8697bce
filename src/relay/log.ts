/** What a relay says of the requests it has answered. */
import type { RouteName } from './protocol.js';

/** One answered request: nothing personal, nothing secret. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string;
  /** The `Request-Id` of the answer. */
  readonly id: string;
  readonly route: RouteName | 'preflight' | 'health' | 'none';
  /** `_OTHER` for one that is none of HTTP's own. */
  readonly method: string;
  readonly status: number;
  /** Of our errors. */
  readonly code?: string;
  /** The back end's failure, where it had one. */
  readonly upstream?: string;
  /** Milliseconds. */
  readonly ms: number;
  /** Bytes of the bodies. */
  readonly received: number;
  readonly sent: number;
  /** Tells one person's requests from another's until tomorrow; a keyed hash. */
  readonly subject?: string;
}

/** What is learned of a request while it is answered. */
export interface Trace {
  code?: string;
  upstream?: string;
  subject?: string;
  /** Bytes of its body. */
  received: number;
}

/** A method's name; any word can be one, also somebody's own. */
export const methodName = (method: string): string =>
  /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) ? method : '_OTHER';

/** Names for people that are the same for a day, and of no use to who has not this process' key. */
export function createPseudonyms(): (person: string) => Promise<string> {
  let day = '';
  let key: Promise<CryptoKey> | undefined;
  return async (person) => {
    const today = new Date().toISOString().slice(0, 10);
    if (today !== day) {
      day = today;
      key = crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    }
    const sum = await crypto.subtle.sign('HMAC', await key!, new TextEncoder().encode(person));
    return [...new Uint8Array(sum, 0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
}
