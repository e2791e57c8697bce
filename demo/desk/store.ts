/** The help desk's one store: SQL behind plain functions. Dialects read and write through it and know no SQL. */
import Database from 'libsql';

export type TicketState = 'open' | 'processing' | 'resolved' | 'closed' | 'archived';
export type EntryKind = 'message' | 'reply' | 'note' | 'event';

export interface PersonRow {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly role: 'customer' | 'agent';
  /** Sign-in name of an agent; empty for customers. */
  readonly username: string;
  readonly notes: string;
  readonly timezone: string;
}

export interface OrganizationRow {
  readonly id: number;
  readonly name: string;
  readonly address: string;
  readonly phone: string;
  readonly notes: string;
  readonly website: string;
}

export interface TopicRow {
  readonly id: number;
  readonly name: string;
  readonly parent_id: number | null;
  readonly description: string;
  /** 1 low, 2 normal, 3 high, 4 emergency: what a ticket of this topic starts with. */
  readonly priority: number;
  /** 0 where only agents may choose it. */
  readonly public: number;
  /** A field every ticket of this topic must bring; empty for none. */
  readonly field_name: string;
  readonly field_label: string;
  /** `Parent / Child`. */
  readonly path: string;
}

export interface TicketRow {
  readonly id: number;
  readonly number: string;
  readonly subject: string;
  readonly state: TicketState;
  readonly on_hold: number;
  readonly priority: number;
  readonly topic_id: number | null;
  readonly requester_id: number;
  readonly assignee_id: number | null;
  readonly source: string;
  /** JSON of the topic's own fields. */
  readonly fields: string;
  readonly rating: number | null;
  /** 1 where closing is refused, as by an open task. */
  readonly locked: number;
  /** Milliseconds since 1970, as every time here. */
  readonly created_at: number;
  readonly updated_at: number;
  readonly due_at: number | null;
  readonly closed_at: number | null;
  readonly last_message_at: number | null;
  readonly last_response_at: number | null;
}

export interface EntryRow {
  readonly id: number;
  readonly ticket_id: number;
  /** The entry it answers, or 0. */
  readonly parent_id: number;
  readonly kind: EntryKind;
  /** Null for the system. */
  readonly person_id: number | null;
  /** The author as printed when it was written; empty where the way in did not say. */
  readonly poster: string;
  readonly title: string | null;
  readonly body: string;
  readonly format: 'text' | 'html';
  readonly source: string;
  readonly created_at: number;
}

export interface AttachmentRow {
  readonly id: number;
  readonly ticket_id: number;
  readonly entry_id: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** The name of the file's content in `cid:` addresses. */
  readonly key: string;
}

export interface TagRow {
  readonly id: number;
  readonly tag: string;
  readonly keyword: string;
}

export interface FileDraft {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly key?: string;
}

export interface EntryDraft {
  readonly kind: EntryKind;
  readonly personId?: number | null;
  readonly poster?: string;
  readonly title?: string | null;
  readonly body: string;
  readonly format?: 'text' | 'html';
  readonly source?: string;
  readonly parentId?: number;
  readonly files?: readonly FileDraft[];
  readonly at?: number;
}

export interface TicketDraft {
  readonly number?: string;
  readonly subject: string;
  readonly requesterId: number;
  readonly topicId?: number | null;
  readonly priority?: number;
  readonly state?: TicketState;
  readonly assigneeId?: number | null;
  readonly source?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly dueAt?: number | null;
  readonly rating?: number;
  readonly onHold?: boolean;
  readonly tagIds?: readonly number[];
  readonly at?: number;
}

export type TicketChange = Partial<
  Pick<
    TicketRow,
    'state' | 'priority' | 'assignee_id' | 'on_hold' | 'rating' | 'locked' | 'due_at' | 'closed_at' | 'topic_id'
  >
>;

export interface TicketFilter {
  readonly requesterId?: number;
  readonly assigneeId?: number;
  readonly topicId?: number;
  readonly states?: readonly TicketState[];
  readonly subject?: string;
  /** Newest first instead of oldest first. */
  readonly newest?: boolean;
  readonly limit?: number;
  readonly offset?: number;
}

type Value = string | number | bigint | null | Uint8Array;

