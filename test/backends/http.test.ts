import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import { createHttp, fileLimits, type Answer, type HttpDefaults } from '../../src/backends/http.js';
import { createRequest } from '../../src/backends/request.js';
import { tryAgain } from '../../src/backends/retry.js';
import { HelpDeskError, type HelpDeskErrorCode } from '../../src/errors.js';
import { openTestDesk, type TestDesk } from '../support/desk.js';

const failure = async (promise: Promise<unknown>): Promise<HelpDeskError> => {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(HelpDeskError);
    return error as HelpDeskError;
  }
  throw new Error('It did not fail.');
};

for (const make of [createHttp, createRequest])
  describe(make === createHttp ? 'createHttp' : 'createRequest', () => {
    let desk: TestDesk;
    let url: string;
    beforeEach(async () => {
      desk = await openTestDesk({ seed: 'none' });
      url = desk.url('osticket');
    });
    afterEach(() => desk.close());
    const http = (defaults?: HttpDefaults, timeout?: number) =>
      make({ url, ...(timeout !== undefined && { timeout }) }, defaults);
    /** The next requests are answered like this. */
    const answer = (status: number, body?: string, headers: Record<string, string> = {}, times = 1): Promise<null> =>
      desk.fault({ kind: 'answer', status, headers, times, ...(body !== undefined && { body }) });
    const lines = async (): Promise<string[]> => (await desk.log()).map(({ method, path }) => `${method} ${path}`);

    it('asks what it is told to ask', async () => {
      await answer(200, 'yes', { 'Content-Type': 'text/html', 'X-Odd': 'a: b' }, 2);
      const got = await http()('GET', '/a/b.json', {}, { query: { email: 'a+b@c.test', page: 2, none: undefined } });
      expect([got.status, got.text, got.headers.get('x-odd')]).to.deep.equal([200, 'yes', 'a: b']);
      await http()('PUT', 'c', {}, { json: { a: 1 } });
      expect(await lines()).to.deep.equal(['GET /a/b.json?email=a%2Bb%40c.test&page=2', 'PUT /c']);
    });

    it('cleans addresses of what nobody sees', async () => {
      for (const base of [
        `\u200e${url}`,
        `${url}/\ufeff`,
        ` ${url}//\n`,
        `\u00e2\u20ac\u017d${url}`,
        `%E2%80%8E${url}`,
      ]) {
        await answer(200);
        await make({ url: base })('GET', '\u200esupport\u200b/x/', {});
      }
      expect(new Set(await lines())).to.deep.equal(new Set(['GET /support/x/']));
    });

    it('takes an address relative to the page', async () => {
      await answer(200, 'yes');
      const { text } = await make({ url: new URL(url).pathname })('GET', 'x', {});
      expect(text).to.equal('yes');
    });

    const codes: [number, HelpDeskErrorCode, boolean][] = [
      [400, 'invalid', false],
      [401, 'unauthorized', false],
      [403, 'forbidden', false],
      [404, 'not-found', false],
      [405, 'unsupported', false],
      [409, 'conflict', false],
      [410, 'not-found', false],
      [413, 'too-large', false],
      [418, 'unexpected', true],
      [422, 'invalid', false],
      [429, 'rate-limited', false],
      [500, 'unavailable', true],
      [501, 'unsupported', false],
      [502, 'unavailable', true],
      [503, 'unavailable', true],
      [304, 'unexpected', true],
      [302, 'unexpected', true],
    ];
    for (const [status, code, uncertain] of codes)
      it(`takes ${status} of a write for ${code}`, async () => {
        await answer(status, status === 304 ? undefined : 'SECRET WORDS', { Location: '/elsewhere' });
        const error = await failure(http()('POST', `x?key=SECRET`, {}, { json: {} }));
        expect([error.code, error.uncertain]).to.deep.equal([code, uncertain]);
        expect(error.message).not.to.match(/SECRET|http|\?/);
        expect(await lines()).to.deep.equal(['POST /x?key=SECRET']);
      });

    it('lets the back end say what a refusal means, and then does not ask again', async () => {
      await answer(500, 'Unable to create', {}, 9);
      const seen: Answer[] = [];
      const refusal = (each: Answer): HelpDeskErrorCode => {
        seen.push(each);
        return 'limit-reached';
      };
      expect((await failure(http({ refusal })('GET', 'x', {}))).code).to.equal('limit-reached');
      expect([seen[0]!.status, seen[0]!.text]).to.deep.equal([500, 'Unable to create']);
      const own = new HelpDeskError('invalid', { fields: { subject: 'Required' } });
      expect(await failure(http({ refusal: () => own })('POST', 'x', {}))).to.equal(own);
      expect(await lines()).to.deep.equal(['GET /x', 'POST /x']);
    });

    for (const [value, ms] of [
      ['120', 120_000],
      ['0', 0],
      ['999999999', 3_600_000],
      ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
      ['soon', undefined],
    ] as const)
      it(`reads Retry-After: ${value}`, async () => {
        await answer(503, 'busy', { 'Retry-After': value });
        expect((await failure(http()('POST', 'x', {}))).retryAfterMs).to.equal(ms);
      });

    if (make === createHttp) {
      it('reads up to twice again what fails in passing', async () => {
        for (const [status, code] of [
          [429, 'rate-limited'],
          [500, 'unavailable'],
          [503, 'unavailable'],
        ] as const) {
          await answer(status, '', {}, 2);
          await answer(200, 'yes');
          expect((await http()('GET', `in-the-end/${status}`, {})).text).to.equal('yes');
          await answer(status, '', {}, 3);
          expect((await failure(http()('GET', `never/${status}`, {}))).code).to.equal(code);
          const asked = (await lines()).slice(-6);
          expect(asked.filter((line) => line === `GET /in-the-end/${status}`).length).to.equal(3);
          expect(asked.filter((line) => line === `GET /never/${status}`).length).to.equal(3);
        }
      });

      it('does not read again what would fail again, what was too slow, nor what writes', async () => {
        for (const status of [400, 401, 403, 404, 409, 418, 501]) {
          await answer(status);
          await failure(http()('GET', `${status}`, {}));
        }
        await answer(503);
        await failure(http()('GET', 'writes', {}, { once: true }));
        await answer(503);
        await failure(http()('POST', 'x', {}));
        const once = ['400', '401', '403', '404', '409', '418', '501', 'writes'].map((path) => `GET /${path}`);
        expect(await lines()).to.deep.equal([...once, 'POST /x']);
        let timeout = 50;
        let tries: string[];
        do {
          timeout *= 4;
          await desk.fault({ match: `GET /slow/${timeout}`, kind: 'hang', times: 9 });
          expect((await failure(http({}, timeout)('GET', `slow/${timeout}`, {}))).code).to.equal('timeout');
          await desk.control({ op: 'clear-faults' });
          tries = (await lines()).filter((line) => line === `GET /slow/${timeout}`);
          // Given up before it was there, as on a busy machine, it shows nothing.
        } while (!tries.length && timeout < 3200);
        expect(tries).to.have.lengthOf(1);
      });

      it('does not wait longer than a read may take', async () => {
        await answer(503, '', { 'Retry-After': '2' });
        expect((await failure(http({}, 1999)('GET', 'x', {}))).retryAfterMs).to.equal(2000);
        expect(await lines()).to.deep.equal(['GET /x']);
      });

      it('stops in a pause', async () => {
        const stop = new AbortController();
        const busy = new HelpDeskError('unavailable', { retryAfterMs: 60_000 });
        let tried = 0;
        const running = tryAgain(
          async () => void tried++,
          busy,
          () => true,
          stop.signal,
        );
        stop.abort('enough');
        expect((await failure(running)).code).to.equal('aborted');
        expect(tried).to.equal(0);
      });

      it('says why a read failed where a browser has not what it takes to try again', async () => {
        const { any } = AbortSignal;
        try {
          Object.assign(AbortSignal, { any: undefined });
          await answer(503);
          const { signal } = new AbortController();
          expect((await failure(http()('GET', 'x', { signal }))).code).to.equal('unavailable');
        } finally {
          Object.assign(AbortSignal, { any });
        }
      });

      it('waits as long as it is asked to before it reads again', async () => {
        await answer(503, 'busy', { 'Retry-After': '1' });
        await answer(200, 'yes');
        const before = performance.now();
        expect((await http()('GET', 'x', {})).text).to.equal('yes');
        expect(performance.now() - before).to.be.within(950, 5000);
      });
    }

    it('asks for headers before each request, and sends none that is undefined', async () => {
      const headers = async () => ({ 'X-API-Key': desk.key, 'X-None': undefined });
      expect((await http({ headers })('GET', 'api/topics.json', {})).status).to.equal(200);
      const error = new HelpDeskError('unauthorized');
      expect(await failure(http({ headers: () => Promise.reject(error) })('GET', 'x', {}))).to.equal(error);
      expect(await lines()).to.deep.equal(['GET /api/topics.json']);
    });

    it('answers a file as it is', async () => {
      await answer(200, 'ÿ\u0000', { 'Content-Type': 'image/png' });
      const { blob, text } = await http()('GET', 'x', {}, { file: true });
      expect([blob!.type, [...new Uint8Array(await blob!.arrayBuffer())], text]).to.deep.equal([
        'image/png',
        [195, 191, 0],
        '',
      ]);
    });

    it('answers a 204', async () => {
      await answer(204);
      expect((await http()('DELETE', 'x', {}, { json: { a: 1 } })).text).to.equal('');
    });

    it('gives a write twice the time, and an upload eight times', async () => {
      await desk.fault({ kind: 'hang', times: 9 });
      const ended: string[] = [];
      const ends = async (name: string, promise: Promise<unknown>): Promise<void> => {
        expect((await failure(promise)).code, name).to.equal('timeout');
        ended.push(name);
      };
      const form = (): FormData => new FormData();
      const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        const read = ends('read', http({}, 200)('GET', 'x', {}));
        const write = ends('write', http({}, 200)('POST', 'x', {}));
        const uploads = [
          ends('upload', http({}, 200)('POST', 'x', {}, { body: form(), upload: true })),
          ends('watched', http({}, 200)('POST', 'x', { onProgress: () => 0 }, { body: form(), upload: true })),
        ];
        let passed = 0;
        /** At that time, and no millisecond before, these end. */
        const endAt = async (ms: number, ...these: Promise<void>[]): Promise<void> => {
          const before = [...ended];
          clock.tick(ms - 1 - passed);
          // What has ended is known by the time an answer is there.
          await lines();
          expect(ended, `${ms - 1} ms`).to.deep.equal(before);
          clock.tick(1);
          passed = ms;
          await Promise.all(these);
          expect(ended.length - before.length, `${ms} ms`).to.equal(these.length);
        };
        if (make === createHttp) await endAt(200, read);
        await endAt(400, ...(make === createHttp ? [] : [read]), write);
        await endAt(1600, ...uploads);
      } finally {
        clock.restore();
      }
      await desk.control({ op: 'clear-faults' });
    });

    it('cannot reach what is not there', async () => {
      const gone = make({ url: 'http://127.0.0.1:1/' });
      expect((await failure(gone('POST', 'x', {}))).code).to.equal('network');
      expect((await failure(gone('POST', 'x', { onProgress: () => 0 }, { upload: true }))).code).to.equal('network');
      expect((await failure(make({ url: 'http://[' })('GET', 'x', {}))).code).to.equal('network');
    });

    describe('with upload progress', () => {
      const send = (body = new FormData(), signal?: AbortSignal, seen: number[] = []) =>
        http()(
          'POST',
          'x',
          { onProgress: (fraction) => seen.push(fraction), ...(signal && { signal }) },
          { body, upload: true },
        );

      it('answers as without', async () => {
        await answer(201, 'über', { 'X-Odd': 'a: b' });
        const seen: number[] = [];
        const form = new FormData();
        form.append('file', new File([new Uint8Array(300_000)], 'a.bin'));
        const got = await send(form, undefined, seen);
        expect([got.status, got.text, got.headers.get('x-odd')]).to.deep.equal([201, 'über', 'a: b']);
        expect(seen.at(-1)).to.equal(1);
      });

      it('fails as without', async () => {
        await answer(503, 'words', { 'Retry-After': '7' });
        const error = await failure(send());
        expect([error.code, error.retryAfterMs]).to.deep.equal(['unavailable', 7000]);
        await answer(302, 'there', { Location: `${url}/api/topics.json` });
        expect((await failure(send())).code).to.equal('unexpected');
        await answer(204);
        expect((await send()).status).to.equal(204);
      });

      it('ends 20 s after the last byte that goes out, and waits longer for the answer to the last of all', async () => {
        await desk.fault({ kind: 'hang', times: 2 });
        const seconds = 1000;
        /** When the last of it went out, how much had gone then, and when it ended, by a clock that stands until so much has. */
        async function ends(bytes: number, first: number): Promise<[last: number, fraction: number, ended: number]> {
          let [last, fraction, ended] = [0, 0, 0];
          let begun = (): void => undefined;
          const begins = new Promise<void>((resolve) => (begun = resolve));
          const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
          try {
            const body = new FormData();
            body.append('file', new File([new Uint8Array(bytes)], 'a.bin'));
            const onProgress = (sent: number): void => {
              [last, fraction] = [clock.now, sent];
              if (sent >= first) begun();
            };
            const running = failure(http()('POST', 'x', { onProgress }, { body, upload: true })).then((error) => {
              ended = clock.now;
              return error;
            });
            await begins;
            while (!ended && clock.now < 120 * seconds) {
              clock.tick(seconds);
              // What has ended is known by the time an answer is there.
              await desk.log();
            }
            const { code, uncertain } = await running;
            expect([code, uncertain]).to.deep.equal(['timeout', true]);
          } finally {
            clock.restore();
          }
          return [last, fraction, ended];
        }
        // More than lies between the browser and a desk that takes nothing of it.
        const [last, fraction, ended] = await ends(100_000_000, 0.001);
        expect(fraction).to.be.within(0.001, 0.99);
        expect(ended - last).to.equal(20 * seconds);
        expect(await ends(1000, 1)).to.deep.equal([0, 1, 120 * seconds]);
        await desk.control({ op: 'clear-faults' });
      });

      it('stops', async () => {
        await desk.fault({ kind: 'hang' });
        const stop = new AbortController();
        const running = send(new FormData(), stop.signal);
        await desk.log();
        stop.abort();
        expect((await failure(running)).code).to.equal('aborted');
        expect((await failure(send(new FormData(), AbortSignal.abort()))).code).to.equal('aborted');
        await desk.control({ op: 'clear-faults' });
      });
    });
  });

describe('fileLimits', () => {
  it('are narrowed by options, never widened', () => {
    const limits = fileLimits({ url: '/', limits: { maxBytes: 10, maxCount: 99 } }, 2, 20);
    expect([limits.maxCount, limits.maxBytes]).to.deep.equal([2, 10]);
    limits.check([new File(['0123456789'], 'a')]);
    for (const files of [[new File(['0123456789+'], 'a')], [1, 2, 3].map(() => new File([], 'a'))])
      expect(() => limits.check(files))
        .to.throw(HelpDeskError)
        .with.property('code', 'too-large');
  });
});
