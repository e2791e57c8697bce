/// <reference types="node" />
/** The relay's settings from environment variables, and what is wrong with them in words. */
import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import { defineBackends } from '../backends/all.js';
import { loadBackend, type Backend, type BackendOptions } from '../backends/backend.js';
import { HelpDeskError } from '../errors.js';
import type { IdentityOptions, Subject, TokenKey } from './identity.js';
import type { BackendFor, GuestOptions, Rates, RelayOptions } from './index.js';
import { wrongRates } from './limits.js';
import { fileSettings, wrongIn } from './settings.js';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says. */
export interface Config {
  readonly relay: Omit<RelayOptions, 'store' | 'log' | 'address' | 'guests'> & { readonly guests: GuestOptions };
  readonly rates: Partial<Rates>;
  readonly redisUrl: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly host: string;
  readonly port: number;
  /** How many proxies stand before the relay and may be believed. */
  readonly proxies: number;
  readonly metrics: boolean;
}

/** Every variable, with what it means. */
export const variables: Readonly<Record<string, string>> = {
  HELPDESK_BACKEND: 'ticket system: osticket, osticket-http, support-ticket or jaze',
  HELPDESK_URL: "the ticket system's base address",
  HELPDESK_API_KEY: 'its key',
  HELPDESK_OPTIONS: "the back end's own options, as JSON",
  HELPDESK_ORIGINS: 'pages that may ask, e.g. https://www.example.com https://shop.example.com',
  HELPDESK_JWT_SECRET: 'secret of the host site for HS256, at least 32 bytes',
  HELPDESK_JWT_SECRET_OLD: 'the one before, while they are being exchanged',
  HELPDESK_JWT_PUBLIC_KEY: 'or its public key for ES256 or EdDSA, as a JWK',
  HELPDESK_JWKS_URL: 'or the address of its public key set',
  HELPDESK_AUDIENCE: 'the name of this relay in the tokens (aud)',
  HELPDESK_ISSUER: 'the name of the host site in the tokens (iss); any where not set',
  HELPDESK_AGENT_JWT_SECRET: "secret for agents' tokens; no agents where not set",
  HELPDESK_AGENT_AUDIENCE: "the name of this relay in agents' tokens",
  HELPDESK_GUEST: 'people without a token: off (default), create, verify',
  HELPDESK_GUEST_SECRET: "with verify: signs guests' tokens; made of HELPDESK_JWT_SECRET where not set",
  HELPDESK_SMTP_URL: 'with verify: mail server, e.g. smtps://user:password@mail.example.com',
  HELPDESK_MAIL_FROM: 'sender of the mails',
  HELPDESK_REDIS_URL: 'Redis or Valkey, needed for more than one relay',
  HELPDESK_BASE_PATH: 'where the relay is mounted, e.g. /helpdesk',
  HELPDESK_FILES: 'limits of files as JSON: maxCount, maxBytes, accept',
  HELPDESK_RATES: 'rates as JSON, e.g. {"writes": {"points": 10, "seconds": 60}}',
  HELPDESK_CACHE_MS: 'milliseconds for which reads are kept; 2000 by default',
  HELPDESK_TRUSTED_PROXIES: 'how many proxies stand before the relay; 0 by default',
  HELPDESK_INSECURE_URL: 'yes: HELPDESK_URL may be http beyond this machine',
  HELPDESK_METRICS: 'yes: counts at /metrics',
  PORT: '8091 by default',
  HOST: '127.0.0.1 by default',
};