const schema = `
create table if not exists people (id integer primary key, name text not null, email text not null unique collate nocase,
  phone text not null default '', role text not null default 'customer', username text not null default '',
  notes text not null default '', timezone text not null default '');
create table if not exists topics (id integer primary key, name text not null, parent_id integer references topics,
  description text not null default '', priority integer not null default 2, public integer not null default 1,
  field_name text not null default '', field_label text not null default '');
create table if not exists tags (id integer primary key, tag text not null unique, keyword text not null);
create table if not exists tickets (id integer primary key, number text not null unique, subject text not null,
  state text not null default 'open', on_hold integer not null default 0, priority integer not null default 2,
  topic_id integer references topics, requester_id integer not null references people,
  assignee_id integer references people, source text not null default 'API', fields text not null default '{}',
  rating integer, locked integer not null default 0, created_at integer not null, updated_at integer not null,
  due_at integer, closed_at integer, last_message_at integer, last_response_at integer);
create index if not exists tickets_by_requester on tickets (requester_id);
create index if not exists tickets_by_assignee on tickets (assignee_id);
create table if not exists ticket_tags (ticket_id integer not null references tickets,
  tag_id integer not null references tags, primary key (ticket_id, tag_id));
create table if not exists entries (id integer primary key, ticket_id integer not null references tickets,
  parent_id integer not null default 0, kind text not null, person_id integer references people,
  poster text not null default '', title text, body text not null, format text not null default 'text',
  source text not null default '', created_at integer not null);
create index if not exists entries_by_ticket on entries (ticket_id);
create table if not exists attachments (id integer primary key, ticket_id integer not null references tickets,
  entry_id integer not null references entries, name text not null, type text not null, size integer not null,
  key text not null, bytes blob not null);
create index if not exists attachments_by_ticket on attachments (ticket_id);
create index if not exists attachments_by_key on attachments (key collate nocase);
create table if not exists organizations (id integer primary key, name text not null unique collate nocase,
  address text not null default '', phone text not null default '', notes text not null default '',
  website text not null default '');
create table if not exists members (person_id integer primary key references people,
  organization_id integer not null references organizations);
`;

const attachmentColumns = 'id, ticket_id, entry_id, name, type, size, key';
const day = 86_400_000;

