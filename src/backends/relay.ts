/**
 * Our relay (`src/relay`), which keeps the real back end's key and knows who asks by a token of the page's own site.
 * Tokens live in memory only.
 */
import { HelpDeskError, isCode } from '../errors.js';
import type { Identity, Page, Thread, Ticket } from '../model.js';
import {
  defineBackend,
  narrow,
  type Backend,
  type BackendOptions,
  type Call,
  type Capability,
  type Limits,
} from './backend.js';
import { known, list, parse, record } from './json.js';
import { part } from '../late.js';
import { later } from './later.js';
import type { Writes } from './relay-write.js';
import { createRequest, type Answer, type Ask } from './request.js';

/** Options of the `relay` back end. Without a token's source people are guests. */
export interface RelayOptions extends BackendOptions {
  /** Gives a token of whoever is signed in; called again when it has aged, or was refused. Nothing, or a rejection: nobody is. */
  getToken?: () => string | undefined | Promise<string | undefined>;
  /**
   * Same-site address that answers `{"token": "…"}` to the page's cookies, instead of `getToken`. Where the relay is
   * neither at the page's own host nor below it, the answer names it, too: `"relay": "https://help.example.net"`.
   */
  tokenUrl?: string;
  /** What the relay said of itself before: it is not asked again. */
  capabilities?: RelayCapabilities;
}

/** The answer of `GET /v1/capabilities`, as far as it is used here. */
export interface RelayCapabilities {
  readonly can: readonly Capability[];
  readonly limits: Limits;
}

/** What some relays offer, and whose code comes when it is needed. */
const offered = ['reply', 'setStatus', 'rate', 'updateTicket', 'listTags', 'readAttachment'] as const;

type Own = { -readonly [K in keyof Backend]: Backend[K] };

function refusal(answer: Answer): HelpDeskError | undefined {
  if (!/problem/.test(answer.headers.get('content-type')!)) return;
  const { code, fields, retryAfterMs } = record(parse(answer.text));
  // Whether a request was stopped is known here.
  if (!isCode(code) || code === 'aborted') return;
  return new HelpDeskError(code, {
    cause: answer,
    fields: record(fields) as Record<string, string>,
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  });
}

/**
 * The relay.
 *
 * Who asks is what the token says: `call.identity` is not sent. Without a token where one is needed: `unauthorized`. A
 * token is asked for once at a time, at first need, after 75 to 85 % of its life, and once after a 401.
 *
 * Which methods there are, and the limits, is known once `ready()` or any first call has come back: methods that the
 * relay does not offer are then gone. It is asked again when a token names another person, or another role. A relay's
 * answer is final, it has tried again itself; only where none came is a read sent a second time. A write under an
 * `idempotencyKey` that still runs is waited for. What writes is loaded when it is needed.
 */
