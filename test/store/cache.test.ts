import { expect } from 'chai';
import * as fc from 'fast-check';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { HelpDeskError } from '../../src/errors.js';
import { createCache, createCell, hash, type Cache, type Freshness, type Load } from '../../src/store/cache.js';
import { share } from '../../src/store/share.js';
import { update } from '../../src/store/changes.js';

/** A request that the test answers. */
interface Asked {
  readonly signal: AbortSignal;
  readonly before: unknown;
  answer(data: unknown): Promise<void>;
  refuse(error: Error): Promise<void>;
}

/** A load whose requests wait to be answered. */
function source() {
  const asked: Asked[] = [];
  const load: Load<unknown> = (signal, before) =>
    new Promise((resolve, reject) =>
      asked.push({
        signal,
        before,
        answer: (data) => (resolve(data), settle()),
        refuse: (error: Error) => (reject(error), settle()),
      }),
    );
  return { asked, load };
}

/** Lets promises that are ready take their turn. */
async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}

const start = 1_700_000_000_000;
let clock: SinonFakeTimers;
let caches: Cache[];

function open(options?: Parameters<typeof createCache>[0]): Cache {
  const cache = createCache({ random: () => 0.5, share, ...options });
  caches.push(cache);
  return cache;
}

let visibility: DocumentVisibilityState;
function show(state: DocumentVisibilityState): void {
  visibility = state;
  document.dispatchEvent(new Event('visibilitychange'));
}

const noop = () => undefined;
const all = () => true;
const plus = (mark: string) => (data: never) => `${data as string}${mark}`;
const polled: Freshness = { staleTime: 10_000, pollInterval: 20_000 };

