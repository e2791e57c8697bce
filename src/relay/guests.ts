/** People without a token of the host: let in by a mailed code, or to write a ticket and no more. */
import { signToken, toEmail, type IdentityOptions } from './identity.js';
import { reach, takeFrom, type RelayStore } from './limits.js';
import { base64url } from './once.js';
import { Problem } from './problem.js';

/** Who is let in without a token of the host site. */
export interface GuestOptions {
  /** `create`: anybody may open a ticket, unproved. `verify`: a mailed code gives a token for that address. */
  readonly mode: 'off' | 'create' | 'verify';
  /** With `verify`: signs guests' tokens; at least 32 bytes, used for nothing else, the same for every relay. */
  readonly secret?: string | Uint8Array;
  /** With `verify`: sends a code. A failure is not told to who asked. */
  readonly send?: (mail: { readonly to: string; readonly code: string }) => Promise<void>;
  /** Seconds that a guest's token lives; 1,800 by default, 3,600 at most. */
  readonly life?: number;
}

/** What the relay asks of its guests' door. */
export interface Guests {
  readonly mode: GuestOptions['mode'];
  /** Of the tokens that are given out here, where any are. */
  readonly identity: IdentityOptions | undefined;
  /** Counts who asks for a code or tries one, before more is read of it. Without an address they are counted as one. */
  enter(address: string | undefined): Promise<void>;
  /** Mails a code. Says nothing of whether the address is known, and takes no longer for one that is. */
  mail(email: string, number: string | undefined): Promise<void>;
  /** A token for a right code. */
  confirm(email: string, code: string): Promise<string>;
}

const codeMs = 600_000;
const tries = 5;

const utf8 = (words: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(words);

/** Another key than the one that signs tokens: no hash made with it is a signature. */
const derive = async (secret: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8('helpdesk guests, what is kept of them') },
    await crypto.subtle.importKey('raw', secret as Uint8Array<ArrayBuffer>, 'HKDF', false, ['deriveKey']),
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );

/** Eight digits, each as likely as another. */
function newCode(): string {
  const [high = 0] = crypto.getRandomValues(new Uint32Array(1));
  // The few that would make small codes likelier.
  return high >= 4_200_000_000 ? newCode() : `${high % 100_000_000}`.padStart(8, '0');
}

export function createGuests(options: GuestOptions | undefined, relay: string, store: RelayStore): Guests {
  const { mode = 'off', secret = '', send, life = 1800 } = options ?? {};
  const audience = `${relay} guest`;
  const key = typeof secret === 'string' ? utf8(secret) : secret;
  const verifying = mode === 'verify';
  if (verifying && (key.length < 32 || !send))
    throw new Error('Guests with codes need a way to send mail, and a secret of at least 32 bytes.');
  const off = (): Problem => new Problem('unsupported');
  let kept: Promise<CryptoKey> | undefined;
  /** A hash for what is kept or told of somebody: by one without a key, all addresses and codes could be tried. */
  const hide = async (...words: string[]): Promise<string> => {
    const sum = await crypto.subtle.sign('HMAC', await (kept ??= derive(key)), utf8(JSON.stringify([relay, ...words])));
    return base64url(sum);
  };
  const place = async (email: string): Promise<string> => `guest:${await hide('place', email)}`;

  return {
    mode,
    identity: verifying ? { audience, keys: [{ alg: 'HS256', secret: key }] } : undefined,

    async enter(address) {
      if (!verifying) throw off();
      // Where it cannot be counted nothing is mailed, and nothing tried.
      await reach(store);
      await takeFrom(store, 'guests', address ?? 'all');
    },

    async mail(given, number) {
      const email = toEmail(given.trim());
      if (!email) throw new Problem('invalid', { fields: { email: 'This is not valid.' } });
      // An address that has had its mails gets no more, and the answer is the same.
      const whose = await hide('mails', email);
      if ((await store.take('mails', whose)) || (await store.take('mailsPerDay', whose))) return;
      const code = newCode();
      const at = await place(email);
      const proof = JSON.stringify({ hash: await hide('code', email, code), number });
      const before = await store.claim(at, proof, codeMs);
      if (before) await store.swap(at, before, proof, codeMs);
      send!({ to: email, code }).catch(() => undefined);
    },

    async confirm(given, code) {
      const wrong = (): Problem => new Problem('unauthorized', { reason: 'token-refused' });
      const email = toEmail(given.trim());
      if (!email) throw wrong();
      const at = await place(email);
      const kept = await store.get(at);
      const proof = kept === undefined ? undefined : (JSON.parse(kept) as { hash: string; number?: string });
      // Counted for each code before it is looked at, so that many at once are no more tries.
      const tried = await store.count(`${at}:${proof?.hash ?? ''}`, codeMs);
      const hash = await hide('code', email, code);
      if (!proof || tried > tries || hash !== proof.hash) throw wrong();
      // Whoever takes it away has spent it.
      if (!(await store.swap(at, kept!, undefined, codeMs))) throw wrong();
      const now = Math.floor(Date.now() / 1000);
      return signToken(
        {
          aud: audience,
          sub: (await hide('sub', email)).slice(0, 32),
          role: 'guest',
          iat: now,
          exp: now + Math.min(life, 3600),
          jti: crypto.randomUUID(),
          email,
          email_verified: true,
          ...(proof.number !== undefined && { ticket: proof.number }),
        },
        key,
      );
    },
  };
}
