/** Failures on demand: what a network, a proxy or a dying PHP does to an answer. */

export type FaultKind =
  /** Nothing is stored, 500 with an empty body. */
  | 'status-500'
  /** Stored, then 500 with an empty body. */
  | 'commit-then-500'
  /** Stored, then the connection breaks without an answer. */
  | 'commit-then-drop'
  /** Stored, then no answer ever. */
  | 'commit-then-hang'
  /** Nothing is stored, the connection breaks. */
  | 'drop'
  /** Nothing is stored, no answer ever. */
  | 'hang'
  /** Everything as usual, `delayMs` later. */
  | 'delay'
  /** Nothing is stored, 200 and a sign-in page. */
  | 'html-page'
  /** Stored; only the first half of the answer's body arrives, cleanly ended. */
  | 'truncated'
  /** Stored; a PHP notice stands before the answer's body. */
  | 'notice-before-json'
  /** Nothing is stored, `status`, `headers` and `body` as given. */
  | 'answer';

export interface Fault {
  /** `METHOD /path`, or a beginning of it; `$` at the end makes it whole. Empty or absent: every request. */
  readonly match?: string;
  readonly kind: FaultKind;
  /** How often; once by default. */
  readonly times?: number;
  /** How many matching requests pass unharmed before. */
  readonly after?: number;
  /** Milliseconds, for every kind. */
  readonly delayMs?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Thrown out of a handler to have the connection cut instead of answered. */
export class ConnectionDrop extends Error {}

const signInPage =
  '<!DOCTYPE html>\n<html lang="en_US">\n<head><title>Support Center</title></head>\n' +
  '<body><form action="login.php" method="post"><h1>Sign in to Support Center</h1></form></body>\n</html>\n';
const notice =
  '<br />\n<b>Notice</b>:  Undefined index: userId in <b>/var/www/html/include/api.tickets.php</b> on line <b>112</b><br />\n';

const empty = (): Response =>
  new Response(null, { status: 500, headers: { 'Content-Type': 'text/html; charset=UTF-8' } });

async function changed(response: Response, change: (body: Buffer) => Buffer): Promise<Response> {
  const body = change(Buffer.from(await response.arrayBuffer()));
  return new Response(new Uint8Array(body), { status: response.status, headers: response.headers });
}

export class Faults {
  #waiting: { fault: Fault; after: number; times: number }[] = [];
  readonly #hanging = new Set<() => void>();

  add(fault: Fault): void {
    this.#waiting.push({ fault, after: fault.after ?? 0, times: fault.times ?? 1 });
  }

  /** Forgets what is still to come, and cuts the connections that hang. */
  clear(): void {
    this.#waiting = [];
    for (const end of this.#hanging) end();
  }

  #next(line: string): Fault | undefined {
    for (const entry of this.#waiting) {
      const match = entry.fault.match ?? '';
      const hit = match.endsWith('$') ? line.replace(/\?.*/, '') === match.slice(0, -1) : line.startsWith(match);
      if (!hit || entry.times < 1) continue;
      if (entry.after-- > 0) continue;
      entry.times--;
      return entry.fault;
    }
    return undefined;
  }

  /** Answers a request through `handle`, or as the next matching fault will have it. */
  async answer(line: string, signal: AbortSignal, handle: () => Promise<Response>): Promise<Response> {
    const fault = this.#next(line);
    if (!fault) return handle();
    if (fault.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault.kind.startsWith('commit')) await handle();
    switch (fault.kind) {
      case 'status-500':
      case 'commit-then-500':
        return empty();
      case 'drop':
      case 'commit-then-drop':
        throw new ConnectionDrop();
      case 'hang':
      case 'commit-then-hang':
        return this.#hang(signal);
      case 'html-page':
        return new Response(signInPage, { headers: { 'Content-Type': 'text/html; charset=UTF-8' } });
      case 'truncated':
        return changed(await handle(), (body) => body.subarray(0, body.length >> 1));
      case 'notice-before-json':
        return changed(await handle(), (body) => Buffer.concat([Buffer.from(notice), body]));
      case 'answer':
        return new Response(fault.body ?? null, { status: fault.status ?? 500, headers: { ...fault.headers } });
      case 'delay':
        return handle();
    }
  }

  #hang(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const end = (): void => {
        this.#hanging.delete(end);
        reject(new ConnectionDrop());
      };
      this.#hanging.add(end);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}
