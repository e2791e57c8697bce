/**
 * Says in words what is wrong with a connection: for whoever puts a help desk on a page. It only reads, and what it says
 * holds no key, no token, no query and nothing of what the other side wrote. Loaded when it is asked for.
 */
import type { HelpDeskError } from '../errors.js';
import type { Identity, Page, Ticket } from '../model.js';
import type { Backend, BackendOptions } from './backend.js';

/** What can be found. A code is stable; its words are for people. */
export type FindingCode =
  | 'options'
  | 'address'
  | 'invisible-character'
  | 'mixed-content'
  | 'backend'
  | 'policy'
  | 'unreachable'
  | 'cors'
  | 'redirect'
  | 'wrong-address'
  | 'path-style'
  | 'html-page'
  | 'key'
  | 'key-address'
  | 'sign-in'
  | 'no-reading'
  | 'unavailable'
  | 'answer'
  | 'clock'
  | 'time-zone'
  | 'all-well';

/** One thing found. */
export interface Finding {
  readonly code: FindingCode;
  /** False where there is something to mend. */
  readonly ok: boolean;
  /** What is so. */
  readonly words: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** What is looked at. */
export interface Diagnosed {
  /** Makes the back end, with changed options where some are given; or gives the one in use. */
  readonly make: (changes?: Readonly<Record<string, unknown>>) => Backend | Promise<Backend>;
  /** The back end's options as the page gave them; absent where they are not known. */
  readonly options?: Partial<BackendOptions> & Readonly<Record<string, unknown>>;
  /** The element that the page gave them to. */
  readonly element?: Element & { readonly options?: unknown };
  /** Who asks. Without somebody, tickets are not read where the back end must be told. */
  readonly identity?: Identity | undefined;
}

/** Milliseconds for all that is asked of the back end, its own tries included. */
const patience = 20e3;
/** Milliseconds for one plain request. */
const probeTime = 5e3;
/** Milliseconds by which clocks may differ. */
const tolerance = 6e4;

const hidden = /[\s\u00a0\u00ad\u200b-\u200f\u2028-\u206f\ufeff]|\u00e2\u20ac\u017d|%e2%80%8e/gi;
const leftToRight = 'left-to-right mark';
const characters: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\t': 'tab',
  '\n': 'line break',
  '\r': 'line break',
  '\u00a0': 'no-break space',
  '\u00ad': 'soft hyphen',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u200e': leftToRight,
  '\u200f': 'right-to-left mark',
  '\u2060': 'word joiner',
  '\ufeff': 'byte order mark',
};

