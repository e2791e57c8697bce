/** Answers of a real installation, where they lie beside the project: the dialects give the very same bytes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { DialectName } from '../../demo/desk/desk.js';
import type { EntryKind } from '../../demo/desk/store.js';
import { type Answer, type Served, serveDesk } from './serve.js';

const recordings = fileURLToPath(new URL('../../../shared/recordings/', import.meta.url));

interface Recording {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}
const read = (name: string): Recording => JSON.parse(readFileSync(`${recordings}${name}.json`, 'utf8')) as Recording;

/** Numbers, ids, times and names of files' contents are each desk's own. */
const normal = (body: string): string =>
  body
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    .replace(/"(ticketNumber|ticket_number|id)":"\d{6}"/g, '$1')
    .replace(/^\d{6}$/, 'NUMBER')
    .replace(/"(id|pid|thread_id|staff_id)":\d+/g, '$1')
    .replace(/"[\w-]{32}":/g, 'KEY:')
    .replace(/key=[\w-]{32}&expires=\d{10}&signature=[0-9a-f]{40}/g, 'SIGNED')
    // A topic that only this desk has.
    .replace(',{id,"value":"Report a Problem \\/ Printing"}', '');

const same = (name: string, answer: Answer): void => {
  const { status, headers, body } = read(name).response;
  expect({ name, status: answer.status, type: answer.type, body: normal(answer.body) }).to.deep.equal({
    name,
    status,
    type: headers['Content-Type'],
    body: normal(body),
  });
};