/** Due two days later, at ten in the evening: the agreement the desk keeps with everybody. */
const dueAfter = (at: number): number => Math.floor(at / day) * day + 2 * day + 22 * 3_600_000;

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class DeskStore {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #clock: () => number;
  readonly #random: () => number;

  /**
   * @param file a path, or `:memory:`. A file is kept in write-ahead mode and synced on every commit: what a caller was
   * told is stored survives a kill.
   */
  constructor(file: string, clock: () => number, random: () => number) {
    this.#database = new Database(file);
    this.#clock = clock;
    this.#random = random;
    if (file !== ':memory:') {
      this.#database.pragma('journal_mode = WAL');
      this.#database.pragma('synchronous = FULL');
    }
    this.#database.pragma('foreign_keys = ON');
    this.#database.exec(schema);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  now(): number {
    return this.#clock();
  }

  /** Everything inside happens or nothing does. May be nested: the outermost counts. */
  transaction<T>(work: () => T): T {
    if (this.#database.inTransaction) return work();
    this.#database.exec('begin immediate');
    try {
      const result = work();
      this.#database.exec('commit');
      return result;
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  // The binding takes one array: given single values it mistakes null and bytes for named parameters.
  #all<T>(sql: string, values: readonly Value[] = []): T[] {
    return this.#statement(sql).all(values) as T[];
  }

  #get<T>(sql: string, values: readonly Value[] = []): T | undefined {
    return this.#all<T>(sql, values)[0];
  }

  #run(sql: string, values: readonly Value[]): number {
    return Number(this.#statement(sql).run(values).lastInsertRowid);
  }

  #insert(table: string, row: Readonly<Record<string, Value | undefined>>): number {
    const columns = Object.entries(row).filter((column): column is [string, Value] => column[1] !== undefined);
    return this.#run(
      `insert into ${table} (${columns.map(([name]) => name).join()}) values (${columns.map(() => '?').join()})`,
      columns.map(([, value]) => value),
    );
  }

  // People

  person(id: number): PersonRow | undefined {
    return this.#get('select * from people where id = ?', [id]);
  }

  personByEmail(email: string): PersonRow | undefined {
    return this.#get('select * from people where email = ?', [email.trim()]);
  }

  agent(username: string): PersonRow | undefined {
    return this.#get(`select * from people where role = 'agent' and username = ? collate nocase`, [username]);
  }

  people(): PersonRow[] {
    return this.#all('select * from people order by id');
  }

  addPerson(person: Partial<PersonRow> & Pick<PersonRow, 'name' | 'email'>): PersonRow {
    const id = this.#insert('people', { ...person, email: person.email.trim() });
    return this.person(id)!;
  }

  /** Takes a customer away, with every ticket of theirs; what they wrote elsewhere stays, by its printed name. */
  deletePerson(id: number): void {
    this.transaction(() => {
      const tickets = this.tickets({ requesterId: id }).map((ticket) => ticket.id);
      for (const table of ['attachments', 'entries', 'ticket_tags'])
        this.#run(`delete from ${table} where ticket_id in (select value from json_each(?))`, [
          JSON.stringify(tickets),
        ]);
      this.#run('delete from tickets where requester_id = ?', [id]);
      this.#run('update entries set person_id = null where person_id = ?', [id]);
      this.#run('delete from members where person_id = ?', [id]);
      this.#run('delete from people where id = ?', [id]);
    });
  }

  // Organisations

  organization(id: number): OrganizationRow | undefined {
    return this.#get('select * from organizations where id = ?', [id]);
  }

  organizationByName(name: string): OrganizationRow | undefined {
    return this.#get('select * from organizations where name = ?', [name]);
  }

  addOrganization(organization: Partial<OrganizationRow> & Pick<OrganizationRow, 'name'>): OrganizationRow {
    return this.organization(this.#insert('organizations', organization))!;
  }

  addMember(organizationId: number, personId: number): void {
    this.#insert('members', { organization_id: organizationId, person_id: personId });
  }

  membersOf(organizationId: number): PersonRow[] {
    return this.#all(
      'select people.* from people join members on person_id = people.id where organization_id = ? order by people.id',
      [organizationId],
    );
  }

  /** Takes an organisation away; its people stay. */
  deleteOrganization(id: number): void {
    this.transaction(() => {
      this.#run('delete from members where organization_id = ?', [id]);
      this.#run('delete from organizations where id = ?', [id]);
    });
  }

  // Topics and tags

  /** All topics with their whole path, in order of that path. */
  topics(): TopicRow[] {
    return this.#all(`with recursive named (id, path) as (
        select id, name from topics where parent_id is null
        union all select topics.id, named.path || ' / ' || topics.name from topics join named on topics.parent_id = named.id)
      select topics.*, named.path from topics join named using (id) order by named.path collate nocase`);
  }

  addTopic(topic: Partial<Omit<TopicRow, 'path'>> & Pick<TopicRow, 'name'>): number {
    return this.#insert('topics', topic);
  }

  tags(): TagRow[] {
    return this.#all('select * from tags order by id');
  }

  addTag(tag: string, keyword: string): number {
    return this.#insert('tags', { tag, keyword });
  }

  tagsOf(ticketId: number): number[] {
    return this.#all<{ tag_id: number }>('select tag_id from ticket_tags where ticket_id = ? order by tag_id', [
      ticketId,
    ]).map((row) => row.tag_id);
  }

  setTags(ticketId: number, tagIds: readonly number[]): void {
    this.transaction(() => {
      this.#run('delete from ticket_tags where ticket_id = ?', [ticketId]);
      for (const id of new Set(tagIds)) this.#insert('ticket_tags', { ticket_id: ticketId, tag_id: id });
    });
  }

  // Tickets

  ticket(id: number): TicketRow | undefined {
    return this.#get('select * from tickets where id = ?', [id]);
  }

  ticketByNumber(number: string): TicketRow | undefined {
    return this.#get('select * from tickets where number = ?', [number]);
  }

  tickets(filter: TicketFilter = {}): TicketRow[] {
    const conditions: string[] = [];
    const values: Value[] = [];
    const where = (condition: string, ...more: Value[]): void => {
      conditions.push(condition);
      values.push(...more);
    };
    if (filter.requesterId !== undefined) where('requester_id = ?', filter.requesterId);
    if (filter.assigneeId !== undefined) where('assignee_id = ?', filter.assigneeId);
    if (filter.topicId !== undefined) where('topic_id = ?', filter.topicId);
    if (filter.states) where(`state in (${filter.states.map(() => '?').join()})`, ...filter.states);
    if (filter.subject) where('instr(lower(subject), lower(?)) > 0', filter.subject);
    values.push(filter.limit ?? -1, filter.offset ?? 0);
    return this.#all(
      `select * from tickets ${conditions.length ? `where ${conditions.join(' and ')}` : ''}
       order by id ${filter.newest ? 'desc' : ''} limit ? offset ?`,
      values,
    );
  }

  countTickets(): number {
    return this.#get<{ n: number }>('select count(*) as n from tickets')!.n;
  }

  /** A ticket with its first entry, in one transaction. */
  addTicket(draft: TicketDraft, first?: EntryDraft): TicketRow {
    return this.transaction(() => {
      const at = draft.at ?? this.now();
      const id = this.#insert('tickets', {
        number: draft.number ?? this.#freeNumber(),
        subject: draft.subject,
        state: draft.state,
        on_hold: draft.onHold ? 1 : 0,
        priority: draft.priority ?? 2,
        topic_id: draft.topicId,
        requester_id: draft.requesterId,
        assignee_id: draft.assigneeId,
        source: draft.source,
        fields: JSON.stringify(draft.fields ?? {}),
        rating: draft.rating,
        created_at: at,
        updated_at: at,
        due_at: draft.dueAt === undefined ? dueAfter(at) : draft.dueAt,
        closed_at: draft.state && draft.state !== 'open' && draft.state !== 'processing' ? at : undefined,
      });
      if (draft.tagIds) this.setTags(id, draft.tagIds);
      if (first) this.addEntry(id, { at, ...first });
      return this.ticket(id)!;
    });
  }

  #freeNumber(): string {
    for (;;) {
      const number = String(100_000 + Math.floor(this.#random() * 900_000));
      if (!this.ticketByNumber(number)) return number;
    }
  }

  changeTicket(id: number, change: TicketChange, at = this.now()): TicketRow {
    const columns = Object.entries({ ...change, updated_at: at }) as [string, Value][];
    this.#run(`update tickets set ${columns.map(([name]) => `${name} = ?`).join()} where id = ?`, [
      ...columns.map(([, value]) => value),
      id,
    ]);
    return this.ticket(id)!;
  }

  /** Closing keeps the time; opening forgets it (recorded: a real osTicket 1.18.1). */
  setState(id: number, state: TicketState, at = this.now()): TicketRow {
    const open = state === 'open' || state === 'processing';
    return this.changeTicket(id, { state, closed_at: open ? null : at }, at);
  }

  // Entries and files

  /** The entries of one ticket, oldest first. */
  entries(ticketId: number): EntryRow[] {
    return this.#all('select * from entries where ticket_id = ? order by created_at, id', [ticketId]);
  }

  /** The entries of many tickets by ticket id: one query for a whole list. */
  entriesOf(ticketIds: readonly number[]): Map<number, EntryRow[]> {
    const found = new Map<number, EntryRow[]>(ticketIds.map((id) => [id, []]));
    const rows = this.#all<EntryRow>(
      'select * from entries where ticket_id in (select value from json_each(?)) order by created_at, id',
      [JSON.stringify(ticketIds)],
    );
    for (const row of rows) found.get(row.ticket_id)!.push(row);
    return found;
  }

  addEntry(ticketId: number, draft: EntryDraft): EntryRow {
    return this.transaction(() => {
      const at = draft.at ?? this.now();
      const id = this.#insert('entries', {
        ticket_id: ticketId,
        parent_id: draft.parentId,
        kind: draft.kind,
        person_id: draft.personId,
        poster: draft.poster,
        title: draft.title,
        body: draft.body,
        format: draft.format,
        source: draft.source,
        created_at: at,
      });
      for (const file of draft.files ?? []) this.addAttachment(ticketId, id, file);
      const column = { message: 'last_message_at', reply: 'last_response_at', note: '', event: '' }[draft.kind];
      this.#run(`update tickets set updated_at = ?${column && `, ${column} = ?`} where id = ?`, [
        at,
        ...(column ? [at] : []),
        ticketId,
      ]);
      return this.#get<EntryRow>('select * from entries where id = ?', [id])!;
    });
  }

  addAttachment(ticketId: number, entryId: number, file: FileDraft): number {
    const key = file.key ?? Array.from({ length: 32 }, () => Math.floor(this.#random() * 36).toString(36)).join('');
    return this.#insert('attachments', {
      ticket_id: ticketId,
      entry_id: entryId,
      name: file.name,
      type: file.type,
      size: file.bytes.length,
      key,
      bytes: Buffer.from(file.bytes),
    });
  }

  attachments(ticketId: number): AttachmentRow[] {
    return this.#all(`select ${attachmentColumns} from attachments where ticket_id = ? order by id`, [ticketId]);
  }

  attachment(id: number): (AttachmentRow & { readonly bytes: ArrayBuffer }) | undefined {
    return this.#get('select * from attachments where id = ?', [id]);
  }

  /** A file by the name of its content, in any case: the first one that was stored with it. */
  attachmentByKey(key: string): (AttachmentRow & { readonly bytes: ArrayBuffer }) | undefined {
    return this.#get('select * from attachments where key = ? collate nocase order by id limit 1', [key]);
  }
}
