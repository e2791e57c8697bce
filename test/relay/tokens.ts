/** Tokens as a host site signs them. Runs in the browser and in Node. */
import { SignJWT, type JWTPayload } from 'jose';

export const secret = 'a secret of the host site, long enough';
export const audience = 'relay.test';
export const agentSecret = 'another secret, for agents, long enough';
export const agentAudience = 'agents.relay.test';

const userIds: Readonly<Record<string, string>> = { jane: '1', omar: '2', mia: '3' };

/** A token's claims for one of the seeded people, e.g. `jane`. */
export function claimsOf(who: string, more: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: `user-${who}`,
    aud: audience,
    iat: now,
    exp: now + 600,
    email: `${who}@example.test`,
    userId: userIds[who] ?? '99',
    name: { jane: 'Jane Doe', omar: 'Omar Haddad', mia: 'Mia Long' }[who] ?? who,
    ...more,
  };
}

export const sign = (claims: JWTPayload, key = secret): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key));

/** A good token for one of the seeded people. */
export const tokenOf = (who: string, more: JWTPayload = {}): Promise<string> => sign(claimsOf(who, more));
