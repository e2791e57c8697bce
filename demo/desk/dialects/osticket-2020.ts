/**
 * osTicket 1.18 with the API extension as it was offered to osTicket in 2020 (PR 5019), and osTicket's own download of
 * files. Field names, their order, media types, statuses and texts are those of recorded answers of a real installation;
 * what is not recorded follows the extension's README (documented) or source, and the comment says so.
 *
 * It looks at the owner of a ticket nowhere.
 */
import { createHmac } from 'node:crypto';
import type { EntryRow, PersonRow, TicketRow } from '../store.js';
import { type Dialect, type DialectDesk, type DialectRequest, zoneless } from './dialect.js';
import {
  addPerson,
  answer,
  close,
  createTicket,
  customer,
  dispatch,
  type Facts,
  htmlType,
  type Input,
  isEmail,
  json,
  kinds,
  manyTickets,
  mayWrite,
  messageBody,
  missingOfPerson,
  oneTicket,
  personObject,
  priorities,
  publicTopics,
  readJson,
  Refusal,
  reopen,
  reply,
  type Route,
  states,
  type ToTicket,
  userObject,
  word,
} from './osticket-core.js';
import { intval } from './php.js';

const day = 86_400_000;

/** JSON, and everything else, is said to be HTML. */
const htmlJson = (value: unknown, status = 200): Response => json(value, status, htmlType);

const refuse = (_: DialectRequest, { status, message }: Refusal): Response => answer(status, message, htmlType);

// Files

/** Bound to the host the page was asked from: an address made for another one is worthless. */
const sign = ({ key }: DialectDesk, host: string, file: string, expires: string): string =>
  createHmac('sha1', key).update([file, expires, host].join('\n')).digest('hex');

/** Good until the coming midnight, UTC. */
function downloadUrl(desk: DialectDesk, { host, basePath }: DialectRequest, key: string): string {
  const file = key.toLowerCase();
  const expires = String((Math.floor(desk.store.now() / day) + 1) * 86_400);
  return `${basePath}/file.php?key=${file}&expires=${expires}&signature=${sign(desk, host, file, expires)}`;
}

const signInPage =
  '<!DOCTYPE html>\n<html lang="en_US">\n<head>\n    <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">\n' +
  '    <title>Support Center</title>\n</head>\n<body>\n<h1>Sign in to Support Center</h1>\n' +
  '<form action="login.php" method="post" id="clientLogin">\n<input id="username" placeholder="Email or Username" type="text" name="luser">\n' +
  '<input id="passwd" placeholder="Password" type="password" name="lpasswd">\n<input class="btn" type="submit" value="Sign In">\n</form>\n</body>\n</html>\n';

