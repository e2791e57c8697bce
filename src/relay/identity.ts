/** Who asks: the host site's signed tokens, verified. The only file that knows jose. */
import {
  compactVerify,
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  importSPKI,
  SignJWT,
  type CompactVerifyGetKey,
  type CryptoKey,
  type JWK,
} from 'jose';
import type { Identity } from '../model.js';
import { Problem } from './problem.js';
import { checkSettings, wrongIn } from './settings.js';

/** What a key signs with. One key has one algorithm: the token has no say in it. */
export type Algorithm = 'HS256' | 'ES256' | 'EdDSA';

/** A key of the host site. */
export interface TokenKey {
  readonly alg: Algorithm;
  /** With HS256: at least 32 bytes. */
  readonly secret?: string | Uint8Array;
  /** With ES256 and EdDSA: the public key, as a JWK or as PEM (`-----BEGIN PUBLIC KEY-----`). */
  readonly publicKey?: JWK | string;
  /** Where set, a token must name it; where not, a token must name none. */
  readonly kid?: string;
}

/** How tokens of one kind of person are verified. */
export interface IdentityOptions {
  /** The relay's own name in the tokens, one for each kind of person and each installation. */
  readonly audience: string;
  /** Where set, tokens must have exactly this issuer. */
  readonly issuer?: string;
  /** One key, or several while they are being exchanged. */
  readonly keys?: readonly TokenKey[];
  /** Address of the host's public key set, ES256 and EdDSA only. Read again for an unknown key, at most every 30 s. */
  readonly jwksUrl?: string;
  /** Seconds that clocks may differ; 30 by default, 120 at most. */
  readonly skew?: number;
  /** Longest life of a token in seconds; 3,600 by default and at most. */
  readonly maxLife?: number;
  /** True for a token that was called back. Asked after everything else is right. */
  readonly revoked?: (token: { readonly jti?: string; readonly subject: string }) => boolean | Promise<boolean>;
}

/** Who asks, as the token says. */
export interface Subject {
  /** The host's own id of this person: opaque. */
  readonly sub: string;
  readonly role: 'requester' | 'agent' | 'guest';
  /** What the back end is called with; made of the token and of nothing else. */
  readonly identity: Identity;
  /** A guest's one ticket. */
  readonly ticket?: string;
}

const maxToken = 8192;
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const types = ['JWT', 'jwt', 'helpdesk+jwt'];
const known = ['alg', 'typ', 'kid'];
// Visible ASCII; nothing that a list or a header could be made of.
const mailbox =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/** An address in its one form; undefined where it is none. Others than plain ASCII ones are not taken. */
export function toEmail(value: unknown): string | undefined {
  // Before it is made small: of a sign that is none of ASCII a plain letter may become.
  const email = typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value.toLowerCase() : '';
  return email.length <= 254 && mailbox.test(email) ? email : undefined;
}

/** Signs that nobody sees, for a class of signs: controls, spaces without width, marks and turns of direction. */
export const hidden =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff';
const unfit = new RegExp(`[${hidden}<>,;"]+`, 'g');

/** A name without anything that could become a second recipient, a header, a tag or a hidden sign. */
export const toName = (value: unknown): string =>
  typeof value === 'string' ? value.normalize('NFC').replace(unfit, ' ').trim().slice(0, 100) : '';

const refused = (cause?: unknown): Problem => new Problem('unauthorized', { reason: 'token-refused', cause });
const expired = (): Problem => new Problem('unauthorized', { reason: 'token-expired' });

const bytes = (secret: string | Uint8Array): Uint8Array =>
  typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;

/** The algorithm of a public key. */
const algorithmOf = ({ kty, crv, alg }: JWK): string | undefined =>
  alg ?? (kty === 'EC' && crv === 'P-256' ? 'ES256' : kty === 'OKP' && crv === 'Ed25519' ? 'EdDSA' : undefined);

type ReadKey = () => Promise<CryptoKey | Uint8Array>;

function toKey({ alg, secret, publicKey }: TokenKey): ReadKey {
  if (alg === 'HS256') {
    const key = bytes(secret ?? '');
    if (key.length < 32) throw new Error('A secret for HS256 needs at least 32 bytes.');
    return () => Promise.resolve(key);
  }
  if (secret !== undefined || !publicKey) throw new Error(`A key for ${alg} is a public key.`);
  let ready: Promise<CryptoKey> | undefined;
  if (typeof publicKey === 'string') return () => (ready ??= importSPKI(publicKey, alg));
  if (algorithmOf(publicKey) !== alg || 'd' in publicKey) throw new Error(`This is no public key for ${alg}.`);
  const set = createLocalJWKSet({ keys: [{ ...publicKey, alg }] });
  return () => (ready ??= set({ alg }));
}

/** Verifies tokens of one kind. Rejects with a `Problem` of code `unauthorized` and its reason. */
export type Verify = (token: string) => Promise<Subject>;

