/**
 * The forms of osTicket's API extension other than its README's: the code of 2018 and that of 2020 (both recorded with
 * osTicket 1.18.1), and whichever of the three is there. Part of the back end `osticket`, loaded where one is asked for.
 */
import { HelpDeskError } from '../errors.js';
import type { Thread } from '../model.js';
import type { Call } from './backend.js';
import { known, list, own, record, text, type Json } from './json.js';
import { htmlUrl } from './osticket-ticket.js';
import type { Answer, Ask, Http } from './request.js';
import { wordsOf } from './words.js';

/** What the extension takes for a person: an e-mail address or a user id (documented). */
export type Who = { readonly email?: string; readonly user_id?: string };

/** A form of the extension, from and to the README's words. */
export interface Speech {
  /** A ticket as it was answered. */
  read(raw: Json): Json;
  /** A write. */
  send(method: string, path: string, call: Call, fields: Json, upload?: boolean): Promise<Answer>;
  /** The parameters of a list; `status` is osTicket's id. */
  query(who: Who, status?: string): NonNullable<Ask['query']>;
  /** The answer with a file of a ticket as it was answered, if the thread shows it. */
  download(raw: Json, thread: Thread, id: string, call: Call): Promise<Answer>;
}

interface Shape {
  /** A field that only its tickets have. */
  readonly mark: string;
  /** Parameters of a list: the user's id and the status. */
  readonly user: string;
  readonly status: string;
  /** How fields are sent. */
  ask(method: string, fields: Json): Ask;
}

/** What was refused because it was in another form's words: nothing of it is stored. */
const foreign = /malformed|must be provided|Incomplete client/;

/**
 * Speaks one of the forms, or, as `auto`, the one that the last answers were in. Before the first, and where a write is
 * refused for its form, a ticket that nobody has is asked for: each form says in its own way that there is none.
 */
export function speak(name: string, ask: Http, tickets: string, file = 'file.php'): Speech {
  const named = (fields: Json): Json => known({ ...fields, user_id: undefined, userId: fields['user_id'] });

  /** The fields of a form; nothing is sent for what is not there, though an empty text is. */
  const toForm = (fields: Json): URLSearchParams =>
    new URLSearchParams(
      Object.entries(named(fields)).flatMap(([key, value]) =>
        value === '' || text(value) ? [[key, text(value)]] : [],
      ),
    );

  const shapes: Readonly<Record<string, Shape>> = {
    readme: { mark: 'ticket_number', user: 'user_id', status: '', ask: (_, json) => ({ json }) },
    2018: {
      mark: 'ticketNumber',
      user: 'userId',
      status: 'statusId',
      // JSON is not read, and a message is HTML as it stands.
      ask: (_, { message, attachments, ...fields }) => {
        if (list(attachments).length) throw new HelpDeskError('invalid', { fields: { files: 'This is not valid.' } });
        return {
          body: toForm({ ...fields, message: message && text(message).replace(new RegExp(`^${htmlUrl}`), '') }),
        };
      },
    },
    2020: {
      mark: 'timestamps',
      user: 'userId',
      status: 'status_id',
      ask: (method, fields) =>
        method === 'DELETE'
          ? { query: named(fields) as Record<string, string> }
          : // A reply is read as a new ticket's message is.
            { json: named(method === 'PUT' ? { ...fields, message: htmlUrl + text(fields['message']) } : fields) },
    },
  };

  const auto = !own(shapes, name);
  let spoken = auto ? '' : name;

  async function listen(call: Call): Promise<void> {
    try {
      await ask('GET', `${tickets}/0`, call);
      spoken ||= 'readme';
    } catch (error) {
      if (!/^(not-f|inv|uns)/.test((error as HelpDeskError).code)) throw error;
      const words = wordsOf(error);
      spoken = /^["{]/.test(words) ? '2018' : /does not exist/.test(words) ? '2020' : 'readme';
    }
  }

  return {
    read(raw) {
      if (auto) spoken = Object.keys(shapes).find((each) => raw[shapes[each]!.mark]) ?? spoken;
      const times = record(raw['timestamps']);
      const { status, topic, priority } = raw;
      return {
        ...raw,
        ticket_number: text(raw['ticket_number']) || text(raw['ticketNumber']) || raw['id'],
        ticket_status: text(raw['ticket_status']) || text(status),
        statusId: raw['statusId'] ?? record(status)['id'],
        topicId: raw['topicId'] ?? record(topic)['id'],
        // It is in small letters.
        priority:
          typeof priority === 'object'
            ? text(priority).replace(/^./, (letter) => letter.toUpperCase()) || priority
            : priority,
        ...Object.fromEntries(
          ['create', 'due', 'close', 'last_message', 'last_response'].map((each) => [
            `${each}_timestamp`,
            raw[`${each}_timestamp`] ?? times[each],
          ]),
        ),
        threads: list(raw['threads']).map((value) => {
          const entry = record(value);
          const user = record(entry['user']);
          return {
            ...entry,
            body: entry['body'] ?? entry['message'],
            created: entry['created'] ?? record(entry['timestamps'])['created'],
            poster: entry['poster'] ?? user['name'],
            staff_id: entry['staff_id'] ?? user['type'] === 'staff',
          };
        }),
      };
    },

    query({ email, user_id: id }, status) {
      const { user, status: filter } = (!auto && shapes[spoken]) || { user: '', status: shapes[spoken]?.status };
      return {
        ...(email && { email }),
        // Which of the two it takes may have changed since.
        ...(id && (user ? { [user]: id } : { user_id: id, userId: id })),
        ...(status && filter && { [filter]: status }),
      };
    },

    async send(method, path, call, fields, upload = false) {
      const send = (): Promise<Answer> => ask(method, path, call, { ...shapes[spoken]!.ask(method, fields), upload });
      if (!spoken) await listen(call);
      const tried = spoken;
      try {
        return await send();
      } catch (error) {
        if (!auto || !foreign.test(wordsOf(error))) throw error;
        await listen(call);
        if (tried === spoken) throw error;
        return send();
      }
    },

    async download(raw, { entries }, id, call) {
      // Not what hangs on a note.
      if (!entries.some(({ attachments }) => attachments.some((each) => each.id === id)))
        throw new HelpDeskError('not-found');
      // Relative to where osTicket is, signed, good until midnight in UTC. The same content has the same address wherever
      // it hangs (recorded).
      const [query] = list(raw['threads']).flatMap((entry) => {
        const url = own(record(record(entry)['attachmentUrls']), id);
        return /\?.*/.exec(text(record(url)['download_url'])) ?? [];
      });
      if (!query) throw new HelpDeskError('not-found');
      return ask('GET', file + query, call, { file: true });
    },
  };
}
