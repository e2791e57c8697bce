/**
 * The generic support-ticket API (`support/…`, an `apikey` and a bearer token). Everything here is documented, not
 * recorded; what the documentation leaves open is read in every form it may have.
 */
import { HelpDeskError } from '../errors.js';
import { defineBackend, narrow, type Backend, type BackendOptions, type Call } from './backend.js';
import { createHttp } from './client.js';
import { maybe, parse, record, text, type Json } from './json.js';
import { loaded, part } from '../late.js';
import { later } from './later.js';
import type { Answer, Ask } from './request.js';
import type { Front, Reads, Route } from './support-ticket-read.js';

type Refusals = typeof import('./support-ticket-refusal.js');

/**
 * Options of the `support-ticket` back end. `paths` knows `topics`, `create`, `list`, `tags`, `update`, `detail`,
 * `download`, `reply` and `status`.
 */
export interface SupportTicketOptions extends BackendOptions {
  /** Sent as `apikey`. Left out where a proxy adds it. */
  apiKey?: string;
  /** The person's bearer token, or what gives one; asked before each request. */
  accessToken?: string | (() => string | Promise<string>);
  /**
   * The documentation has two sets of paths: its tables' (`documented`) and its code samples' (`samples`). `auto` tries
   * the first, on 404 the second, and remembers which was there. Default `auto`.
   */
  pathStyle?: 'documented' | 'samples' | 'auto';
}

const topicList: Route = ['topics', 'GET', 'support/get/category-list/', 'get/support-ticket/catogory-list/'];

const priorities = ['Low', 'Medium', 'High'].map((name, index) => ({ id: `${index + 1}`, name }));

/**
 * The generic support-ticket API.
 *
 * The token says who asks; `identity.email` tells that person's messages from agents' (else the ticket's author does).
 * Nothing has a date: tickets are ordered by id, newest first. A new ticket's id is not answered: it is looked for among
 * those that the list did not have before, and is empty where it is not found. One file of 2 MiB goes with a ticket or a
 * reply. A reopened ticket is `pending`, since the system calls it Processing.
 */
export const supportTicket = defineBackend('support-ticket', (options: SupportTicketOptions): Backend => {
  const { apiKey, accessToken, pathStyle = 'auto', topics } = options;
  const refusals = async (): Promise<Refusals> => loaded(() => import('./support-ticket-refusal.js'));
  const http = createHttp(options, {
    headers: async () => {
      const token = typeof accessToken === 'function' ? await accessToken() : accessToken;
      return { apikey: apiKey, Authorization: token && `Bearer ${token}` };
    },
    refusal: async (answer) => (await refusals()).refusal(answer),
  });
  const files = narrow({ maxCount: 1, maxBytes: 2 ** 21 }, options);
  /** Names of topics as far as they were seen: a ticket has their ids. */
  const topicNames = new Map<string, string>();
  let style: 0 | 1 | undefined = pathStyle === 'auto' ? undefined : pathStyle === 'samples' ? 1 : 0;

  async function send([name, method, ...both]: Route, call: Call, more?: Ask, id = ''): Promise<Answer> {
    const own = options.paths?.[name];
    // An own path has no second form, and says nothing of the style.
    const forms: readonly (string | undefined)[] = own === undefined ? both : [own];
    const at = async (which: 0 | 1): Promise<Answer> => {
      const answer = await http(method, (forms[which] ?? forms[0]!).replace('{id}', id), call, more);
      if (forms[1]) style = which;
      return answer;
    };
    if (style !== undefined || !forms[1]) return at(style ?? 0);
    return at(0).catch((error: HelpDeskError) => {
      if (error.code !== 'not-found') throw error;
      return at(1);
    });
  }

  /** What an answer holds. */
  async function ask(route: Route, call: Call, more?: Ask): Promise<Json> {
    const answer = await send(route, call, more);
    const raw = record(parse(answer.text));
    // The envelope's own status may say more than HTTP's.
    if (Number(text(raw['status_code'])) >= 400) throw (await refusals()).refused(answer)!;
    return record(raw['data']);
  }

  /** The one list in an answer, under whatever spelling. */
  async function readList(route: Route, call: Call, more?: Ask): Promise<Json[]> {
    const rows = Object.values(await ask(route, call, more)).find(Array.isArray);
    if (!rows) throw new HelpDeskError('unexpected');
    return rows.map(record);
  }

  /** A list of named things, remembered. */
  const readNames: Front['readNames'] = async (route, field, names, call) =>
    (await readList(route, call)).flatMap((raw) => {
      const id = text(raw['id']);
      const word = text(raw[field]);
      if (!id || !word) return [];
      names.set(id, word);
      const description = maybe(raw['description']);
      return { id, name: word, ...(description && { description }) };
    });

  const listTopics: Front['listTopics'] = async (call) => topics ?? readNames(topicList, 'category', topicNames, call);

  const front: Front = { options, files, priorities, topicNames, send, ask, readList, readNames, listTopics };
  const desk = part(async () => (await import('./support-ticket-read.js')).open(front));
  const read = later<Reads>(desk);
  const write = later(async () => {
    const [all, { serve }] = await Promise.all([desk(), import('./support-ticket-write.js')]);
    return serve(all);
  });

  return {
    name: 'support-ticket',
    limits: {
      createFiles: files,
      replyFiles: files,
      subjectLength: 500,
      priorities,
      topicRequired: true,
      changes: ['priority', 'tags'],
    },
    listTickets: read('listTickets'),
    readThread: read('readThread'),
    createTicket: write('createTicket'),
    listTopics,
    reply: write('reply'),
    setStatus: write('setStatus'),
    updateTicket: write('updateTicket'),
    listTags: read('listTags'),
    readAttachment: write('readAttachment'),
  };
});