const nameOf = (found: string): string => {
  if (found.length > 1) return `${leftToRight} (U+200E, as it looks when its encoding was mistaken)`;
  const code = `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return characters[found] ? `${characters[found]} (${code})` : code;
};

/** Signs nobody sees, in what is copied from web pages. */
function findHidden(options: Readonly<Record<string, unknown>>): Finding[] {
  const places = { ...options, ...(options['paths'] as object) } as Record<string, unknown>;
  const wanted = ['url', 'tokenUrl', 'apiKey', 'accessToken', ...Object.keys(options['paths'] ?? {})];
  return wanted.flatMap((place): Finding[] => {
    const value = places[place];
    const found = typeof value === 'string' ? value.match(hidden) : null;
    if (!found) return [];
    const names = [...new Set(found.map(nameOf))].join(', ');
    return [
      {
        code: 'invisible-character',
        ok: false,
        words: `There is something in "${place}" that nobody sees: ${names}.`,
        advice: /apiKey|accessToken|tokenUrl/.test(place)
          ? `Type "${place}" by hand instead of pasting it.`
          : `It is left out when asking; still, type "${place}" by hand instead of pasting it.`,
      },
    ];
  });
}

const finding = (code: FindingCode, words: string, advice?: string, ok = false): Finding => ({
  code,
  ok,
  words,
  ...(advice && { advice }),
});

/** Options that are none: what an attribute says that is not JSON is as good as absent. */
function findLost({ element }: Diagnosed): Finding[] {
  const options = element?.options ?? element?.getAttribute('options');
  if (!options || (typeof options === 'object' && !Array.isArray(options))) return [];
  return [
    finding(
      'options',
      'What "options" says is not JSON, or no object: nothing of it is used.',
      `Write it as options='{"name": "value"}': braces, straight double quotes inside, single ones around.`,
    ),
  ];
}

/** The address as it is asked, or what is wrong with it. Undefined and no finding where it is not known. */
function readAddress({ url = '' }: Partial<BackendOptions>): URL | Finding {
  const cleaned = url.replace(hidden, '');
  if (!cleaned) return finding('address', 'No address is given.', 'Set url="…" to the address of the help desk.');
  let address: URL;
  try {
    address = new URL(cleaned.replace(/\/*$/, '/'), document.baseURI);
  } catch {
    return finding('address', 'The address cannot be read as one.', 'It should look like https://help.example.com.');
  }
  if (!/^https?:$/.test(address.protocol))
    return finding('address', 'The address is not one of the web.', 'It begins with https://.');
  if (address.username || address.password)
    return finding('address', 'The address holds a user name or password: browsers refuse such.', 'Take it out.');
  if (/[?#]/.test(cleaned))
    return finding('address', 'The address goes on behind a ? or #: no path can be added.', 'End it before that.');
  const near = /^(localhost|127\.[\d.]+|\[::1\])$/.test(address.hostname) || address.hostname.endsWith('.localhost');
  return location.protocol === 'https:' && address.protocol === 'http:' && !near
    ? finding('mixed-content', 'The page is https, the address is http: browsers refuse that.', 'Use https for both.')
    : address;
}

/** A request without key, token, person or query. Undefined where no answer came. */
const probe = async (address: URL, init: RequestInit): Promise<Response | undefined> => {
  try {
    return await fetch(address, {
      ...init,
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(probeTime),
    });
  } catch {
    return undefined;
  }
};

/** What came back, as far as an error knows. */
interface Evidence {
  readonly status?: number;
  readonly text?: string;
}

function evidenceOf({ cause }: HelpDeskError): Evidence {
  if (typeof cause === 'string') return { text: cause };
  if (cause instanceof Error) return 'code' in cause ? evidenceOf(cause as HelpDeskError) : {};
  const { status, text } = (cause ?? {}) as Evidence;
  return { ...(typeof status === 'number' && { status }), ...(typeof text === 'string' && { text }) };
}

const toTheRelay = 'A page should ask the relay: it runs on a server with one fixed address, and keeps the key there.';

/** Why no answer came that the page may read. */
async function explainSilence(address: URL | undefined, refusedByPolicy: () => boolean): Promise<Finding> {
  if (navigator.onLine === false) return finding('unreachable', 'This device is offline.');
  const answered = address && (await probe(address, { mode: 'no-cors' }));
  // The page is told of a refusal by its policy in a task of its own.
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (refusedByPolicy())
    return finding(
      'policy',
      "The page's own Content-Security-Policy refuses requests to this address.",
      `Add ${address?.origin ?? 'it'} to connect-src.`,
    );
  if (!answered)
    return finding('unreachable', 'Nothing answers at this address.', 'Look for a slip in the name or the port.');
  if (address.origin === origin)
    return finding('unreachable', 'The server is there, but breaks the connection.', 'Its log should say why.');
  return finding(
    'cors',
    'The server is there, but does not allow pages of this site to read its answers (CORS).',
    `Let it allow the origin ${origin}, in the relay by HELPDESK_ORIGINS; or put it under the site's own address.`,
  );
}

