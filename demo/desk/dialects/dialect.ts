/** What every dialect is given and gives. */
import type { DeskStore } from '../store.js';

/** The desk as a dialect sees it. */
export interface DialectDesk {
  readonly store: DeskStore;
  /** The key that may do everything. `KEY-inactive` and `KEY-may-not-create` (with this key for KEY) are known too. */
  readonly key: string;
  /** Bearer token → e-mail address of the person it stands for. */
  readonly tokens: ReadonlyMap<string, string>;
  /** IANA zone in which times without a zone are printed. */
  readonly timeZone: string;
  /** Bytes of one file. Undefined for the system's own default. */
  readonly maxFileBytes: number | undefined;
  /** How many open tickets a person may have, where the system knows such a limit. */
  readonly openTicketLimit: number | undefined;
  /** False: numbers are looked up as written. True (default, as recorded): as the integer they are. */
  readonly castNumbers: boolean;
  /** True: osTicket gives files to signed-in people only, that is, nobody here: others get the page to sign in. */
  readonly filesNeedSignIn: boolean;
  /** True: jaze answers JSON that can be parsed as such; false (default) as its documentation prints it. */
  readonly validJson: boolean;
}

/** A request, taken apart. */
export interface DialectRequest {
  readonly method: string;
  /** Below the place where the dialect is mounted; begins with a slash. */
  readonly path: string;
  /** Where the dialect is mounted; empty for the root. */
  readonly basePath: string;
  /** Name and port the request was sent to. */
  readonly host: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The whole body as text; also that of a GET, where the server could read one. */
  text(): Promise<string>;
  form(): Promise<FormData>;
}

export type Dialect = (desk: DialectDesk, request: DialectRequest) => Promise<Response>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** `YYYY-MM-DD HH:mm:ss` in a zone, without saying which. */
export function zoneless(time: number, timeZone: string): string {
  if (timeZone === 'UTC') return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format.format(time);
}