describe('the cache', () => {
  beforeEach(() => {
    clock = useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    caches = [];
    visibility = 'visible';
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
  });
  afterEach(() => {
    for (const cache of caches) cache.dispose();
    clock.restore();
    Reflect.deleteProperty(document, 'visibilityState');
  });

  describe('keys', () => {
    it('are equal in any order of properties', () => {
      expect(hash(['tickets', { status: 'open', page: { b: 1, a: 2 } }])).to.equal(
        hash(['tickets', { page: { a: 2, b: 1 }, status: 'open' }]),
      );
    });

    it('do not tell an absent property from an undefined one', () => {
      expect(hash(['tickets', { status: undefined }])).to.equal(hash(['tickets', {}]));
    });

    it('do not collide where their parts run together', () => {
      const keys = [
        ['a', 'b'],
        ['ab'],
        ['a', 'b', ''],
        ['a,b'],
        ['a","b'],
        [['a', 'b']],
        ['1'],
        [1],
        [null],
        ['null'],
        [{}],
        [[]],
      ];
      expect(new Set(keys.map(hash)).size).to.equal(keys.length);
    });

    it('are sorted by their names, whatever the values are', () => {
      const odd = { b: { toString: false }, a: [] };
      expect(hash([odd])).to.equal('[{"a":[],"b":{"toString":false}}]');
    });

    it('are equal exactly when the values are, for any JSON', () => {
      const shuffled = (value: unknown): unknown =>
        Array.isArray(value)
          ? value.map(shuffled)
          : value && typeof value === 'object'
            ? Object.fromEntries(
                Object.entries(value)
                  .reverse()
                  .map(([key, inner]) => [key, shuffled(inner)]),
              )
            : value;
      fc.assert(
        fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
          expect(hash([a])).to.equal(hash([shuffled(a)]));
          const alike = (() => {
            try {
              expect(JSON.parse(JSON.stringify(a))).to.deep.equal(JSON.parse(JSON.stringify(b)));
              return true;
            } catch {
              return false;
            }
          })();
          expect(hash([a]) === hash([b])).to.equal(alike);
        }),
        { numRuns: 200 },
      );
    });
  });

  describe('snapshots', () => {
    it('are idle and frozen before anybody watches, and ask for nothing', () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      expect(resource.peek()).to.deep.equal({ status: 'idle', fetching: false, updatedAt: 0 });
      expect(Object.isFrozen(resource.peek())).to.equal(true);
      expect(asked).to.have.length(0);
    });

    it('go from pending to ready, each the same object until something changes', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      let calls = 0;
      resource.watch(() => calls++);
      const pending = resource.peek();
      expect(pending).to.deep.equal({ status: 'pending', fetching: true, updatedAt: 0 });
      expect(resource.peek()).to.equal(pending);
      clock.tick(50);
      await asked[0]?.answer('data');
      expect(resource.peek()).to.deep.equal({ status: 'ready', data: 'data', fetching: false, updatedAt: start + 50 });
      expect(resource.peek()).to.equal(resource.peek());
      expect(Object.isFrozen(resource.peek())).to.equal(true);
      expect(calls).to.equal(2);
    });

    it('tell of a first failure, and of the next try as pending again', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      resource.watch(noop);
      const error = new HelpDeskError('network');
      await asked[0]?.refuse(error);
      expect(resource.peek()).to.deep.equal({ status: 'error', error, fetching: false, updatedAt: 0 });
      void resource.refresh();
      expect(resource.peek()).to.deep.equal({ status: 'pending', fetching: true, updatedAt: 0 });
    });

    it('keep data, and the time of it, when a refresh fails', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      resource.watch(noop);
      await asked[0]?.answer({ n: 1 });
      const { data } = resource.peek();
      clock.tick(5);
      const refresh = resource.refresh();
      const error = new HelpDeskError('unavailable');
      await asked[1]?.refuse(error);
      expect(await refresh).to.equal(undefined);
      expect(resource.peek()).to.deep.equal({ status: 'error', data, error, fetching: false, updatedAt: start });
      expect(resource.peek().data).to.equal(data);
      void resource.refresh();
      await asked[2]?.answer({ n: 2 });
      expect(resource.peek()).to.deep.equal({ status: 'ready', data: { n: 2 }, fetching: false, updatedAt: start + 5 });
    });

    it('turn anything thrown into a HelpDeskError, also when thrown at once', async () => {
      const resource = open().resource(['a'], () => {
        throw new TypeError('broken');
      });
      await resource.refresh();
      expect(resource.peek().error).to.be.instanceOf(HelpDeskError).with.property('code', 'unexpected');
      expect(resource.peek().fetching).to.equal(false);
      await resource.refresh();
      expect(resource.peek().status).to.equal('error');
    });

    it('keep the identity of what has not changed', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      resource.watch(noop);
      await asked[0]?.answer([{ id: '1', tags: [{ id: 'x' }] }, { id: '2' }]);
      const before = resource.peek().data as { id: string }[];
      void resource.refresh();
      await asked[1]?.answer([{ id: '1', tags: [{ id: 'x' }] }, { id: '2' }]);
      expect(resource.peek().data).to.equal(before);
      void resource.refresh();
      await asked[2]?.answer([{ id: '3' }, { id: '1', tags: [{ id: 'x' }] }, { id: '2', subject: 'new' }]);
      const after = resource.peek().data as { id: string }[];
      expect(after).to.deep.equal([{ id: '3' }, { id: '1', tags: [{ id: 'x' }] }, { id: '2', subject: 'new' }]);
      expect(after[1]).to.equal(before[0]);
      expect(after[2]).to.not.equal(before[1]);
    });
  });

  describe('structural sharing', () => {
    it('answers an equal value, and the old one exactly when nothing differs', () => {
      fc.assert(
        fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
          const copy: unknown = JSON.parse(JSON.stringify(b));
          expect(share(a, copy)).to.deep.equal(copy);
          const known: unknown = JSON.parse(JSON.stringify(b));
          expect(share(known, copy)).to.equal(known);
        }),
        {
          numRuns: 200,
          // What chance seldom finds.
          examples: [
            [-0, 0],
            [JSON.parse('{"__proto__":{}}'), { x: {} }],
          ],
        },
      );
    });

    it('sees a list that became shorter or was put in another order', () => {
      const before = [{ id: '1' }, { id: '2' }];
      expect(share(before, [{ id: '1' }])).to.deep.equal([{ id: '1' }]);
      expect(share(before, [{ id: '2' }, { id: '1' }])).to.deep.equal([{ id: '2' }, { id: '1' }]);
      expect(share([], {})).to.deep.equal({});
    });

    it('keeps every item that is as it was, wherever it stands now, and makes only what differs', () => {
      const before = Array.from({ length: 1000 }, (_, at) => ({
        id: `${at}`,
        by: { name: 'Nora' },
        files: [{ id: 'a' }],
      }));
      const next = structuredClone(before);
      next[500]!.by.name = 'Tomas';
      next.unshift({ id: 'new', by: { name: 'Jane' }, files: [] });
      const shared = share(before, next);
      expect(shared).to.deep.equal(next);
      expect(shared.filter((item) => !before.includes(item)).map(({ id }) => id)).to.deep.equal(['new', '500']);
      expect(shared[501]!.files).to.equal(before[500]!.files);
    });

    it('tells two items of the same id apart by their place', () => {
      const before = [
        { id: '', a: 1 },
        { id: '', a: 2 },
      ];
      expect(share(before, structuredClone(before))).to.equal(before);
    });
  });

  describe('requests', () => {
    it('are shared by equal keys in any order of properties', async () => {
      const { asked, load } = source();
      const cache = open();
      const one = cache.resource(['tickets', { a: 1, b: 2 }], load);
      const two = cache.resource(['tickets', { b: 2, a: 1 }], load);
      expect(two).to.equal(one);
      one.watch(noop);
      two.watch(noop);
      const refreshed = Promise.all([one.refresh(), two.refresh()]);
      expect(asked).to.have.length(1);
      await asked[0]?.answer('x');
      await refreshed;
      expect(asked).to.have.length(1);
    });

    it('are not shared by unequal keys', () => {
      const { asked, load } = source();
      const cache = open();
      cache.resource(['thread', '1', '2'], load).watch(noop);
      cache.resource(['thread', '12'], load).watch(noop);
      expect(asked).to.have.length(2);
    });

    it('are not made again while the answer is fresh', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load, { staleTime: 1000 });
      resource.watch(noop);
      await asked[0]?.answer(1);
      clock.tick(999);
      resource.watch(noop);
      expect(asked).to.have.length(1);
      clock.tick(1);
      resource.watch(noop);
      expect(asked).to.have.length(2);
    });

    it('are stopped when the last one leaves, and the state on return is clean', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      const [first, second] = [resource.watch(noop), resource.watch(noop)];
      first();
      await settle();
      expect(asked[0]?.signal.aborted).to.equal(false);
      second();
      second();
      await settle();
      expect(asked[0]?.signal.aborted).to.equal(true);
      expect(resource.peek()).to.deep.equal({ status: 'idle', fetching: false, updatedAt: 0 });
      await asked[0]?.answer('too late');
      expect(resource.peek()).to.deep.equal({ status: 'idle', fetching: false, updatedAt: 0 });
      resource.watch(noop);
      expect(resource.peek()).to.deep.equal({ status: 'pending', fetching: true, updatedAt: 0 });
      await asked[1]?.answer('fresh');
      expect(resource.peek().data).to.equal('fresh');
    });

    it('leave the data when the last one leaves during a refresh', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      const leave = resource.watch(noop);
      await asked[0]?.answer('kept');
      const refresh = resource.refresh();
      leave();
      await settle();
      expect(asked[1]?.signal.aborted).to.equal(true);
      await asked[1]?.refuse(new DOMException('', 'AbortError'));
      expect(await refresh).to.equal(undefined);
      expect(resource.peek()).to.deep.equal({ status: 'ready', data: 'kept', fetching: false, updatedAt: start });
    });

    it('go on when an element is only moved', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      const leave = resource.watch(noop);
      leave();
      resource.watch(noop);
      await settle();
      expect(asked).to.have.length(1);
      expect(asked[0]?.signal.aborted).to.equal(false);
    });

    it('that are old never replace a newer answer', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      const leave = resource.watch(noop);
      leave();
      await settle();
      resource.watch(noop);
      await asked[1]?.answer('new');
      await asked[0]?.answer('old');
      expect(resource.peek().data).to.equal('new');
      void resource.refresh();
      await asked[0]?.refuse(new HelpDeskError('network'));
      expect(resource.peek().fetching).to.equal(true);
    });

    it('without a watcher go on to their end', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      const refresh = resource.refresh();
      await asked[0]?.answer('x');
      await refresh;
      expect(resource.peek().data).to.equal('x');
    });

    it('one broken watcher does not keep the others from hearing', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      const thrown: unknown[] = [];
      const original = globalThis.queueMicrotask;
      globalThis.queueMicrotask = (task) => {
        try {
          task();
        } catch (error) {
          thrown.push(error);
        }
      };
      let heard = 0;
      const leave = resource.watch(() => {
        throw new Error('mine');
      });
      resource.watch(() => heard++);
      await asked[0]?.answer('x');
      globalThis.queueMicrotask = original;
      leave();
      expect(heard).to.equal(1);
      expect(thrown.map(String)).to.deep.equal(['Error: mine', 'Error: mine']);
    });
  });

  describe('garbage', () => {
    it('goes five minutes after the last one has left', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      const leave = resource.watch(noop);
      await asked[0]?.answer('x');
      leave();
      await settle();
      clock.tick(299_999);
      expect(resource.peek().data).to.equal('x');
      clock.tick(1);
      expect(resource.peek()).to.deep.equal({ status: 'idle', fetching: false, updatedAt: 0 });
    });

    it('stays while somebody has come back', async () => {
      const { asked, load } = source();
      const resource = open().resource(['a'], load);
      const leave = resource.watch(noop);
      await asked[0]?.answer('x');
      leave();
      await settle();
      clock.tick(200_000);
      resource.watch(noop);
      await asked[1]?.answer('y');
      clock.tick(600_000);
      expect(resource.peek().data).to.equal('y');
    });
  });

  describe('polling', () => {
    it('asks again at its interval while watched, and stops when left', async () => {
      const { asked, load } = source();
      const leave = open().resource(['a'], load, polled).watch(noop);
      await asked[0]?.answer(1);
      clock.tick(19_999);
      expect(asked).to.have.length(1);
      clock.tick(1);
      expect(asked).to.have.length(2);
      await asked[1]?.answer(2);
      leave();
      await settle();
      clock.tick(100_000);
      expect(asked).to.have.length(2);
    });

    it('has no second request while one is running', async () => {
      const { asked, load } = source();
      open().resource(['a'], load, polled).watch(noop);
      clock.tick(200_000);
      expect(asked).to.have.length(1);
    });

    it('is spread by a tenth in both directions', async () => {
      for (const [random, interval] of [
        [0, 18_000],
        [1, 22_000],
      ] as const) {
        const { asked, load } = source();
        open({ random: () => random })
          .resource(['a'], load, polled)
          .watch(noop);
        await asked[0]?.answer(1);
        clock.tick(interval - 1);
        expect(asked).to.have.length(1);
        clock.tick(1);
        expect(asked).to.have.length(2);
      }
    });

    it('rests while the page is hidden and resumes at once when it is seen and stale', async () => {
      const { asked, load } = source();
      open().resource(['a'], load, polled).watch(noop);
      await asked[0]?.answer(1);
      show('hidden');
      clock.tick(3_600_000);
      expect(asked).to.have.length(1);
      show('visible');
      expect(asked).to.have.length(2);
      await asked[1]?.answer(2);
      clock.tick(20_000);
      expect(asked).to.have.length(3);
    });

    it('does not ask at once when seen again while fresh, but goes on polling', async () => {
      const { asked, load } = source();
      open().resource(['a'], load, polled).watch(noop);
      await asked[0]?.answer(1);
      show('hidden');
      clock.tick(9_999);
      show('visible');
      clock.tick(10_000);
      expect(asked).to.have.length(1);
      clock.tick(1);
      expect(asked).to.have.length(2);
    });

    it('does not begin when an answer comes while hidden', async () => {
      const { asked, load } = source();
      open().resource(['a'], load, polled).watch(noop);
      show('hidden');
      await asked[0]?.answer(1);
      clock.tick(3_600_000);
      expect(asked).to.have.length(1);
    });

    it('asks for nothing unwatched when the page is seen again', async () => {
      const { asked, load } = source();
      const leave = open().resource(['a'], load, polled).watch(noop);
      await asked[0]?.answer(1);
      leave();
      await settle();
      show('hidden');
      clock.tick(60_000);
      show('visible');
      expect(asked).to.have.length(1);
    });

    it('goes slower after each failure, at most 16 times, and back to normal after a success', async () => {
      const { asked, load } = source();
      open().resource(['a'], load, polled).watch(noop);
      await asked[0]?.refuse(new HelpDeskError('network'));
      for (const [index, interval] of [40_000, 80_000, 160_000, 320_000, 320_000].entries()) {
        clock.tick(interval - 1);
        expect(asked).to.have.length(index + 1);
        clock.tick(1);
        expect(asked).to.have.length(index + 2);
        await asked[index + 1]?.refuse(new HelpDeskError('network'));
      }
      clock.tick(320_000);
      await asked[6]?.answer(1);
      clock.tick(20_000);
      expect(asked).to.have.length(8);
    });

    it('waits as long as the other side asks, but no longer than an hour', async () => {
      for (const [retryAfterMs, wait] of [
        [100_000, 100_000],
        [1e12, 3_600_000],
      ] as const) {
        const { asked, load } = source();
        const resource = open().resource(['a'], load, polled);
        resource.watch(noop);
        await asked[0]?.refuse(new HelpDeskError('rate-limited', { retryAfterMs }));
        clock.tick(wait - 1);
        resource.watch(noop);
        show('hidden');
        show('visible');
        expect(asked).to.have.length(1);
        clock.tick(1);
        expect(asked).to.have.length(2);
      }
    });

    it('asks at once when the network is back', async () => {
      const { asked, load } = source();
      open().resource(['a'], load, polled).watch(noop);
      await asked[0]?.refuse(new HelpDeskError('network'));
      window.dispatchEvent(new Event('online'));
      expect(asked).to.have.length(2);
    });
  });

  describe('optimistic changes', () => {
    it('are shown at once and taken back', async () => {
      const { asked, load } = source();
      const cache = open();
      const resource = cache.resource(['a'], load);
      resource.watch(noop);
      await asked[0]?.answer('base');
      const end = update(cache, all, plus('+'));
      expect(resource.peek().data).to.equal('base+');
      end();
      expect(resource.peek().data).to.equal('base');
      expect(asked).to.have.length(1);
      end(plus('!'));
      expect(resource.peek().data).to.equal('base');
    });

    it('give back the very data that was there before', async () => {
      const { asked, load } = source();
      const cache = open();
      const resource = cache.resource(['a'], load);
      resource.watch(noop);
      await asked[0]?.answer({ id: 'x', n: [1] });
      const { data } = resource.peek();
      update(cache, all, (before) => ({ ...(before as object), n: [2] }))();
      expect(resource.peek().data).to.deep.equal(data);
    });

    it('survive an answer that comes meanwhile, then leave it as it came', async () => {
      const { asked, load } = source();
      const cache = open();
      const resource = cache.resource(['a'], load);
      resource.watch(noop);
      await asked[0]?.answer('one');
      void resource.refresh();
      const end = update(cache, all, plus('+'));
      await asked[1]?.answer('two');
      expect(resource.peek().data).to.equal('two+');
      end();
      expect(resource.peek().data).to.equal('two');
    });

    it('also change what is fetched for the first time meanwhile', async () => {
      const { asked, load } = source();
      const cache = open();
      const end = update(cache, (key) => key[0] === 'late', plus('+'));
      const late = cache.resource(['late'], load);
      const other = cache.resource(['other'], load);
      late.watch(noop);
      other.watch(noop);
      await asked[0]?.answer('x');
      await asked[1]?.answer('y');
      expect([late.peek().data, other.peek().data]).to.deep.equal(['x+', 'y']);
      end();
      expect(late.peek().data).to.equal('x');
    });

    it('that succeed stay, and a request from before them is asked anew', async () => {
      const { asked, load } = source();
      const cache = open();
      const resource = cache.resource(['a'], load);
      resource.watch(noop);
      await asked[0]?.answer('old');
      const end = update(cache, all, plus('+'));
      const refresh = resource.refresh();
      end(plus('!'));
      expect(resource.peek()).to.deep.equal({ status: 'ready', data: 'old!', fetching: true, updatedAt: start });
      expect(asked[1]?.signal.aborted).to.equal(true);
      expect(asked).to.have.length(3);
      await asked[1]?.answer('old');
      expect(resource.peek().data).to.equal('old!');
      await asked[2]?.answer('written');
      await refresh;
      expect(resource.peek().data).to.equal('written');
    });

    it('lie on each other, in any order of their ends', async () => {
      const { asked, load } = source();
      const cache = open();
      const resource = cache.resource(['a'], load);
      resource.watch(noop);
      await asked[0]?.answer('x');
      const first = update(cache, all, plus('1'));
      const second = update(cache, all, plus('2'));
      expect(resource.peek().data).to.equal('x12');
      first();
      expect(resource.peek().data).to.equal('x2');
      second(plus('2'));
      expect(resource.peek().data).to.equal('x2');
    });

    it('mark what nobody watches as stale, without asking', async () => {
      const { asked, load } = source();
      const cache = open();
      const resource = cache.resource(['a'], load);
      const leave = resource.watch(noop);
      await asked[0]?.answer('x');
      leave();
      await settle();
      update(cache, all, plus('+'))(plus('+'));
      expect(resource.peek().data).to.equal('x+');
      expect(asked).to.have.length(1);
      resource.watch(noop);
      expect(asked).to.have.length(2);
    });
  });

  describe('growing', () => {
    const growing = () => {
      const first = source();
      const more = source();
      const cache = open();
      const resource = cache.resource(['a'], (signal, before, further) =>
        (further ? more : first).load(signal, before),
      );
      resource.watch(noop);
      return { first: first.asked, more: more.asked, cache, resource };
    };

    it('hands the data so far to the further load, once for two calls', async () => {
      const { first, more, resource } = growing();
      await first[0]?.answer([1]);
      const both = Promise.all([resource.loadMore(), resource.loadMore()]);
      await settle();
      expect(more).to.have.length(1);
      expect(more[0]?.before).to.deep.equal([1]);
      await more[0]?.answer([1, 2]);
      await both;
      expect(resource.peek().data).to.deep.equal([1, 2]);
    });

    it('waits for a running request, and a refresh waits for it', async () => {
      const { first, more, resource } = growing();
      const grown = resource.loadMore();
      await settle();
      expect(more).to.have.length(0);
      await first[0]?.answer([1]);
      expect(more).to.have.length(1);
      const refreshed = resource.refresh();
      expect(first).to.have.length(1);
      await more[0]?.answer([1, 2]);
      await grown;
      await settle();
      expect(first).to.have.length(2);
      await first[1]?.answer([1, 2, 3]);
      await refreshed;
      expect(resource.peek().data).to.deep.equal([1, 2, 3]);
    });

    it('goes on to its end where a change ends meanwhile, which stays and is read again after it', async () => {
      for (const already of [true, false]) {
        const { first, more, cache, resource } = growing();
        if (already) await first[0]?.answer('x');
        const grown = resource.loadMore();
        await settle();
        const done = update(cache, all, plus('+'));
        done(plus('+'));
        expect([first.length, more.length]).to.deep.equal([1, already ? 1 : 0]);
        if (already) expect(resource.peek().data).to.equal('x+');
        else await first[0]?.answer('x');
        await more[0]?.answer('xy');
        await grown;
        await settle();
        expect([resource.peek().data, first.length, more.length]).to.deep.equal(['xy+', 2, 1]);
        await first[1]?.answer('xy!');
        expect(resource.peek().data).to.equal('xy!');
        expect(cache.patches.size).to.equal(0);
      }
    });

    it('leaves nothing of a change where all is forgotten meanwhile', async () => {
      const { first, more, cache, resource } = growing();
      await first[0]?.answer('x');
      void resource.loadMore();
      await settle();
      update(cache, all, plus('+'))(plus('+'));
      cache.clear();
      void resource.refresh();
      await more[0]?.answer('xy');
      await settle();
      await first[1]?.answer('z');
      expect(resource.peek().data).to.equal('z');
    });

    it('can be tried again after a failure', async () => {
      const { first, more, resource } = growing();
      await first[0]?.answer([1]);
      const failed = resource.loadMore();
      await settle();
      await more[0]?.refuse(new HelpDeskError('network'));
      await failed;
      expect(resource.peek()).to.include({ status: 'error', fetching: false });
      expect(resource.peek().data).to.deep.equal([1]);
      void resource.loadMore();
      await settle();
      await more[1]?.answer([1, 2]);
      expect(resource.peek()).to.include({ status: 'ready' });
      expect(resource.peek().data).to.deep.equal([1, 2]);
    });
  });

  describe('clearing', () => {
    it('stops and empties everything, tells who watches, and lets no late answer land', async () => {
      const { asked, load } = source();
      const cache = open();
      const [a, b] = [cache.resource(['a'], load, polled), cache.resource(['b'], load)];
      let calls = 0;
      a.watch(() => calls++);
      b.watch(noop);
      await asked[0]?.answer('secret');
      const undo = update(
        cache,
        () => true,
        () => 'changed',
      );
      calls = 0;
      cache.clear();
      expect(calls).to.equal(1);
      expect(asked[1]?.signal.aborted).to.equal(true);
      const empty = { status: 'idle', fetching: false, updatedAt: 0 };
      expect([a.peek(), b.peek()]).to.deep.equal([empty, empty]);
      await asked[1]?.answer('secret');
      undo(() => 'secret');
      expect([a.peek(), b.peek()]).to.deep.equal([empty, empty]);
      clock.tick(600_000);
      expect(asked).to.have.length(2);
      void cache.refresh();
      expect(asked).to.have.length(4);
      await asked[2]?.answer('new');
      expect(a.peek().data).to.equal('new');
    });

    it('for good asks for nothing any more and leaves no listener and no timer', async () => {
      const { asked, load } = source();
      const cache = open();
      const resource = cache.resource(['a'], load, polled);
      const leave = resource.watch(noop);
      await asked[0]?.answer(1);
      cache.dispose();
      await resource.refresh();
      resource.watch(noop);
      leave();
      show('hidden');
      show('visible');
      window.dispatchEvent(new Event('online'));
      await settle();
      expect(asked).to.have.length(1);
      expect(clock.countTimers()).to.equal(0);
    });
  });

  describe('a cell', () => {
    it('calls back after a change, and only then', () => {
      const cell = createCell(1);
      let calls = 0;
      const leave = cell.watch(() => calls++);
      cell.set(1);
      expect(calls).to.equal(0);
      cell.set(2);
      expect([calls, cell.value]).to.deep.equal([1, 2]);
      leave();
      cell.set(3);
      expect(calls).to.equal(1);
    });
  });
});