/** What an error means for whoever set this up. */
function explain(error: HelpDeskError, name: string): Finding {
  const { code } = error;
  const { status, text = '' } = evidenceOf(error);
  const relay = name === 'relay';
  const isPage = /^\s*<(!doctype|html)/i.test(text);
  if (status && status > 299 && status < 400)
    return finding(
      'redirect',
      'The address leads elsewhere, and a key must not follow.',
      'Give the address it ends at.',
    );
  if (code === 'not-found')
    return finding(
      'wrong-address',
      'A server answers, but knows no such path.',
      'The address is that of the help desk itself: without the path of a call, with the folder it lies in.',
    );
  if (isPage && /^(unexpected|unauthorized|forbidden|invalid)$/.test(code))
    return /<form[^]*(log.?in|sign.?in|password)/i.test(text)
      ? finding('html-page', 'A page to sign in is answered instead of data.', 'Let the API be reached without it.')
      : finding('html-page', 'A page for people is answered instead of data.', 'Look for a slip in the address.');
  // Of a key that it knows for another address osTicket says the same as of one that it does not know.
  if (/source IP not authorized|valid API key required/i.test(text))
    return finding(
      'key-address',
      'The key is missing, unknown, not active, or bound to another address than this request came from.',
      `In osTicket a key belongs to one IP address. ${toTheRelay}`,
    );
  if (code === 'unauthorized' && (relay || !status))
    return finding(
      'sign-in',
      'Nobody is signed in, or who is was not accepted.',
      relay
        ? "Look whether token-url or getToken gives a token, and whether its key, audience and age are the relay's."
        : 'Set email or user-id.',
    );
  if (code === 'forbidden' && relay && !status)
    return finding(
      'sign-in',
      'The token of token-url goes to no relay of another site, unless the answer with the token names it.',
      'Keep token-url on this site. Where the relay is elsewhere, let it answer {"token": "…", "relay": "https://…"}.',
    );
  if (code === 'unauthorized')
    return finding('key', 'The key or token was refused.', `Compare it with the help desk's. ${toTheRelay}`);
  if (code === 'forbidden')
    return finding('key', 'The key or person is known, but may not do this.', 'Look at their rights in the help desk.');
  if (code === 'unsupported')
    return finding(
      'no-reading',
      'The help desk does not know this way of reading: it may take new tickets, but shows none.',
      'osTicket needs its API extension for this; without it use ticket-form, with a list of topics of its own. Its address ends before /api.',
    );
  if (/^(timeout|aborted|unavailable|rate-limited)$/.test(code))
    return finding(
      'unavailable',
      code === 'rate-limited'
        ? 'The help desk wants to be asked less often.'
        : code === 'unavailable'
          ? 'The help desk is there, but fails.'
          : 'The help desk takes too long to answer.',
      'Try again later; its log should say why.',
    );
  return finding(
    'answer',
    'The answer could not be understood.',
    'Look whether the chosen back end and its options fit the system, and for notices of its server before the data.',
  );
}

const span = (ms: number): string => {
  const minutes = Math.round(Math.abs(ms) / 6e4);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 6) / 10} hours`;
};

/** Milliseconds by which the server's clock is ahead; undefined where it does not say, or not to this page. */
async function readClock(address: URL): Promise<number | undefined> {
  const before = Date.now();
  const said = Date.parse((await probe(address, { method: 'HEAD', redirect: 'manual' }))?.headers.get('date') ?? '');
  // A date is cut to its second.
  return Number.isNaN(said) ? undefined : said + 500 - (before + Date.now()) / 2;
}

/** The newest ticket was not written in the future: then its time was taken for one of another zone. */
function compareZone({ items }: Page<Ticket>, now: number, { timeZone = 'UTC' }: Partial<BackendOptions>): Finding[] {
  const ahead = Math.max(...items.map((item) => Date.parse(item.updatedAt ?? item.createdAt ?? '') - now));
  if (!(ahead > 5 * tolerance)) return [];
  const hours = Math.ceil(ahead / 9e5 - 0.1) / 4;
  return [
    finding(
      'time-zone',
      `The newest ticket is dated in the future: the help desk's times are at least ${hours} h ahead of ${timeZone}.`,
      'Set time-zone="…" to the zone in which the help desk writes its times.',
    ),
  ];
}

/** The two sets of paths of the support-ticket API. */
const styles = ['documented', 'samples'];

/**
 * Looks at address, connection, key, paths, answers and clocks by a few reads: `listTopics` and `listTickets` with a
 * limit of 1, a `HEAD` and where no answer came a plain `GET` of the base address. Nothing is written. Takes up to half a
 * minute where nothing answers. Never rejects. Findings come in the order in which they are best mended.
 */
