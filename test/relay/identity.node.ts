import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { CompactEncrypt, exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import type { Backend } from '../../src/backends/backend.js';
import { createVerifier, toEmail, toName, type IdentityOptions } from '../../src/relay/identity.js';
import type { RelayOptions } from '../../src/relay/index.js';
import type { Problem } from '../../src/relay/problem.js';
import { routes } from '../../src/relay/protocol.js';
import { identity, page, send, unlimited, openRelay } from './bench.js';
import { agentAudience, agentSecret, audience, claimsOf, secret, sign, tokenOf } from './tokens.js';

const base64 = (value: string | Buffer): string => Buffer.from(value).toString('base64url');
const json = (value: unknown): string => base64(JSON.stringify(value));

/** A token whose parts are exactly these. */
function raw(header: unknown, payload: unknown, key: string | Buffer = secret): string {
  const signed = `${typeof header === 'string' ? header : json(header)}.${typeof payload === 'string' ? payload : json(payload)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
const hs = { alg: 'HS256' };
// Made anew for each test: files may wait for one another.
let now = 0;
let good: JWTPayload = {};
let goodToken = '';
const without = (name: string): JWTPayload =>
  Object.fromEntries(Object.entries(good).filter(([each]) => each !== name));

const pair = await generateKeyPair('ES256', { extractable: true });
const pem = await exportSPKI(pair.publicKey);
const other = await generateKeyPair('ES256', { extractable: true });
async function renew(): Promise<void> {
  now = Math.floor(Date.now() / 1000);
  good = claimsOf('jane');
  goodToken = await sign(good);
}

/** What is refused, as the value of the `Authorization` header. */
async function bad(): Promise<Record<string, string>> {
  const [goodHeader, goodPayload, goodSignature] = goodToken.split('.') as [string, string, string];
  const claims: Record<string, JWTPayload> = {
    'exp as text': { ...good, exp: `${good.exp}` as never },
    'exp as a float': { ...good, exp: good.exp! + 0.5 },
    'exp negative': { ...good, exp: -1 },
    'exp zero': { ...good, exp: 0 },
    'exp past by 31 s': { ...good, iat: now - 100, exp: now - 31 },
    'exp ten years ahead': { ...good, exp: now + 315_360_000 },
    'exp an hour and a second after iat': { ...good, exp: good.iat! + 3601 },
    'exp before iat': { ...good, exp: good.iat! - 1 },
    'iat in the future': { ...good, iat: now + 120, exp: now + 500 },
    'iat as text': { ...good, iat: `${now}` as never },
    'nbf in the future': { ...good, nbf: now + 120 },
    'nbf as text': { ...good, nbf: 'now' as never },
    'aud of another': { ...good, aud: 'other.test' },
    'aud with another beside': { ...good, aud: [audience, 'other.test'] },
    'aud twice': { ...good, aud: [audience, audience] },
    'aud in another case': { ...good, aud: audience.toUpperCase() },
    'aud empty': { ...good, aud: [] },
    'aud an object': { ...good, aud: { [audience]: true } as never },
    'sub empty': { ...good, sub: '' },
    'sub blank': { ...good, sub: ' ' },
    'sub a number': { ...good, sub: 1 as never },
    'sub an array': { ...good, sub: ['user-jane'] as never },
    'sub of 10 kB': { ...good, sub: 'x'.repeat(10_240) },
    'sub with NUL': { ...good, sub: 'user\0jane' },
    'sub not ASCII': { ...good, sub: 'user-jane\u0301' },
    'sub zero': { ...good, sub: '0' },
    'sub zeros': { ...good, sub: '000' },
    'address not verified': { ...good, email_verified: false },
    'address verified, as text': { ...good, email_verified: 'true' },
    'address verified, as null': { ...good, email_verified: null },
    'two at-signs': { ...good, email: 'jane@x@example.test' },
    'two addresses': { ...good, email: 'jane@example.test,omar@example.test' },
    'address with a line': { ...good, email: 'jane@example.test\nBcc: omar@example.test' },
    'address with a name': { ...good, email: 'Jane <jane@example.test>' },
    'address with a dot at the end': { ...good, email: 'jane@example.test.' },
    'address with other letters': { ...good, email: 'jаne@example.test' },
    'address with wide letters': { ...good, email: 'ｊane@example.test' },
    'address as a list': { ...good, email: ['jane@example.test'] },
    'userId zero': { ...good, userId: '0' },
    'userId a number': { ...good, userId: 1 },
    'userId a list': { ...good, userId: ['1'] },
    'userId empty': { ...good, userId: '' },
    'userId with SQL': { ...good, userId: '1 OR 1=1' },
    'userId a path': { ...good, userId: '../2' },
    'name a list': { ...good, name: ['Jane'] },
    'an agent by the key of customers': { ...good, role: 'agent', staff: 'nora' },
    'an agent for both': { ...good, role: 'agent', staff: 'nora', aud: agentAudience },
    'a guest by the key of customers': { ...good, role: 'guest' },
    'a role that is none': { ...good, role: 'admin' },
    'staff without a role': { ...good, staff: 'nora' },
    'one ticket only, for no guest': { ...good, ticket: '309214' },
    'jti a number': { ...good, jti: 7 as never },
  };
  for (const name of ['sub', 'aud', 'iat', 'exp']) claims[`without ${name}`] = without(name);
  const es = new SignJWT(good).setProtectedHeader({ alg: 'ES256', kid: 'k1' });
  const headers: Record<string, object> = {
    'alg none': { alg: 'none' },
    'alg None': { alg: 'None' },
    'alg nOnE': { alg: 'nOnE' },
    'alg HS512': { alg: 'HS512' },
    'alg ES256 over an HMAC': { alg: 'ES256' },
    'alg a list': { alg: ['HS256'] },
    'no alg': {},
    'crit unknown': { ...hs, crit: ['x'], x: 1 },
    'b64 false': { ...hs, b64: false, crit: ['b64'] },
    'jwk embedded': { ...hs, jwk: await exportJWK(other.publicKey) },
    jku: { ...hs, jku: 'https://evil.test/keys' },
    x5u: { ...hs, x5u: 'https://evil.test/cert' },
    'kid unknown': { ...hs, kid: 'other' },
    'kid a path': { ...hs, kid: '../../dev/null' },
    'kid with SQL': { ...hs, kid: "' OR 1=1 --" },
    'kid __proto__': { ...hs, kid: '__proto__' },
    'kid empty': { ...hs, kid: '' },
    'typ of another kind': { ...hs, typ: 'at+jwt' },
    'typ a list': { ...hs, typ: ['JWT'] },
  };
  const tokens: Record<string, string> = {
    ...Object.fromEntries(Object.entries(claims).map(([what, each]) => [what, raw(hs, each)])),
    ...Object.fromEntries(Object.entries(headers).map(([what, each]) => [what, raw(each, good)])),
    'exp 1e400': raw(hs, base64(JSON.stringify(good).replace(/"exp":\d+/, '"exp":1e400'))),
    'claims a list': raw(hs, [good]),
    'claims null': raw(hs, 'bnVsbA'),
    'claims no JSON': raw(hs, base64('jane')),
    'claims not UTF-8': raw(hs, base64(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))),
    '__proto__ for claims': raw(hs, base64(`{"__proto__":${JSON.stringify(good)}}`)),
    'signed by another': raw(hs, good, 'some other secret of thirty-two bytes'),
    'signed with the public key': raw(hs, good, pem),
    'ES256 of another key': await es.sign(other.privateKey),
    'no signature': `${goodHeader}.${goodPayload}.`,
    'no signature, none': `${json({ alg: 'none' })}.${goodPayload}.`,
    'half a signature': goodToken.slice(0, -20),
    'another payload': `${goodHeader}.${json({ ...good, email: 'omar@example.test' })}.${goodSignature}`,
    'two signatures': `${goodToken}.${goodSignature}`,
    'detached payload': `${goodHeader}..${goodSignature}`,
    encrypted: await new CompactEncrypt(Buffer.from(JSON.stringify(good)))
      .setProtectedHeader({ alg: 'dir', enc: 'A128CBC-HS256' })
      .encrypt(Buffer.from(secret).subarray(0, 32)),
    padded: `${goodHeader}=.${goodPayload}=.${goodSignature}=`,
    'with a space': `${goodHeader}. ${goodPayload}.${goodSignature}`,
    'of 64 kB': raw(hs, { ...good, more: 'x'.repeat(65_536) }),
    empty: '',
    'two parts': `${goodHeader}.${goodPayload}`,
    'a word': 'token',
    'by the key of agents': await sign({ ...good }, agentSecret),
    "agents' token without staff": await sign({ ...good, aud: agentAudience, role: 'agent' }, agentSecret),
    "agents' token without a role": await sign({ ...good, aud: agentAudience, staff: 'nora' }, agentSecret),
  };
  return {
    ...Object.fromEntries(Object.entries(tokens).map(([what, token]) => [what, `Bearer ${token}`])),
    'Basic scheme': `Basic ${goodToken}`,
    'no scheme': goodToken,
    'Bearer twice': `Bearer Bearer ${goodToken}`,
    'two tokens': `Bearer ${goodToken}, Bearer ${goodToken}`,
    'two spaces': `Bearer  ${goodToken}`,
  };
}

describe('tokens at the relay', () => {
  beforeEach(renew);
  let called = 0;
  const count = async (): Promise<never> => {
    called++;
    throw new Error('called');
  };
  const backend: Backend = {
    name: 'osticket',
    limits: {},
    listTickets: count,
    readThread: count,
    createTicket: count,
    listTopics: count,
    reply: count,
    setStatus: count,
    rate: count,
    updateTicket: count,
    listTags: count,
    readAttachment: count,
  };
  const options: RelayOptions = {
    backend,
    identity: { audience, keys: [...identity.keys, { alg: 'ES256', publicKey: pem, kid: 'k1' }] },
    agents: { identity: { audience: agentAudience, keys: [{ alg: 'HS256', secret: agentSecret }] }, backend },
    origins: [page],
    rates: unlimited,
  };
  const guarded = Object.entries(routes).filter(([, route]) => !('open' in route));

  it('are refused in every bad form, on every route, before anything is done', async () => {
    const relay = openRelay(options);
    const forms = await bad();
    expect(Object.keys(forms).length).to.be.greaterThan(90);
    called = 0;
    let tried = 0;
    for (const [what, Authorization] of Object.entries(forms))
      for (const [name, { method, path }] of guarded) {
        const address = path.replace('{id}', '309214').replace('{attachmentId}', '1');
        const body = method === 'GET' ? {} : { body: {} };
        const response = await send(relay, method, address, { headers: { Authorization }, ...body });
        const { code, reason } = (await response.json()) as { code: string; reason: string };
        const wanted =
          what === 'exp past by 31 s' ? 'token-expired' : /^(empty)$/.test(what) ? /token-/ : 'token-refused';
        expect([response.status, code], `${what} on ${name}`).to.deep.equal([401, 'unauthorized']);
        expect(reason, `${what} on ${name}`).to.match(new RegExp(wanted));
        tried++;
      }
    expect(tried).to.be.greaterThan(1000);
    expect(called).to.equal(0);
  });

  it('are needed, and only in the header', async () => {
    const relay = openRelay(options);
    called = 0;
    for (const [, { method, path }] of guarded) {
      const address = path.replace('{id}', '309214').replace('{attachmentId}', '1');
      for (const query of ['', `?token=${goodToken}`, `?access_token=${goodToken}`]) {
        const response = await send(relay, method, address + (method === 'GET' ? query : ''), {
          headers: { Cookie: `token=${goodToken}`, 'X-Authorization': `Bearer ${goodToken}` },
        });
        expect(response.status).to.equal(401);
        expect(((await response.json()) as { reason: string }).reason).to.equal('token-missing');
        expect(response.headers.get('www-authenticate')).to.equal('Bearer');
      }
    }
    expect(called).to.equal(0);
  });

  it('are taken in their good forms', async () => {
    const relay = openRelay(options);
    const forms = [
      goodToken,
      await sign({ ...good, aud: [audience] }),
      await sign({ ...good, role: 'requester' }),
      await sign({ ...good, email: 'JANE@example.test', email_verified: true }),
      await sign({ ...good, iat: now + 20, nbf: now + 20, exp: now + 620 }),
      await sign({ ...good, iat: now - 600, exp: now - 20 }),
      raw({ alg: 'HS256', typ: 'JWT' }, good),
      await new SignJWT(good).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(pair.privateKey),
      await sign({ ...good, aud: agentAudience, role: 'agent', staff: 'nora' }, agentSecret),
    ];
    for (const token of forms) expect((await send(relay, 'GET', '/v1/capabilities', { token })).status).to.equal(200);
    const lower = await send(relay, 'GET', '/v1/capabilities', { headers: { Authorization: `bearer ${goodToken}` } });
    expect(lower.status).to.equal(200);
  });

  it('must have the issuer that is asked for, exactly', async () => {
    const relay = openRelay({ ...options, identity: { ...options.identity, issuer: 'https://www.example.test' } });
    const status = async (iss?: string): Promise<number> =>
      (await send(relay, 'GET', '/v1/capabilities', { token: await sign({ ...good, ...(iss && { iss }) }) })).status;
    expect(await status('https://www.example.test')).to.equal(200);
    for (const iss of [undefined, 'https://www.example.test/', 'https://WWW.example.test', 'https://www.example'])
      expect(await status(iss)).to.equal(401);
  });

  it('can be called back', async () => {
    const asked: unknown[] = [];
    const relay = openRelay({
      ...options,
      identity: { ...options.identity, revoked: (token) => asked.push(token) > 0 && token.jti === 'bad' },
    });
    expect(
      (await send(relay, 'GET', '/v1/capabilities', { token: await tokenOf('jane', { jti: 'bad' }) })).status,
    ).to.equal(401);
    expect(
      (await send(relay, 'GET', '/v1/capabilities', { token: await tokenOf('jane', { jti: 'ok' }) })).status,
    ).to.equal(200);
    expect(asked).to.deep.equal([
      { subject: 'user-jane', jti: 'bad' },
      { subject: 'user-jane', jti: 'ok' },
    ]);
  });

  it('that name nobody are of no use', async () => {
    const relay = openRelay(options);
    const { email, userId, ...rest } = good as { email: string; userId: string } & JWTPayload;
    expect([email, userId]).to.deep.equal(['jane@example.test', '1']);
    const response = await send(relay, 'GET', '/v1/tickets', { token: await sign(rest) });
    expect(response.status).to.equal(403);
  });

  it('of a key set: rotated under load, nothing good is refused', async () => {
    let keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'a', alg: 'ES256' }];
    let reads = 0;
    const server = createServer((_request, response) => {
      reads++;
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const verify = createVerifier({ audience, jwksUrl }, 'requester');
    const signWith = (kid: string | undefined, key = pair.privateKey, alg = 'ES256'): Promise<string> =>
      new SignJWT(claimsOf('jane')).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(key);
    try {
      // Both keys are published before the new one signs.
      const next = await generateKeyPair('EdDSA', { extractable: true });
      keys.push({ ...(await exportJWK(next.publicKey)), kid: 'b', alg: 'EdDSA' });
      const old = await signWith('a');
      const fresh = await signWith('b', next.privateKey, 'EdDSA');
      const all = await Promise.all(Array.from({ length: 200 }, (_, at) => verify(at % 2 ? old : fresh)));
      expect(all.map(({ sub }) => sub)).to.deep.equal(all.map(() => 'user-jane'));
      const once = reads;
      keys = [];
      expect((await verify(old)).sub).to.equal('user-jane');
      for (const token of [
        await signWith('c'),
        await signWith(undefined),
        await signWith('b'),
        await signWith('a', other.privateKey),
        raw({ alg: 'HS256', kid: 'a' }, good, pem),
      ]) {
        const problem = await verify(token).then(
          () => undefined,
          (error: Problem) => error,
        );
        expect([problem?.status, problem?.reason]).to.deep.equal([401, 'token-refused']);
      }
      // Unknown keys do not make it read again and again.
      expect(reads).to.equal(once);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      const problem = await createVerifier({ audience, jwksUrl }, 'requester')(old).catch((error: Problem) => error);
      expect((problem as Problem).code).to.equal('unavailable');
    } finally {
      server.close();
    }
  });

  it('need options that can be meant', async () => {
    const make = (changes: Partial<IdentityOptions>) => () =>
      createVerifier({ audience, keys: identity.keys, ...changes }, 'requester');
    const jwk = await exportJWK(pair.publicKey);
    expect(make({})).not.to.throw();
    expect(make({ audience: '' })).to.throw('audience');
    expect(make({ keys: [] })).to.throw('key');
    expect(make({ keys: [{ alg: 'HS256', secret: 'short' }] })).to.throw('32 bytes');
    for (const skew of [NaN, Infinity, -1, 0.5, 121, '30' as never])
      expect(make({ skew }), String(skew)).to.throw('identity.skew is a whole number from 0 to 120.');
    for (const maxLife of [NaN, 0, 3601])
      expect(make({ maxLife }), String(maxLife)).to.throw('identity.maxLife is a whole number from 1 to 3600.');
    expect(make({ skew: 0, maxLife: 3600 })).not.to.throw();
    expect(make({ keys: [{ alg: 'ES256', secret }] })).to.throw('public key');
    expect(make({ keys: [{ alg: 'EdDSA', publicKey: jwk }] })).to.throw('EdDSA');
    const privateKey = await exportJWK(pair.privateKey);
    expect(make({ keys: [{ alg: 'ES256', publicKey: privateKey }] })).to.throw('ES256');
    const together = (changes: Partial<IdentityOptions>) => () =>
      openRelay({ ...options, agents: { backend, identity: { ...options.agents!.identity, ...changes } } });
    expect(together({})).not.to.throw();
    expect(together({ audience })).to.throw('audience');
    expect(together({ keys: identity.keys })).to.throw('key');
  });
});

describe('names and addresses', () => {
  it('have one form', () => {
    expect(toEmail('Jane.Doe+x@Example.TEST')).to.equal('jane.doe+x@example.test');
    for (const wrong of [
      undefined,
      '',
      'jane',
      'jane@',
      '@x.test',
      'jane@test',
      'a b@x.test',
      'a@x..test',
      'a@-x.test',
      `${'x'.repeat(250)}@x.test`,
      // Small, the Kelvin sign is a plain k.
      '\u212Aate@example.com',
      'kate@\u212A.test',
    ])
      expect(toEmail(wrong), wrong).to.equal(undefined);
  });

  it('bring no second recipient, header, tag or hidden sign', () => {
    expect(toName('Doe, Jane <jane@x>\r\nBcc: all;"x"')).to.equal('Doe  Jane  jane@x Bcc: all x');
    expect(toName('Ja\u202ene\u200b')).to.equal('Ja ne');
    expect(toName('x'.repeat(500))).to.have.lengthOf(100);
    expect(toName(7)).to.equal('');
  });
});