if (existsSync(recordings))
  describe('the dialects beside recorded answers', () => {
    let served: Served;
    afterEach(() => served.close());
    const open = async (dialect: DialectName): Promise<void> => {
      served = await serveDesk(dialect, { seed: 'none', key: 'KEY' }, {});
    };

    /** Sends what was recorded, to a ticket of this desk. */
    const replay = async (name: string, number?: string): Promise<Answer> => {
      const { method, path, headers, body } = read(name).request;
      const answer = await served.call(
        method,
        number === undefined ? path : path.replace(/\d{6}/, number),
        (number === undefined ? body : body?.replace(/("ticketNumber": "|ticketNumber=)\d{6}/, `$1${number}`)) ??
          undefined,
        headers,
      );
      same(name, answer);
      return answer;
    };
    const numberIn = (answer: Answer): string => /\d{6}/.exec(answer.body)![0];

    /** The ticket that was recorded with files, an agent's answer and a note, rebuilt from how one dialect printed it. */
    function rich(): string {
      interface Printed {
        subject: string;
        threads: {
          type: string;
          title: string | null;
          message: string;
          source: string;
          format: 'html';
          user: { type: string; name: string };
          attachmentUrls: Record<string, { filename: string }>;
        }[];
      }
      const { subject, threads } = JSON.parse(read('fork2020-get-rich').response.body) as Printed;
      const { store } = served.desk;
      const agent = store.addPerson({
        name: threads[1]!.user.name,
        email: 'agent@desk.example.test',
        role: 'agent',
        username: 'Michael',
      });
      const ticket = store.addTicket({ subject, requesterId: 1, topicId: 12, assigneeId: agent.id });
      const kinds: Record<string, EntryKind> = { M: 'message', R: 'reply', N: 'note' };
      for (const { type, title, message, source, format, user, attachmentUrls } of threads)
        store.addEntry(ticket.id, {
          kind: kinds[type]!,
          personId: type === 'M' ? 1 : agent.id,
          poster: user.name,
          title,
          body: message,
          format,
          source,
          files: Object.entries(attachmentUrls).map(([key, { filename }]) => ({
            key,
            name: filename,
            type: 'image/png',
            bytes: Buffer.from('x'),
          })),
        });
      return ticket.number;
    }

    it('osticket-2018: a ticket from its creation to its last reopening', async () => {
      await open('osticket-2018');
      const number = numberIn(await replay('code2018-create-email'));
      const form = read('code2018-create-email').request.headers;
      const path = `/api/tickets.json/${number}`;
      const put = (body: string): Promise<Answer> => served.call('PUT', path, body, form);
      await put('userId=1&message=My+updated+message+using+id');
      await replay('code2018-update-by-email', number);
      await put(`userId=1&message=${encodeURIComponent('data:text/html;charset=utf-8,<p>HTML <b>reply</b></p>')}`);
      await replay('code2018-update-plain-angle', number);
      await replay('code2018-update-other-user', number);
      await replay('code2018-update-other-encoding', number);
      await put('userId=1&message=with+file');
      await replay('code2018-close-by-email', number);
      await put('userId=1&message=reply+to+a+closed+ticket');
      await served.call('DELETE', path, 'userId=1', form);
      await replay('code2018-reopen-by-email', number);
      await replay('code2018-cors-get', number);
    });

    it('osticket-2018: everything else', async () => {
      await open('osticket-2018');
      const number = rich();
      await replay('code2018-get-rich', number);
      for (const name of ['topics', 'topics-xml', 'topics-accept-json', 'topics-accept-browser-fetch'])
        await replay(`code2018-${name}`);
      for (const name of ['get-no-key', 'get-key-other-ip', 'create-wrong-key', 'create-other-encoding'])
        await replay(`code2018-${name}`);
      await replay('code2018-create-unknown-topic');
      await replay('code2018-cors-preflight-get', number);
      for (const name of ['clienttickets-missing', 'ticketinfo-nan', 'ticketinfo-unknown', 'reply-empty'])
        await replay(`code2018-scp-${name}`, name === 'reply-empty' ? number : undefined);
    });

    it('osticket-2020: a ticket from its creation to its last reopening', async () => {
      await open('osticket-2020');
      const number = numberIn(await replay('fork2020-create-email'));
      const path = `/api/tickets.json/${number}`;
      const { headers } = read('fork2020-update-by-email').request;
      const put = (userId: number, message: string): Promise<Answer> =>
        served.call('PUT', path, { userId, message }, headers);
      await put(1, 'My updated message using id');
      await replay('fork2020-update-by-email', number);
      await put(1, 'data:text/html;charset=utf-8,<p>HTML <b>reply</b></p>');
      await put(1, 'a < b && c > d\nnew line <b>bold?</b>');
      await put(2, 'I am Omar, not the owner');
      await put(1, 'with file');
      await replay('fork2020-update-other-encoding', number);
      await replay('fork2020-close-by-email', number);
      await put(1, 'reply to a closed ticket');
      await replay('fork2020-get-after-reply-to-closed', number);
      await replay('fork2020-close-other-encoding', number);
      await replay('fork2020-reopen-by-email', number);
      await replay('fork2020-reopen-by-id', number);
      await replay('fork2020-cors-get', number);
    });

    it('osticket-2020: everything else', async () => {
      await open('osticket-2020');
      const number = rich();
      await replay('fork2020-get-rich', number);
      for (const name of [
        'create-attachments',
        'create-omar',
        'create-missing-message',
        'create-other-encoding',
        'topics',
      ])
        await replay(`fork2020-${name}`);
      for (const name of [
        'get-unknown',
        'close-unknown',
        'update-unknown-ticket',
        'list-unknown-email',
        'scp-users-bad-email',
      ])
        await replay(`fork2020-${name}`);
      await replay('fork2020-cors-preflight-post', number);
      await replay('fork2020-get-wrong-key', number);
    });

    it('osticket-http: every call', async () => {
      await open('osticket-http');
      const number = rich();
      const created = numberIn(await replay('pr4361-create'));
      for (const name of ['http-php-ticketinfo', 'scp-ticketinfo']) await replay(`pr4361-${name}`, number);
      for (const name of ['scp-ticketinfo-nan', 'scp-ticketinfo-unknown', 'scp-stafftickets'])
        await replay(`pr4361-${name}`);
      await replay('pr4361-scp-reply', created);
      await replay('pr4361-scp-reply-close', created);
    });

    it('lists: every object has the recorded keys in the recorded order', async () => {
      /** Key lists of every object in a body. */
      const keys = (value: unknown, found = new Set<string>()): Set<string> => {
        if (value && typeof value === 'object') {
          if (!Array.isArray(value)) found.add(Object.keys(value).join());
          for (const child of Object.values(value)) keys(child, found);
        }
        return found;
      };
      for (const [dialect, name] of [
        ['osticket-2018', 'code2018-list-by-email'],
        ['osticket-2018', 'code2018-list-paging-ignored'],
        ['osticket-2018', 'code2018-scp-tickets'],
        ['osticket-2020', 'fork2020-list-by-email'],
        ['osticket-http', 'pr4361-scp-clienttickets'],
      ] as const) {
        const { request, response } = read(name);
        served = await serveDesk(dialect, { seed: 'small', key: 'KEY' }, {});
        const answer = await served.call(request.method, request.path, undefined, request.headers);
        expect([answer.status, answer.type], name).to.deep.equal([response.status, response.headers['Content-Type']]);
        const mine = keys(JSON.parse(answer.body));
        for (const list of keys(JSON.parse(response.body))) expect([...mine], name).to.include(list);
        if (dialect !== 'osticket-http') await served.close();
      }
    });

    it('downloads: the recorded headers, for every method', async () => {
      served = await serveDesk('osticket-2020', { seed: 'small', key: 'KEY' }, { 'X-API-Key': 'KEY' });
      const { body } = await served.call('GET', '/api/tickets.json/309214');
      const [image, log] = [...body.matchAll(/"download_url":"([^"]+)"/g)].map(([, url]) =>
        url!.replaceAll('\\/', '/'),
      );
      for (const name of readdirSync(recordings).flatMap((file) => /^(file-.*)\.json$/.exec(file)?.[1] ?? [])) {
        const { request, response } = read(name);
        const inline = request.path.includes('inline');
        const answer = await served.call(
          request.method,
          inline ? `${image}&disposition=inline` : log!,
          undefined,
          request.headers,
        );
        expect([name, answer.status, answer.type]).to.deep.equal([
          name,
          response.status,
          response.headers['Content-Type'],
        ]);
        expect(answer.headers['content-disposition']).to.equal(
          response.headers['Content-Disposition']!.replace('image.png', 'shot.png'),
        );
        expect(answer.headers.etag).to.match(/^"[\w-]{32}"$/);
        expect(answer.headers['access-control-allow-origin']).to.equal(undefined);
      }
    });
  });