export async function diagnose(asked: Diagnosed): Promise<readonly Finding[]> {
  const { make, options, identity } = asked;
  const found: Finding[] = [...findLost(asked), ...(options ? findHidden(options) : [])];
  const add = (one: Finding): void => {
    if (!found.some(({ code }) => code === one.code)) found.push(one);
  };
  let address: URL | undefined;
  if (options) {
    const read = readAddress(options);
    if (!(read instanceof URL)) return [...found, read];
    address = read;
  }
  let backend: Backend;
  try {
    backend = await make();
  } catch (thrown) {
    add(
      (thrown as HelpDeskError | undefined)?.code === 'network'
        ? finding('backend', "The back end's file could not be loaded.", 'Look whether it lies beside the others.')
        : finding(
            'backend',
            'There is no such back end, or it refuses its options.',
            'Look at backend and options. One of your own is there once defineBackend was called with its name.',
          ),
    );
    return found;
  }
  const { name } = backend;

  const policy: SecurityPolicyViolationEvent[] = [];
  const onPolicy = (event: SecurityPolicyViolationEvent): void => void policy.push(event);
  document.addEventListener('securitypolicyviolation', onPolicy);
  const refusedByPolicy = (): boolean =>
    policy.some(
      ({ effectiveDirective, disposition, blockedURI }) =>
        effectiveDirective === 'connect-src' &&
        disposition === 'enforce' &&
        (!address || blockedURI.startsWith(address.origin)),
    );

  const errors: HelpDeskError[] = [];
  const signal = AbortSignal.timeout(patience);
  const ask = async <T>(work: () => Promise<T> | undefined): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      errors.push(error as HelpDeskError);
      return undefined;
    }
  };
  const known = await ask(() => backend.ready?.());
  const person = backend.person ? known : (identity ?? known);
  const call = { signal, ...(person && { identity: person }) };
  const mayRead = Boolean(person) || !backend.limits.identityRequired;
  let page: Page<Ticket> | undefined;
  if (!errors.length)
    [, page] = await Promise.all([
      ask(() => backend.listTopics?.(call)),
      mayRead
        ? ask(() => backend.listTickets({ limit: 1, ...(backend.limits.agent && { scope: 'assigned' }) }, call))
        : undefined,
    ]);

  if (errors.some(({ code }) => code === 'network')) add(await explainSilence(address, refusedByPolicy));
  else {
    const wrong = errors.map((error) => explain(error, name));
    const style = options?.['pathStyle'] as string;
    const other = styles.find((each) => each !== style);
    const isStyled = name === 'support-ticket' && styles.includes(style);
    if (
      isStyled &&
      wrong.some(({ code }) => code === 'wrong-address') &&
      (await ask(async () => (await make({ pathStyle: other })).listTickets({ limit: 1 }, call)))
    )
      add(
        finding(
          'path-style',
          `The help desk knows the paths of the style "${other}", not of "${style}".`,
          `Set "pathStyle" in options to "${other}" or "auto".`,
        ),
      );
    else wrong.forEach(add);
    const skew = address && (await readClock(address));
    if (skew !== undefined && Math.abs(skew) > tolerance)
      add(
        finding(
          'clock',
          `The clock of the help desk's server is ${span(skew)} ${skew > 0 ? 'ahead of' : 'behind'} this device's.`,
          'Set whichever is wrong: tokens and times depend on it.',
        ),
      );
    else if (skew !== undefined) add(finding('clock', 'The clocks agree.', undefined, true));
    if (page) compareZone(page, Date.now() + (skew ?? 0), options ?? {}).forEach(add);
    if (!mayRead)
      add(finding('sign-in', 'Nobody is named: reading tickets was not tried.', 'Set email or user-id.', true));
  }
  document.removeEventListener('securitypolicyviolation', onPolicy);
  if (found.every(({ ok }) => ok)) add(finding('all-well', 'Everything that was tried works.', undefined, true));
  return found;
}

/** What is used of a store. */
interface DiagnosedStore {
  readonly backend: Backend;
  readonly identity: { readonly value: Identity | undefined };
}

/** A desk. */
export interface DiagnosedDesk {
  readonly element: Element & {
    readonly backend: string;
    readonly options?: unknown;
    readonly store: DiagnosedStore | undefined;
  };
  /** What the page says of back end and person. */
  readonly options: BackendOptions;
  readonly identity: Identity | undefined;
  /** The store of its own making; with another one the back end of that is looked at. */
  readonly own: DiagnosedStore | undefined;
  /** Finds a back end by its name. */
  readonly load: (name: string) => Promise<(options: BackendOptions) => Backend>;
}

/** Looks at the back end of a desk. */
export function diagnoseDesk({ element, own, load, ...asked }: DiagnosedDesk): Promise<readonly Finding[]> {
  const { store } = element;
  const options = { ...asked.options };
  const identity = asked.identity ?? store?.identity.value;
  if (store && store !== own) return diagnose({ make: () => store.backend, identity });
  const make = async (changes?: object): Promise<Backend> => (await load(element.backend))({ ...options, ...changes });
  return diagnose({ make, options, identity, element });
}
