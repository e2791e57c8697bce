/** What a network, a proxy or a dying server does to an answer, done to `fetch`, so that your help desk needs no switch for it. */

/** How a request fails. */
export type FaultKind =
  /** Nothing is stored, 500 with an empty body. */
  | 'status-500'
  /** Stored, then 500 with an empty body. */
  | 'commit-then-500'
  /** Nothing is stored, the connection breaks. */
  | 'drop'
  /** Nothing is stored, no answer ever. */
  | 'hang'
  /** Nothing is stored, 200 and a page to sign in. */
  | 'html-page'
  /** Stored; only the first half of the answer's body arrives. */
  | 'truncated'
  /** Stored; a PHP notice stands before the answer's body. */
  | 'notice-before-json'
  /** Nothing is stored, `status`, `headers` and `body` as given. */
  | 'answer';

export interface Fault {
  /** A beginning of `METHOD /path?query`. */
  readonly match: string;
  readonly kind: FaultKind;
  /** How often; once by default. */
  readonly times?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What goes over the wire. */
export interface Wire {
  /** The next requests that match fail like this; what was said before counts first. */
  fault(fault: Fault): Promise<unknown>;
  /** No further request fails. */
  clearFaults(): Promise<unknown>;
  /** Every request so far, failed ones too; `path` is behind the base address, with its query. */
  log(): Promise<readonly { readonly method: string; readonly path: string }[]>;
}

/** A wire that can be let go of. */
export interface WatchedFetch extends Wire {
  /** Gives `fetch` back as it was. */
  restore(): void;
}

const page =
  '<!DOCTYPE html><html><body><form action="login.php"><h1>Sign in to Support Center</h1></form></body></html>';
const notice = '<br />\n<b>Notice</b>:  Undefined index: userId in <b>api.php</b> on line <b>112</b><br />\n';

/** Answers `fetch` has no body for. */
const bare = (status: number): boolean => [204, 205, 304].includes(status);

async function changed(response: Response, change: (body: string) => string): Promise<Response> {
  const { status } = response;
  return new Response(bare(status) ? null : change(await response.text()), {
    status,
    headers: { 'Content-Type': response.headers.get('Content-Type') ?? 'text/plain' },
  });
}

/**
 * Watches requests by `fetch` to this base address (absolute, no slash at its end), and lets them fail on demand. Others
 * pass untouched, and so do uploads by XMLHttpRequest: run tests of those where there is none, in Node.
 */
export function watchFetch(base: string): WatchedFetch {
  const real = globalThis.fetch;
  const seen: { method: string; path: string }[] = [];
  let waiting: { fault: Fault; left: number }[] = [];

  const failed = async (request: Request, { kind, status = 500, headers = {}, body }: Fault): Promise<Response> => {
    switch (kind) {
      case 'drop':
        throw new TypeError('fetch failed');
      case 'hang':
        return new Promise((_, reject) => {
          const stop = (): void => reject(request.signal.reason as Error);
          if (request.signal.aborted) stop();
          request.signal.addEventListener('abort', stop, { once: true });
        });
      case 'commit-then-500':
        await (await real(request)).arrayBuffer();
        return new Response(null, { status: 500 });
      case 'status-500':
        return new Response(null, { status: 500 });
      case 'html-page':
        return new Response(page, { headers: { 'Content-Type': 'text/html' } });
      case 'truncated':
        return changed(await real(request), (text) => text.slice(0, text.length >> 1));
      case 'notice-before-json':
        return changed(await real(request), (text) => notice + text);
      case 'answer':
        return new Response(body ?? null, { status, headers });
    }
  };

  const watched: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const path = request.url.slice(base.length);
    if (!request.url.startsWith(base) || !/^($|[/?])/.test(path)) return real(input, init);
    // Stopped before it was sent.
    request.signal.throwIfAborted();
    seen.push({ method: request.method, path });
    const next = waiting.find(({ fault, left }) => left > 0 && `${request.method} ${path}`.startsWith(fault.match));
    if (!next) return real(request);
    next.left--;
    return failed(request, next.fault);
  };
  globalThis.fetch = watched;

  return {
    fault: async (fault) => void waiting.push({ fault, left: fault.times ?? 1 }),
    clearFaults: async () => void (waiting = []),
    log: async () => [...seen],
    restore() {
      if (globalThis.fetch === watched) globalThis.fetch = real;
    },
  };
}