export const relay = defineBackend('relay', (options: RelayOptions): Backend => {
  const { capabilities, getToken, tokenUrl, topics } = options;
  const signed = !!(getToken ?? tokenUrl);
  const keeper = part(async () => (await import('./relay-token.js')).openKeeper(options));
  let person: Identity | undefined;
  /** Whom the last token named, and as what. */
  let who: string | undefined;
  /** Answers to come back to when they have not changed. */
  const seen = new Map<string, { tag: string; data: unknown }>();

  /** The token; nothing for a guest. */
  async function bearer(): Promise<string | undefined> {
    if (!signed) return;
    const token = await (await keeper()).token();
    if (who !== token.who) {
      seen.clear();
      if (who !== undefined && !capabilities) {
        asking = undefined;
        Object.assign(backend, all);
      }
    }
    who = token.who;
    person = token.person;
    return token.value;
  }

  async function ask(method: string, path: string, call: Call, more?: Ask, tag?: string): Promise<Answer> {
    for (let renewed = false, resent = false; ;) {
      if (call.signal?.aborted) throw new HelpDeskError('aborted');
      const value = await bearer();
      const headers = {
        Authorization: value && `Bearer ${value}`,
        'Idempotency-Key': method === 'POST' ? call.idempotencyKey : undefined,
        'If-None-Match': tag,
      };
      try {
        return await createRequest(options, { headers: () => headers, refusal })(method, `v1/${path}`, call, more);
      } catch (error) {
        const { code, cause } = error as HelpDeskError;
        if (code === 'unauthorized' && value && !renewed) {
          renewed = true;
          (await keeper()).drop(value);
        } else if (method === 'GET' && cause instanceof TypeError && !resent) resent = true;
        else throw error;
      }
    }
  }

  /** What an answer has under this name; the whole where none is given. */
  async function read<T>(name: string, ...args: Parameters<typeof ask>): Promise<T> {
    const raw = record(parse((await ask(...args)).text));
    const value = name ? raw[name] : raw;
    if (!value) throw new HelpDeskError('unexpected');
    return value as T;
  }

  /** As `read`, but what has not changed does not come again. */
  async function poll<T>(path: string, call: Call, query?: Ask['query']): Promise<T> {
    const key = path + JSON.stringify(query);
    const old = seen.get(key);
    const asked = ask('GET', path, call, query && { query }, old?.tag);
    const [answer] = await Promise.all([
      asked.catch((error: HelpDeskError) => {
        if (old && (error.cause as Answer | undefined)?.status === 304) return;
        throw error;
      }),
      ready(),
    ]);
    // The answer may have been for somebody else than was asked about.
    await ready();
    if (!answer) return old!.data as T;
    const data = record(parse(answer.text));
    seen.delete(key);
    seen.set(key, { tag: answer.headers.get('etag') ?? '', data });
    if (seen.size > 50) seen.delete([...seen.keys()][0]!);
    return data as T;
  }

  /** Nothing that could lead elsewhere. */
  const plain = (id: string): string => {
    if (/^[\w-]+$/.test(id)) return id;
    throw new HelpDeskError('not-found');
  };
  const at = (id: string, rest = ''): string => `tickets/${plain(id)}${rest}`;

  function apply({ can, limits }: RelayCapabilities): void {
    for (const name of ['listTopics', ...offered] as const)
      if (!can.includes(name) && !(topics && name === 'listTopics')) delete backend[name];
    const { createFiles, replyFiles } = limits;
    backend.limits = known<Limits>({
      ...limits,
      createFiles: createFiles && narrow(createFiles, options),
      replyFiles: replyFiles && narrow(replyFiles, options),
    });
  }

  let asking: Promise<void> | undefined;
  /** Asks once; again after a failure, and for who has become somebody else meanwhile. */
  const ready = async (): Promise<Identity | undefined> => {
    const mine = (asking ??= read<RelayCapabilities>('', 'GET', 'capabilities', {}).then(
      (found) => {
        if (asking === mine) apply(found);
      },
      (error: unknown) => {
        if (asking === mine) asking = undefined;
        throw error;
      },
    ));
    await mine;
    return asking === mine ? person : ready();
  };

  const write = later(async () => {
    const { serve } = await import('./relay-write.js');
    // Who has a token is who it says.
    return serve({ backend, guest: !signed, ask, read, plain, at });
  });

  const backend: Own = {
    name: 'relay',
    // Who comes without a token is nobody that is known.
    limits: signed ? {} : { identityRequired: true },
    ready,
    person: async () => {
      await bearer();
      return person;
    },

    async listTickets({ topicId, ...query }, call) {
      const { items, ...more } = await poll<Page<Ticket>>('tickets', call, known({ ...query, topic: topicId }));
      return { ...more, items: list(items) as Ticket[] };
    },

    readThread: async (id, call) => poll<Thread>(at(id), call),

    createTicket: write('createTicket'),

    async listTopics(call) {
      if (topics) return topics;
      await ready();
      return backend.listTopics ? read('items', 'GET', 'topics', call) : [];
    },

    ...(Object.fromEntries(offered.map((name) => [name, write(name)])) as Pick<Writes, (typeof offered)[number]>),
  };
  const all = { ...backend };
  if (capabilities) {
    apply(capabilities);
    asking = Promise.resolve();
  }
  return backend;
});
