import { expect } from 'chai';
import { type Answer, type Served, multipart, send, serveDesk } from './serve.js';

const now = Date.parse('2026-11-22T09:00:00Z');
const credentials = { apikey: 'desk-key', Authorization: 'Bearer token-jane' };
const asOmar = { Authorization: 'Bearer token-omar' };
// In order of opening: 198302 is 1, Jane's newest, 287455, is 8.
const [vpn, closed, resolved, archived, newest, omars] = [5, 3, 2, 1, 8, 6];

interface Row {
  readonly id: number;
  readonly subject: string;
  readonly status: string;
  readonly comment: string;
}
interface Detail {
  readonly ticket: {
    readonly id: number;
    readonly status: string;
    readonly tags: readonly number[];
    readonly priority: string;
  };
  readonly author: string;
  readonly conversations: readonly { readonly id: number; readonly comment: string; readonly author: string }[];
  readonly attachments: readonly { readonly id: number; readonly conversation_id?: number }[];
}

describe('the support-ticket dialect', () => {
  let served: Served;
  let call: Served['call'];

  beforeEach(async () => {
    served = await serveDesk('support-ticket', { seed: 'small', now }, credentials, '/desk');
    call = (method, path, body, headers) => served.call(method, `/api/v1/${path}`, body, headers);
  });
  afterEach(() => served.close());

  const data = <T>(answer: Answer): T => {
    const { status_code, errors, data: inside, ...rest } = JSON.parse(answer.body) as Record<string, unknown>;
    expect({ status: answer.status, type: answer.type, status_code, errors, rest }).to.deep.equal({
      status: 200,
      type: 'application/json',
      status_code: 200,
      errors: {},
      rest: {},
    });
    return inside as T;
  };
  const refuses = async (answer: Promise<Answer>, status: number, errors: unknown): Promise<void> => {
    const { status: got, body } = await answer;
    expect(got).to.equal(status);
    expect(JSON.parse(body)).to.deep.equal({ status_code: status, errors, data: {} });
  };
  const list = async (query = ''): Promise<Row[]> =>
    data<{ TicketList: Row[] }>(await call('GET', `support/get/ticket/history/${query}`)).TicketList;
  const detail = async (id: number): Promise<Detail> =>
    data<Detail>(await call('GET', `support/ticket/detailed-view/?ticket_id=${id}`));
  const post = async (path: string, fields: Readonly<Record<string, string | File>>): Promise<Answer> => {
    const { body, headers } = await multipart(fields);
    return call('POST', path, body, headers);
  };

  it('wants both keys on every call', async () => {
    const none = { detail: 'Authentication credentials were not provided.' };
    await refuses(send('GET', `${served.origin}/desk/support/get/category-list/`), 401, none);
    await refuses(
      send('GET', `${served.origin}/desk/support/get/category-list/`, undefined, { apikey: 'desk-key' }),
      401,
      none,
    );
    await refuses(call('GET', 'support/get/ticket/tags/', undefined, { apikey: 'x' }), 401, {
      detail: 'Invalid token.',
    });
    await refuses(call('GET', 'support/get/ticket/tags/', undefined, { Authorization: 'Bearer x' }), 401, {
      detail: 'Invalid token.',
    });
  });

  it('answers on the documented paths and on those of the samples', async () => {
    for (const path of ['support/get/category-list/', 'get/support-ticket/catogory-list/']) {
      const { CategoryList } = data<{ CategoryList: unknown[] }>(await call('GET', path));
      expect(CategoryList).to.have.length(9);
      expect(CategoryList[1]).to.deep.equal({
        id: 14,
        category: 'Billing / Refund request',
        description: 'Money back',
      });
    }
    for (const path of ['support/get/ticket/tags/', 'get/ticket/tags/'])
      expect(data(await call('GET', path))).to.deep.equal({
        TicketTagList: [
          { id: 1, tag: 'network', keyword: 'network, vpn, wifi' },
          { id: 2, tag: 'hardware', keyword: 'laptop, monitor, printer' },
          { id: 3, tag: 'waiting', keyword: 'waiting for somebody' },
          { id: 4, tag: 'billing', keyword: 'invoice, refund' },
        ],
      });
    expect(data<{ TicketList: unknown[] }>(await call('GET', 'get/ticket/history/')).TicketList).to.have.length(6);
    const ticket = { subject: 'x', priority: '1', comment: 'y', category: '1' };
    for (const path of ['support/create/ticket/', 'creat/support/ticket/'])
      expect(data(await post(path, ticket))).to.deep.equal({});
  });

  it('redirects to the path with a slash, and knows no other paths', async () => {
    const answer = await call('GET', 'support/get/ticket/history?limit=1');
    expect([answer.status, answer.headers.location]).to.deep.equal([301, 'history/?limit=1']);
    expect((await call('GET', '%E2%80%8Esupport/ticket/status/')).status).to.equal(404);
    await refuses(call('PUT', 'support/ticket/status/'), 405, { detail: 'Method "PUT" not allowed.' });
  });

  describe('history', () => {
    it('lists the person’s own, newest first, as text and numbers, without dates', async () => {
      const rows = await list();
      expect(rows.map(({ id }) => id)).to.deep.equal([newest, 7, vpn, closed, resolved, archived]);
      expect(rows[1]).to.deep.equal({
        id: 7,
        subject: 'Invoice shows our old address',
        priority: '2',
        category: 13,
        category_title: 'Billing',
        comment:
          'Hello,\nthe invoice of this month still has our old address in Mill Lane. We moved to 12 Harbour Road in May.\n\nCould you send a corrected one?\nJane',
        status: '1',
      });
    });

    it('takes limit, offset and three filters', async () => {
      const ids = async (query: string): Promise<number[]> => (await list(query)).map(({ id }) => id);
      expect(await ids('?limit=2&offset=1')).to.deep.equal([7, vpn]);
      expect(await ids('?subject=INVOICE')).to.deep.equal([7]);
      expect(await ids('?category=13')).to.deep.equal([7]);
      expect(await ids('?status=3')).to.deep.equal([closed, resolved, archived]);
      expect(await ids('?status=2')).to.deep.equal([]);
      await refuses(call('GET', 'get/ticket/history/?category=x'), 400, {
        category: ['Catogory id is not valid numeric'],
      });
      await refuses(call('GET', 'get/ticket/history/?status=x'), 400, { status: ['Status id is not valid numeric'] });
    });

    it('gives the last 50 unless told', async () => {
      const many = await serveDesk(
        'support-ticket',
        { seed: 'full', now },
        { ...credentials, Authorization: 'Bearer token-mia' },
      );
      const ids = async (query: string): Promise<number[]> =>
        data<{ TicketList: Row[] }>(await many.call('GET', `/support/get/ticket/history/${query}`)).TicketList.map(
          ({ id }) => id,
        );
      const first = await ids('');
      expect(first).to.have.length(50);
      expect(await ids('?offset=40&limit=10')).to.deep.equal(first.slice(40));
      expect(await ids('?limit=500')).to.have.length(300);
      await many.close();
    });
  });

  describe('one ticket', () => {
    it('has its first message as comment, and no note of an agent anywhere', async () => {
      const answer = await call('GET', `support/ticket/detailed-view/?ticket_id=${vpn}`);
      const { ticket, author, conversations, attachments } = data<Detail>(answer);
      expect(ticket).to.deep.include({
        id: vpn,
        subject: 'VPN drops every ten minutes',
        priority: '2',
        status: '1',
        tags: [1, 3],
      });
      expect(author).to.equal('jane@example.test');
      expect(conversations.map((each) => each.author)).to.deep.equal(['nora@desk.example.test', 'jane@example.test']);
      expect(conversations[1]!.comment).to.equal(
        'That helped for an hour, then it began again. 5 < 6 minutes between drops now.\nI have not updated yet.',
      );
      expect(attachments).to.deep.equal([{ id: 1 }, { id: 2 }, { id: 3, conversation_id: conversations[0]!.id }]);
      expect(answer.body).not.to.contain('INTERNAL');
    });

    it('takes the id from the body of a GET, too', async () => {
      const answer = await call(
        'GET',
        'support/ticket/detailed-view/',
        { ticket_id: vpn },
        { 'Content-Type': 'application/json' },
      );
      expect(data<Detail>(answer).ticket.id).to.equal(vpn);
      const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
      // A form in a GET is not read: only JSON has been seen there.
      expect((await call('GET', 'support/ticket/detailed-view/', `ticket_id=${vpn}`, form)).status).to.equal(400);
    });

    it('is refused to anybody else, in the words for one that does not exist', async () => {
      const refusal = { ticket_id: ['Invalid Input'] };
      for (const id of [omars, 999, 'x'])
        await refuses(call('GET', `support/ticket/detailed-view/?ticket_id=${id}`), 400, refusal);
      await refuses(call('GET', 'support/ticket/detailed-view/'), 400, { ticket_id: ['This field is required.'] });
    });

    it('gives files as downloads, to their owner', async () => {
      const { status, type, headers, body } = await call('GET', 'support/ticket/download/2/');
      expect([status, type]).to.deep.equal([200, 'text/plain']);
      expect(headers['content-disposition']).to.equal(`attachment; filename="vpn.log"; filename*=UTF-8''vpn.log`);
      expect(body).to.equal('10:01 connected\n10:11 dropped\n10:12 connected\n10:22 dropped\n');
      const refusal = { attachment_id: ['Invalid Input'] };
      await refuses(call('GET', 'support/ticket/download/2/', undefined, asOmar), 400, refusal);
      await refuses(call('GET', 'support/ticket/download/99/'), 400, refusal);
    });
  });

  describe('creating', () => {
    const ticket = { subject: 'Chair squeaks', priority: '3', comment: 'Since <Monday> & before', category: '10' };

    it('stores and says nothing', async () => {
      const file = new File([new Uint8Array([0, 1, 255])], 'čaj.bin', { type: 'application/octet-stream' });
      expect(data(await post('support/create/ticket/', { ...ticket, attachment: file }))).to.deep.equal({});
      const [row] = await list();
      expect(row).to.deep.include({
        subject: 'Chair squeaks',
        priority: '3',
        category: 10,
        comment: 'Since <Monday> & before',
        status: '1',
      });
      const { attachments } = await detail(row!.id);
      expect(attachments).to.have.length(1);
      const download = await call('GET', `support/ticket/download/${attachments[0]!.id}/`);
      expect(download.bytes.toString('hex')).to.equal('0001ff');
      expect(download.headers['content-disposition']).to.equal(
        `attachment; filename="_aj.bin"; filename*=UTF-8''%C4%8Daj.bin`,
      );
    });

    it('names every field that is wrong', async () => {
      await refuses(post('support/create/ticket/', {}), 400, {
        subject: ['This field is required.'],
        priority: ['This field is required.'],
        comment: ['This field is required.'],
        category: ['This field is required.'],
      });
      const file = new File([new Uint8Array(2_097_153)], 'big.bin');
      const wrong = { subject: 'x'.repeat(501), priority: '4', comment: ' ', category: '16', attachment: file };
      await refuses(post('support/create/ticket/', wrong), 400, {
        subject: ['Ensure this field has no more than 500 characters.'],
        priority: ['"4" is not a valid choice.'],
        comment: ['This field may not be blank.'],
        category: ['Invalid pk "16" - object does not exist.'],
        attachment: ['File too large. Size should not exceed 2 MiB.'],
      });
      expect(await list()).to.have.length(6);
    });

    it('takes a file of 2 MiB and a subject of 500 characters', async () => {
      const file = new File([new Uint8Array(2_097_152)], 'big.bin');
      data(await post('support/create/ticket/', { ...ticket, subject: '😀'.repeat(500), attachment: file }));
      expect((await list())[0]!.subject).to.equal('😀'.repeat(500));
    });

    it('refuses with 401 where too many are open', async () => {
      const limited = await serveDesk('support-ticket', { seed: 'small', openTicketLimit: 4 }, credentials);
      const send = async (): Promise<Answer> => {
        const { body, headers } = await multipart(ticket);
        return limited.call('POST', '/support/create/ticket/', body, headers);
      };
      expect((await send()).status).to.equal(200);
      await refuses(send(), 401, { detail: 'Currenly Open Ticket Limit Exceed.' });
      await limited.close();
    });
  });

  it('adds to a conversation, with a file', async () => {
    const file = new File(['hello'], 'a.txt', { type: 'text/plain' });
    expect(
      data(await post('support/ticket/conversation/', { ticket: String(vpn), comment: 'More', attachment: file })),
    ).to.deep.equal({});
    const { conversations, attachments } = await detail(vpn);
    expect(conversations.at(-1)).to.deep.include({ ticket: vpn, comment: 'More', author: 'jane@example.test' });
    expect(attachments.at(-1)!.conversation_id).to.equal(conversations.at(-1)!.id);
    await refuses(post('support/ticket/conversation/', { ticket: String(omars), comment: 'x' }), 400, {
      ticket: ['Invalid Input'],
    });
    await refuses(post('support/ticket/conversation/', {}), 400, {
      comment: ['This field is required.'],
      ticket: ['This field is required.'],
    });
  });

  it('closes with 3 and opens with 2, as processing', async () => {
    const set = (ticket: number, status: string): Promise<Answer> =>
      post('support/ticket/status/', { ticket: String(ticket), status });
    await refuses(set(vpn, '2'), 400, { status: ['already open'] });
    expect(data(await set(vpn, '3'))).to.deep.equal({});
    await refuses(set(vpn, '3'), 400, { status: ['already closed'] });
    data(await set(vpn, '2'));
    expect((await detail(vpn)).ticket.status).to.equal('2');
    await refuses(set(vpn, '2'), 400, { status: ['already processing'] });
    await refuses(set(vpn, '1'), 400, { status: ["can't open or close"] });
    await refuses(set(omars, '3'), 400, { ticket: ['Invalid Input'] });
    await refuses(post('support/ticket/status/', {}), 400, {
      status: ['This field is required.'],
      ticket: ['This field is required.'],
    });
  });

  it('updates priority and tags; the tags are required', async () => {
    const update = (body: object): Promise<Answer> =>
      call('POST', 'support/update/ticket/', body, { 'Content-Type': 'application/json' });
    expect(data(await update({ ticket_id: vpn, priority: '3', tags: [2, 4] }))).to.deep.equal({});
    expect((await detail(vpn)).ticket).to.deep.include({ priority: '3', tags: [2, 4] });
    data(await post('update/support/ticket/', { ticket_id: String(vpn), tags: '[1]' }));
    expect((await detail(vpn)).ticket).to.deep.include({ priority: '3', tags: [1] });
    await refuses(update({ ticket_id: vpn, priority: '1' }), 400, { tags: ['This field is required.'] });
    await refuses(update({ ticket_id: vpn, tags: [] }), 400, { tags: ['This list may not be empty.'] });
    await refuses(update({ ticket_id: vpn, tags: ['x'] }), 400, {
      tags: ['Incorrect type. Expected pk value, received str.'],
    });
    await refuses(update({ ticket_id: vpn, tags: [99] }), 400, { tags: ['Invalid pk "99" - object does not exist.'] });
    await refuses(update({ ticket_id: omars, tags: [1] }), 400, { ticket_id: ['Invalid Input'] });
    await refuses(call('POST', 'support/update/ticket/', '{'), 400, { detail: 'JSON parse error' });
  });
});
