/** Tokens of the page's own site: part of the back end `relay`, loaded where the page has a source of them. */
import { HelpDeskError } from '../errors.js';
import type { Identity } from '../model.js';
import { known, maybe, parse, record, text, type Json } from './json.js';
import type { RelayOptions } from './relay.js';

/** A token, and whom it names. */
export interface Token {
  readonly value: string;
  readonly person: Identity | undefined;
  /** Whom it names, and as what: another text is another person, or the same in another role. */
  readonly who: string;
  /** When a new one is asked for, and when this one ends, in milliseconds of `performance.now()`. */
  readonly due: number;
  readonly until: number;
}

/** Enough of a host's name to tell whether cookies of the page are meant for it. */
const site = (host: string): string => (/[a-z]$/i.test(host) ? host.split('.').slice(-2).join('.') : host);

/** Names that this machine has for itself. */
const isLocal = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);

/**
 * True where the relay is at the page's own host or below it. Attributes can come from whoever writes into a page, and
 * must not say who gets the reader's token: a relay elsewhere has to be named by the answer that holds the token.
 */
function isOwn({ hostname }: URL): boolean {
  const here = location.hostname.replace(/^www\./, '');
  if (isLocal(here)) return isLocal(hostname);
  return !!here && (hostname === location.hostname || `.${hostname}`.endsWith(`.${here}`));
}

async function fetchToken(address = '', relay = ''): Promise<unknown> {
  const url = new URL(address, location.href);
  if (site(url.hostname) !== site(location.hostname)) throw new HelpDeskError('forbidden');
  const send = (method: string): Promise<Response> =>
    fetch(url, { method, credentials: 'include', cache: 'no-store', redirect: 'error' }).catch((cause: unknown) => {
      throw new HelpDeskError('network', { cause });
    });
  let response = await send('GET');
  if (/40[45]/.test(`${response.status}`)) response = await send('POST');
  if (response.status > 499) throw new HelpDeskError('unavailable', { cause: response });
  if (!response.ok) return;
  const { token, relay: named } = record(parse(await response.text()));
  const to = new URL(relay, document.baseURI);
  if (!isOwn(to) && (!URL.canParse(text(named)) || new URL(text(named)).origin !== to.origin))
    throw new HelpDeskError('forbidden', {
      cause: new Error(`The answer of token-url does not name the relay ${to.origin}: {"token": "…", "relay": "…"}`),
    });
  return token;
}

/** Reads what a token says of itself. Whether it is true is the relay's to know. */
function toToken(value: unknown): Token {
  if (!value || typeof value !== 'string') throw new HelpDeskError('unauthorized');
  let claims: Json = {};
  try {
    const part = value.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(part), (char) => char.charCodeAt(0));
    claims = record(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // Of another form: used until it is refused.
  }
  const { sub, iat, exp, email, name, role } = claims;
  const life = (Number(text(exp)) - Number(text(iat))) * 1000 || Infinity;
  const now = performance.now();
  return {
    value,
    person: sub ? known<Identity>({ userId: maybe(sub), email: maybe(email), displayName: maybe(name) }) : undefined,
    who: `${text(sub)} ${text(role)}`,
    due: now + life * (0.75 + Math.random() / 10),
    until: now + life,
  };
}

/** Keeps one token at a time, in memory only. */
export interface Keeper {
  /** The token. Rejects with `unauthorized` where nobody is signed in, else with what kept it from being had. */
  token(): Promise<Token>;
  /** This one was refused. */
  drop(value: string): void;
}

/** The keeper of one desk. A token is asked for once at a time, at first need and after 75 to 85 % of its life. */
export function openKeeper({ getToken, tokenUrl, url }: RelayOptions): Keeper {
  let token: Token | undefined;
  let renewing: Promise<Token> | undefined;

  const renew = async (): Promise<Token> => {
    let value: unknown;
    try {
      value = await (getToken ? getToken() : fetchToken(tokenUrl, url));
    } catch (cause) {
      throw cause instanceof HelpDeskError ? cause : new HelpDeskError('unauthorized', { cause });
    }
    return (token = toToken(value));
  };

  return {
    async token() {
      const now = performance.now();
      if (token && now < token.due) return token;
      renewing ??= renew().finally(() => (renewing = undefined));
      return renewing.catch((error: unknown) => {
        if (token && now < token.until) return token;
        throw error;
      });
    },
    drop(value) {
      if (token?.value === value) token = undefined;
    },
  };
}
