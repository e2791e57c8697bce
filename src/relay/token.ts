/** For the host site's server: signs the token that a page gives to the relay. Needs nothing but Web Crypto. */

/** Whom a token is for. */
export interface TokenPerson {
  /** Your own id of this person: stable, 1 to 128 visible ASCII characters. */
  readonly id: string;
  /** Proved by you to be theirs. */
  readonly email?: string;
  readonly name?: string;
  /** Their id in the ticket system, where it knows people by one. */
  readonly userId?: string;
  /** Makes it an agent's token, with their name in the ticket system. */
  readonly staff?: string;
}

/** How it is signed: with what the relay was given. */
export interface TokenSettings {
  /** At least 32 bytes; `HELPDESK_JWT_SECRET`, or for agents `HELPDESK_AGENT_JWT_SECRET`. */
  readonly secret: string;
  /** `HELPDESK_AUDIENCE`, or `HELPDESK_AGENT_AUDIENCE`. */
  readonly audience: string;
  readonly issuer?: string;
  /** Seconds; 600 by default, 3,600 at most. */
  readonly life?: number;
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (sign) => ({ '+': '-', '/': '_' })[sign] ?? '');

/** A signed token for whoever is signed in. Answer it as `{"token": "…"}` and do not store it. */
export async function createToken(person: TokenPerson, settings: TokenSettings): Promise<string> {
  const { id: sub, staff, ...claims } = person;
  const { secret, audience: aud, issuer: iss, life = 600 } = settings;
  const text = new TextEncoder();
  const iat = Math.floor(Date.now() / 1000);
  const payload = {
    ...claims,
    sub,
    aud,
    iss,
    iat,
    exp: iat + life,
    jti: crypto.randomUUID(),
    ...(staff && { staff, role: 'agent' }),
  };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, payload]
    .map((part) => base64url(text.encode(JSON.stringify(part))))
    .join('.');
  const key = await crypto.subtle.importKey('raw', text.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return `${signed}.${base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(signed))))}`;
}