/** No key, no owner, no method: who has the address has the file. OPTIONS answers it, too. */
function download(desk: DialectDesk, { query, headers, host }: DialectRequest): Response {
  const [key, expires, signature] = ['key', 'expires', 'signature'].map((name) => query.get(name) ?? '');
  const file = key ? desk.store.attachmentByKey(key) : undefined;
  const refused = answer(404, 'Unknown or invalid file', htmlType);
  if (!file || !signature) return refused;
  if (desk.filesNeedSignIn) return answer(200, signInPage, htmlType);
  if (Number(expires) * 1000 <= desk.store.now() || signature !== sign(desk, host, key!.toLowerCase(), expires!))
    return refused;
  // The same content keeps its first name, unless the attachment is named.
  const id = query.get('id');
  const named = id ? desk.store.attachment(intval(id)) : undefined;
  const { name } = named?.key === file.key ? named : file;
  const etag = `"${file.key}"`;
  const cached = { ETag: etag, 'Cache-Control': 'private, max-age=3600', Pragma: 'private' };
  if (headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: cached });
  return new Response(file.bytes, {
    headers: {
      ...cached,
      // PHP adds its charset to every text.
      'Content-Type': /^text\/[^;]*$/.test(file.type) ? `${file.type};charset=utf-8` : file.type,
      'Content-Disposition': `${query.get('disposition') === 'inline' ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
  });
}

// Reading

const typeNames = { message: 'message', reply: 'response', note: 'note', event: 'note' } as const;

function toEntry(desk: DialectDesk, request: DialectRequest, entry: EntryRow): unknown {
  const files = desk.store.attachments(entry.ticket_id).filter((file) => file.entry_id === entry.id);
  const person = entry.person_id && entry.poster ? desk.store.person(entry.person_id) : undefined;
  const urls = files.map(({ key, name }) => [key, { download_url: downloadUrl(desk, request, key), filename: name }]);
  return {
    id: entry.id,
    pid: entry.parent_id,
    thread_id: entry.ticket_id,
    type: kinds[entry.kind],
    typeName: typeNames[entry.kind],
    editor: null,
    source: entry.source,
    format: entry.format,
    title: entry.title,
    message: entry.body,
    // PHP's empty map is a list.
    attachmentUrls: urls.length ? (Object.fromEntries(urls) as unknown) : [],
    timestamps: { created: zoneless(entry.created_at, desk.timeZone), updated: '0000-00-00 00:00:00' },
    // The id is always null, and who is unknown is the system.
    user: { type: !person ? 'system' : person.role === 'agent' ? 'staff' : 'user', id: null, name: entry.poster },
  };
}

const toTicket =
  (request: DialectRequest): ToTicket =>
  (desk: DialectDesk, facts: Facts): unknown => {
    const { ticket, topic } = facts;
    // A ticket without a topic kills PHP: with it dies the whole list it stands in.
    if (!topic) throw new Refusal(500, '');
    return {
      id: ticket.number,
      subject: ticket.subject,
      topic: { id: topic.id, name: topic.name },
      status: states[ticket.state],
      priority: { id: ticket.priority, name: priorities[ticket.priority]!.toLowerCase() },
      department: 'Support',
      timestamps: {
        create: facts.created,
        due: facts.due,
        close: facts.closed,
        last_message: facts.lastMessage,
        last_response: facts.lastResponse,
      },
      user: userObject(facts.user),
      source: ticket.source,
      assigned_to: facts.assignedTo,
      threads: facts.entries.map((entry) => toEntry(desk, request, entry)),
    };
  };

const whole = (
  desk: DialectDesk,
  request: DialectRequest,
  ticket: TicketRow,
  status = 200,
  replied = false,
): Response => htmlJson(oneTicket(desk, desk.store.ticket(ticket.id)!, toTicket(request), replied), status);

// Who and what

function findUser(desk: DialectDesk, input: Input): PersonRow {
  const id = word(input.userId);
  const email = word(input.email);
  if (!id && !email) throw new Refusal(400, 'Either user ID or email must be provided in request');
  const user = customer(desk, id, email);
  if (!user) throw new Refusal(400, `Invalid user.  User ${id ? 'ID' : 'email'} does not exist.`);
  return user;
}

/** As it is written: leading zeros count. */
function findTicket({ store }: DialectDesk, number: string): TicketRow {
  const ticket = store.ticketByNumber(number);
  if (!ticket) throw new Refusal(400, `Ticket Number '${number}' does not exist`);
  return ticket;
}

function findPerson(desk: DialectDesk, id: string): PersonRow {
  const person = customer(desk, id, '');
  if (!person) throw new Refusal(400, `User ID '${id}' does not exist`);
  return person;
}

function findOrganization({ store }: DialectDesk, id: string): { readonly id: number; readonly name: string } {
  const organization = store.organization(intval(id));
  if (!organization) throw new Refusal(400, `Organization ID '${id}' does not exist`);
  return { id: organization.id, name: organization.name };
}

const nothing = (): Response => answer(204, null, undefined);

const routes: readonly (readonly [RegExp, Route])[] = [
  [/^GET topics\.(?:json|xml)/, (desk) => htmlJson(publicTopics(desk))],
  [/^GET tickets\.(?:json|xml)\/(\d+)$/, (desk, request, found) => whole(desk, request, findTicket(desk, found[1]!))],
  [
    // The pattern has no end: what follows the format is not looked at (source).
    /^GET tickets\.(?:json|xml)/,
    (desk, request) => {
      const { query } = request;
      const id = query.get('userId');
      // An id is taken as it comes: one that nobody has finds nothing.
      const requesterId = id === null ? findUser(desk, { email: query.get('email') }).id : intval(id);
      const status = query.get('status_id');
      const tickets = desk.store
        .tickets({ requesterId })
        .filter(({ state }) => status === null || states[state].id === intval(status));
      return htmlJson(manyTickets(desk, tickets, toTicket(request)));
    },
  ],
  [
    /^POST tickets\.(?:json|xml)$/,
    async (desk, request) => {
      mayWrite(desk, request);
      const input = await readJson(request);
      const user = word(input.email) ? undefined : findUser(desk, input);
      // Nobody new (recorded; in which words is not). An unknown topic is stored, and then PHP dies of it.
      const ticket = createTicket(desk, input, { user, source: 'api', unknownTopic: 'none', newPeople: false });
      return whole(desk, request, ticket, 201);
    },
  ],
  [
    /^POST tickets\.(?:json|xml)\/(\d+)$/,
    (desk, request, found) => whole(desk, request, reopen(desk, findTicket(desk, found[1]!))),
  ],
  [
    /^PUT tickets\.(?:json|xml)\/(\d+)$/,
    async (desk, request, found) => {
      const input = await readJson(request);
      const user = findUser(desk, input);
      const ticket = findTicket(desk, found[1]!);
      const said = Boolean(word(input.message));
      if (said) reply(desk, ticket, user, user.name, messageBody(input.message));
      return whole(desk, request, ticket, 200, said);
    },
  ],
  [
    /^DELETE tickets\.(?:json|xml)\/(\d+)$/,
    (desk, _, found) => {
      // Done or refused: 204 all the same, and no note either way.
      close(desk, findTicket(desk, found[1]!), false);
      return nothing();
    },
  ],
  [
    /^POST scp\/users\.(?:json|xml)$/,
    async (desk, request) => {
      const input = await readJson(request);
      const missing = missingOfPerson(input);
      if (missing.length) throw new Refusal(400, `Missing parameters ${missing.join(', ')}`);
      const email = word(input.email);
      if (!isEmail(email)) throw new Refusal(400, `Invalid email: ${email}`);
      if (desk.store.personByEmail(email)) throw new Refusal(400, `Email ${email} is already in use`);
      const organization = input.org_id === undefined ? undefined : findOrganization(desk, word(input.org_id));
      const person = desk.store.transaction(() => {
        const added = addPerson(desk, input);
        if (organization) desk.store.addMember(organization.id, added.id);
        return added;
      });
      return htmlJson(personObject(person), 201);
    },
  ],
  // From here on: documented, not recorded.
  [/^GET scp\/users\.(?:json|xml)\/(\d+)$/, (desk, _, found) => htmlJson(personObject(findPerson(desk, found[1]!)))],
  [
    /^DELETE scp\/users\.(?:json|xml)\/(\d+)$/,
    (desk, _, found) => {
      desk.store.deletePerson(findPerson(desk, found[1]!).id);
      return nothing();
    },
  ],
  [
    /^POST scp\/organizations\.(?:json|xml)$/,
    async ({ store }, request) => {
      const input = await readJson(request);
      const name = word(input.name);
      if (!name) throw new Refusal(400, 'Missing parameters name');
      if (store.organizationByName(name)) throw new Refusal(400, `Organization name '${name}' is already in use`);
      const [address = '', phone = '', notes = '', website = ''] = ['address', 'phone', 'notes', 'website'].map((key) =>
        word(input[key]),
      );
      const { id } = store.addOrganization({ name, address, phone, notes, website });
      return htmlJson({ id, name }, 201);
    },
  ],
  [/^GET scp\/organizations\.(?:json|xml)\/(\d+)$/, (desk, _, found) => htmlJson(findOrganization(desk, found[1]!))],
  [
    /^GET scp\/organizations\.(?:json|xml)\/users\/(\d+)$/,
    (desk, _, found) => htmlJson(desk.store.membersOf(findOrganization(desk, found[1]!).id).map(personObject)),
  ],
  [
    /^DELETE scp\/organizations\.(?:json|xml)\/(\d+)$/,
    async (desk, request, found) => {
      const { id } = findOrganization(desk, found[1]!);
      // In the query, or in the body as the README prints it.
      const body = request.query.has('deleteUsers') ? {} : await readJson(request).catch(() => ({}));
      const people = intval(request.query.get('deleteUsers') ?? body.deleteUsers) ? desk.store.membersOf(id) : [];
      desk.store.transaction(() => {
        desk.store.deleteOrganization(id);
        for (const person of people) desk.store.deletePerson(person.id);
      });
      return nothing();
    },
  ],
];

const api = dispatch(routes, refuse);

/** The extension as it was offered in 2020, with the portal's download beside it. */
export const osticket2020: Dialect = async (desk, request) =>
  request.path === '/file.php' ? download(desk, request) : api(desk, request);