/** Makes a verifier. Throws plain words where the options cannot be meant. */
export function createVerifier(options: IdentityOptions, role: Subject['role']): Verify {
  const { audience, issuer, jwksUrl, revoked, skew = 30, maxLife: life = 3600 } = options;
  checkSettings(...wrongIn('identity.', { skew, maxLife: life }, { skew: [0, 120], maxLife: [1, 3600] }));
  const keys = (options.keys ?? []).map((key) => ({ ...key, read: toKey(key) }));
  if (!audience) throw new Error('Tokens need an audience.');
  if (!keys.length && !jwksUrl) throw new Error('Tokens need a key, or the address of a key set.');
  const remote =
    jwksUrl === undefined
      ? undefined
      : createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 30_000, timeoutDuration: 5000 });

  /** Reads the host's key set. That it cannot be read is not the token's fault. */
  const fromSet: CompactVerifyGetKey = async (header, token) => {
    try {
      return await remote!(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new Problem('unavailable', { cause: error });
    }
  };

  /** Every way this token may be signed, by what it says of itself and by what is configured. */
  function candidates({ alg, kid }: { alg?: unknown; kid?: unknown }): CompactVerifyGetKey[] {
    const own = keys.filter((key) => key.kid === kid && key.alg === alg).map(({ read }): CompactVerifyGetKey => read);
    return remote && typeof kid === 'string' && /^(ES256|EdDSA)$/.test(String(alg)) ? [...own, fromSet] : own;
  }

  async function claimsOf(token: string): Promise<unknown> {
    const header = decodeProtectedHeader(token);
    const { alg = '', typ } = header;
    const plain = Object.keys(header).every((name) => known.includes(name));
    if (!plain || (typ !== undefined && !types.includes(typ))) throw refused();
    for (const key of candidates(header)) {
      const verified = await compactVerify(token, key, { algorithms: [alg] }).catch((error: unknown) => {
        if (error instanceof Problem) throw error;
      });
      if (verified) return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(verified.payload));
    }
    return undefined;
  }

  return async (token) => {
    if (token.length > maxToken || !compact.test(token)) throw refused();
    const payload = (await claimsOf(token).catch((error: unknown) => {
      throw error instanceof Problem ? error : refused(error);
    })) as Record<string, unknown> | undefined;
    if (!payload || typeof payload !== 'object' || Array.isArray(payload)) throw refused();
    return toSubject(payload);
  };

  async function toSubject(claims: Record<string, unknown>): Promise<Subject> {
    const claim = (name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined);
    const [iat, exp, nbf, sub, aud] = ['iat', 'exp', 'nbf', 'sub', 'aud'].map(claim);
    const now = Date.now() / 1000;
    const time = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
    if (!(Array.isArray(aud) ? aud.length === 1 && aud[0] === audience : aud === audience)) throw refused();
    if (issuer !== undefined && claim('iss') !== issuer) throw refused();
    if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(sub) || /^0+$/.test(sub)) throw refused();
    if (!time(iat) || !time(exp) || exp <= iat || exp - iat > life || iat > now + skew) throw refused();
    if (nbf !== undefined && (!time(nbf) || nbf > now + skew)) throw refused();
    if ((claim('role') ?? 'requester') !== role) throw refused();
    const [staff, ticket, jti] = ['staff', 'ticket', 'jti'].map(claim);
    if (staff !== undefined && (role !== 'agent' || typeof staff !== 'string' || !/^[\w.@-]{1,64}$/.test(staff)))
      throw refused();
    if (role === 'agent' && staff === undefined) throw refused();
    if (ticket !== undefined && (role !== 'guest' || typeof ticket !== 'string')) throw refused();
    if (jti !== undefined && typeof jti !== 'string') throw refused();

    const userId = claim('userId');
    if (userId !== undefined && (typeof userId !== 'string' || !/^[\w.-]{1,64}$/.test(userId) || /^0+$/.test(userId)))
      throw refused();
    const email = toEmail(claim('email'));
    const verified = claim('email_verified');
    if (claim('email') !== undefined && (!email || (verified !== undefined && verified !== true))) throw refused();
    const name = claim('name');
    if (name !== undefined && typeof name !== 'string') throw refused();

    if (now > exp + skew || now - iat > 3600 + skew) throw expired();
    if (await revoked?.({ subject: sub, ...(jti !== undefined && { jti }) })) throw refused();
    const displayName = toName(name);
    return {
      sub,
      role,
      identity: {
        ...(email && { email }),
        ...(userId && { userId }),
        ...(displayName && { displayName }),
        ...(staff !== undefined && { staff }),
      },
      ...(ticket !== undefined && { ticket }),
    };
  }
}

/** Chooses the verifier by the audience that a token claims; that verifier then proves it. */
export function createIdentity(verifiers: ReadonlyMap<string, Verify>): (header: string | null) => Promise<Subject> {
  return async (header) => {
    if (!header) throw new Problem('unauthorized', { reason: 'token-missing' });
    const [, token] = /^bearer ([\w.-]+)$/i.exec(header) ?? [];
    if (!token || token.length > maxToken || !compact.test(token)) throw refused();
    let aud: unknown;
    try {
      ({ aud } = decodeJwt(token));
    } catch (error) {
      throw refused(error);
    }
    const verify = verifiers.get(String(Array.isArray(aud) ? (aud as unknown[])[0] : aud));
    if (!verify) throw refused();
    return verify(token);
  };
}

/** Throws where two kinds of person could be taken for one another. */
export function checkDistinct(all: readonly (IdentityOptions | undefined)[]): void {
  const kinds = all.filter((each) => each !== undefined);
  const audiences = kinds.map(({ audience }) => audience);
  const fingerprint = ({ secret, publicKey }: TokenKey): string => JSON.stringify(publicKey ?? [...bytes(secret!)]);
  const keys = kinds.flatMap(({ keys: own = [] }) => [...new Set(own.map(fingerprint))]);
  const sets = kinds.flatMap(({ jwksUrl }) => jwksUrl ?? []);
  for (const [what, list] of Object.entries({ audience: audiences, key: keys, 'key set': sets }))
    if (new Set(list).size < list.length) throw new Error(`Customers, agents and guests need each their own ${what}.`);
}

/** Signs a token of the relay's own, for a guest. */
export const signToken = (claims: Record<string, unknown>, secret: Uint8Array): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'helpdesk+jwt' }).sign(secret);