/** The environment is wrong. `problems` say how, a sentence each; none holds a value that may be secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const isLocal = (hostname: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

/** Reads the environment. Throws `ConfigError` with everything that is wrong with it. */
export async function readConfig(env: Environment): Promise<Config> {
  const problems: string[] = [];
  const value = (name: keyof typeof variables): string | undefined => env[name]?.trim() || undefined;
  const need = (name: string): string => {
    const found = value(name);
    if (!found) problems.push(`${name} is missing: ${variables[name]}.`);
    return found ?? '';
  };
  const json = <T extends object>(name: string): T => {
    const text = value(name);
    try {
      const parsed: unknown = text === undefined ? {} : JSON.parse(text);
      if (parsed && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed as T;
    } catch {
      // Said below.
    }
    problems.push(`${name} is not a JSON object.`);
    return {} as T;
  };
  const whole = (name: string, other: number, most: number): number => {
    const text = value(name);
    if (text === undefined) return other;
    if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
    problems.push(`${name} is a whole number from 0 to ${most}.`);
    return other;
  };
  const yes = (name: string): boolean => /^(yes|true|1|on)$/i.test(value(name) ?? '');
  const address = (name: string, protocols: RegExp, text = need(name)): URL | undefined => {
    if (!text) return;
    try {
      const url = new URL(text);
      if (protocols.test(url.protocol)) return url;
    } catch {
      // Said below.
    }
    problems.push(`${name} is not an address that can be meant.`);
    return;
  };

  for (const name of Object.keys(env))
    if (name.startsWith('HELPDESK_') && !Object.hasOwn(variables, name))
      problems.push(`${name} is not known. Is it misspelt?`);

  const url = address('HELPDESK_URL', /^https?:$/);
  if (url?.protocol === 'http:' && !isLocal(url.hostname) && !yes('HELPDESK_INSECURE_URL'))
    problems.push(
      'HELPDESK_URL is http: the key would travel in the clear. Use https, or set HELPDESK_INSECURE_URL=yes.',
    );
  if (url && (url.search || url.hash || url.username)) problems.push('HELPDESK_URL has more than host and path.');

  const name = need('HELPDESK_BACKEND');
  const options = json<BackendOptions & { accessTokens?: Record<string, string>; accessToken?: unknown }>(
    'HELPDESK_OPTIONS',
  );
  problems.push(...wrongIn('HELPDESK_OPTIONS: limits.', options.limits, fileSettings));
  const { backend, agentBackend } = await backendsOf(name, {
    ...options,
    url: url?.href ?? 'http://localhost',
    ...(value('HELPDESK_API_KEY') !== undefined && { apiKey: value('HELPDESK_API_KEY') }),
  }).catch((error: unknown) => {
    if (name)
      problems.push(
        error instanceof ConfigError ? error.message : 'HELPDESK_BACKEND or HELPDESK_OPTIONS cannot be used.',
      );
    return { backend: undefined, agentBackend: undefined };
  });

  const origins = (value('HELPDESK_ORIGINS') ?? '').split(/[\s,]+/).filter(Boolean);
  if (!origins.length) need('HELPDESK_ORIGINS');
  for (const origin of origins) {
    let parsed: string | undefined;
    try {
      parsed = new URL(origin).origin;
    } catch {
      // Said below.
    }
    if (parsed !== origin || origin === 'null')
      problems.push(`HELPDESK_ORIGINS: "${origin}" is not written like https://www.example.com.`);
  }

  const secret = (which: string): TokenKey[] => {
    const text = value(which);
    if (text === undefined) return [];
    if (Buffer.byteLength(text) < 32) problems.push(`${which} is too short: at least 32 bytes.`);
    return [{ alg: 'HS256', secret: text }];
  };
  const keys = [...secret('HELPDESK_JWT_SECRET'), ...secret('HELPDESK_JWT_SECRET_OLD')];
  if (value('HELPDESK_JWT_PUBLIC_KEY') !== undefined) {
    const publicKey = json<NonNullable<Exclude<TokenKey['publicKey'], string>>>('HELPDESK_JWT_PUBLIC_KEY');
    keys.push({
      alg: publicKey.kty === 'OKP' ? 'EdDSA' : 'ES256',
      publicKey,
      ...(typeof publicKey.kid === 'string' && { kid: publicKey.kid }),
    });
  }
  const jwks = value('HELPDESK_JWKS_URL');
  const jwksUrl = jwks === undefined ? undefined : address('HELPDESK_JWKS_URL', /^https?:$/, jwks);
  if (jwksUrl?.protocol === 'http:' && !isLocal(jwksUrl.hostname)) problems.push('HELPDESK_JWKS_URL must be https.');
  if (!keys.length && jwks === undefined)
    problems.push('Tokens cannot be verified: set HELPDESK_JWT_SECRET, HELPDESK_JWT_PUBLIC_KEY or HELPDESK_JWKS_URL.');
  const issuer = value('HELPDESK_ISSUER');
  const identity: IdentityOptions = {
    audience: need('HELPDESK_AUDIENCE'),
    keys,
    ...(jwksUrl && { jwksUrl: jwksUrl.href }),
    ...(issuer !== undefined && { issuer }),
  };
  const agentKeys = secret('HELPDESK_AGENT_JWT_SECRET');
  if (agentKeys.length && value('HELPDESK_AGENT_JWT_SECRET') === value('HELPDESK_JWT_SECRET'))
    problems.push('HELPDESK_AGENT_JWT_SECRET is the one of customers: they need each their own.');
  const agentAudience = agentKeys.length ? need('HELPDESK_AGENT_AUDIENCE') : '';
  if (agentAudience && agentAudience === identity.audience)
    problems.push('HELPDESK_AGENT_AUDIENCE is the one of customers: they need each their own.');

  const mode = (value('HELPDESK_GUEST') ?? 'off') as GuestOptions['mode'];
  if (!['off', 'create', 'verify'].includes(mode)) problems.push('HELPDESK_GUEST is off, create or verify.');
  const verify = mode === 'verify';
  const smtp = verify ? address('HELPDESK_SMTP_URL', /^smtps?:$/) : undefined;
  const [guestKey] = secret('HELPDESK_GUEST_SECRET');
  const shared = value('HELPDESK_JWT_SECRET');
  if (verify && !guestKey && shared === undefined) need('HELPDESK_GUEST_SECRET');
  const guestSecret = guestKey?.secret ?? (shared && createHmac('sha256', shared).update('helpdesk guests').digest());

  const redis = value('HELPDESK_REDIS_URL');
  if (redis !== undefined) address('HELPDESK_REDIS_URL', /^(redis|rediss|valkey|valkeys):$/, redis);
  const rates = json<Partial<Rates>>('HELPDESK_RATES');
  problems.push(...wrongRates('HELPDESK_RATES: ', rates));
  const basePath = value('HELPDESK_BASE_PATH') ?? '';
  if (basePath && !/^(\/[\w-]+)+$/.test(basePath)) problems.push('HELPDESK_BASE_PATH is written like /helpdesk.');
  const files = json<NonNullable<RelayOptions['files']>>('HELPDESK_FILES');
  problems.push(...wrongIn('HELPDESK_FILES: ', files, fileSettings));
  const port = whole('PORT', 8091, 65_535);
  const proxies = whole('HELPDESK_TRUSTED_PROXIES', 0, 10);
  const cacheMs = whole('HELPDESK_CACHE_MS', 2000, 60_000);

  if (problems.length || !backend) throw new ConfigError(problems);
  const from =
    smtp && decodeURIComponent(smtp.username).includes('@')
      ? decodeURIComponent(smtp.username)
      : `no-reply@${new URL(origins[0]!).hostname}`;
  return {
    relay: {
      backend,
      identity,
      origins,
      ...(agentKeys.length > 0 && {
        agents: {
          identity: { audience: agentAudience, keys: agentKeys, ...(issuer !== undefined && { issuer }) },
          backend: agentBackend,
        },
      }),
      guests: { mode, ...(verify && guestSecret && { secret: guestSecret }) },
      basePath,
      files,
      cacheMs,
    },
    rates,
    redisUrl: redis?.replace(/^valkey/, 'redis'),
    smtpUrl: smtp?.href,
    mailFrom: value('HELPDESK_MAIL_FROM') ?? from,
    host: value('HOST') ?? '127.0.0.1',
    port,
    proxies,
    metrics: yes('HELPDESK_METRICS'),
  };
}

/** The back ends of customers and of agents. Customers' one is never given an agent's name. */
async function backendsOf(
  name: string,
  options: BackendOptions & { accessTokens?: Record<string, string>; accessToken?: unknown; staffUserName?: unknown },
): Promise<{ backend: BackendFor; agentBackend: BackendFor }> {
  defineBackends();
  if (name === 'relay') throw new ConfigError(['HELPDESK_BACKEND is the ticket system, not the relay itself.']);
  const make = await loadBackend(name).catch((cause: unknown) => {
    throw new ConfigError(
      [`HELPDESK_BACKEND: there is no "${name}".`, ...(cause instanceof HelpDeskError ? [] : [''])].filter(Boolean),
    );
  });
  const { accessTokens, staffUserName, ...common } = options;
  const agentBackend = perPerson(
    ({ identity: { staff } }) => make({ ...common, ...(staff !== undefined && { staffUserName: staff }) }),
    ({ identity }) => identity.staff,
  );
  if (name !== 'support-ticket') return { backend: make(common), agentBackend };
  // Its answers do not say whose they are: one token for all would show everybody's tickets to everybody.
  if (common.accessToken !== undefined || !accessTokens)
    throw new ConfigError([
      'HELPDESK_OPTIONS: support-ticket knows people by tokens of its own. Give accessTokens (address → token), or mount the relay in your own server.',
    ]);
  const tokens = new Map(Object.entries(accessTokens).map(([email, token]) => [email.toLowerCase(), token]));
  const backend = perPerson(
    ({ identity: { email = '' } }) => {
      const accessToken = tokens.get(email);
      if (accessToken === undefined) throw new HelpDeskError('forbidden');
      return make({ ...common, accessToken } as BackendOptions);
    },
    ({ identity }) => identity.email,
  );
  return { backend, agentBackend };
}

function perPerson(
  make: (who: Subject) => Backend,
  keyOf: (who: Subject) => string | undefined,
): (who: Subject) => Backend {
  const made = new Map<string, Backend>();
  return (who) => {
    const key = keyOf(who) ?? '';
    let backend = made.get(key);
    if (!backend) {
      backend = make(who);
      made.set(key, backend);
      if (made.size > 1000) made.delete([...made.keys()][0]!);
    }
    return backend;
  };
}

/**
 * The address of whoever is at the other end, behind so many proxies that may be believed; each adds one to
 * `X-Forwarded-For`. Undefined where it is no address.
 */
export function addressOf(remote: string | undefined, forwarded: string | null, proxies: number): string | undefined {
  const hops = [...(forwarded ?? '').split(',').map((hop) => hop.trim()), remote ?? ''];
  const found = proxies ? hops.at(-1 - proxies) : remote;
  return found !== undefined && isIP(found) ? found : remote;
}
