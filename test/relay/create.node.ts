/** What reaches osTicket of a new ticket: every byte that the relay sends it, looked at on the other side of a socket. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type Desk, openDesk } from '../../demo/desk/desk.js';
import { answerNode } from '../../demo/desk/node.js';
import type { Relay, RelayOptions } from '../../src/relay/index.js';
import { key, relayOf, send } from './bench.js';
import { upstreams } from './upstreams.js';

const draft = { subject: 'Printer on fire', message: 'Please help.' };

/** What osTicket's call, or the mail that it also takes, reads beside the fields of a form. */
const hostile = [
  'recipients',
  'Recipients',
  'RECIPIENTS',
  'cc',
  'ccs',
  'CC',
  'bcc',
  'bccs',
  'collabs',
  'collaborator',
  'collaborators',
  'emailcollab',
  'thread_entry_recipients',
  'thread-entry-recipients',
  'mid',
  'MID',
  'pid',
  'references',
  'in-reply-to',
  'in_reply_to',
  'inReplyTo',
  'reply-to',
  'reply-to-name',
  'replyTo',
  'thread-type',
  'thread_id',
  'threadId',
  'emailId',
  'to-email-id',
  'system_emails',
  'mailflags',
  'flags',
  'header',
  'poster',
  'uid',
  'userId',
  'user_id',
  'alert',
  'autorespond',
  'Autorespond',
  'source',
  'ip',
  'priorityId',
  'deptId',
  'department',
  'staffId',
  'slaId',
  'duedate',
] as const;

/** Names that a form may well have, though they begin, end or go on like those. */
const lawful = [
  'account',
  'accounts',
  'access',
  'occupation',
  'success_criteria',
  'broadcc',
  'middleName',
  'middle_name',
  'midnight',
  'humid',
  'pidgin',
  'rapid',
  'reference',
  'order_reference',
  'preferences',
  'recipient',
  'recipient_address',
  'collaboration',
  'headers_sent',
  'page_header',
  'flag',
  'thread',
  'posters',
  'replied',
  'order-number',
] as const;

describe('a new ticket at osTicket', () => {
  for (const dialect of ['osticket', 'osticket-2018', 'osticket-2020', 'osticket-http'] as const)
    describe(dialect, () => {
      let desk: Desk;
      let server: Server;
      let url: string;
      /** Bodies of the creates that came. */
      let came: Record<string, unknown>[];
      before(async () => {
        desk = openDesk({ seed: 'small', key });
        const handler = desk.handler(dialect);
        server = createServer((incoming, outgoing) => {
          void answerNode(
            async (request) => {
              if (request.method === 'POST') {
                const body = await request.clone().text();
                came.push(
                  body.startsWith('{')
                    ? (JSON.parse(body) as Record<string, unknown>)
                    : Object.fromEntries(new URLSearchParams(body)),
                );
              }
              return handler(request);
            },
            incoming,
            outgoing,
          );
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      });
      beforeEach(() => (came = []));
      after(() => {
        server.closeAllConnections();
        server.close();
        desk.close();
      });

      const open = (changes: Partial<RelayOptions> = {}): Relay =>
        relayOf(upstreams[dialect]({ url, key, tokens: {} }), changes);
      const create = (relay: Relay, more: object, who?: string): Promise<Response> =>
        send(relay, 'POST', '/v1/tickets', { body: { ...draft, ...more }, ...(who && { who }) });

      it('has no field that says where mail goes, or who writes', async () => {
        const relay = open();
        for (const name of hostile) {
          const response = await create(relay, { fields: { [name]: 'omar@example.test' } }, 'jane');
          const { fields } = (await response.json()) as { fields?: object };
          expect([name, response.status, fields]).to.deep.equal([name, 400, { [name]: 'This is not valid.' }]);
        }
        expect(came).to.deep.equal([]);
      });

      it('mails nobody whose address is not proved, and tells no agent of it', async () => {
        const relay = open({ guests: { mode: 'create' } });
        // Somebody known, since the code of 2020 takes no others.
        const email = 'omar@example.test';
        for (const more of [{}, { displayName: 'Omar', fields: { order_number: 'A-7' } }])
          expect((await create(relay, { ...more, email })).status).to.equal(201);
        expect(came.map(({ email, alert, autorespond }) => [email, Number(alert), Number(autorespond)])).to.deep.equal([
          [email, 0, 0],
          [email, 0, 0],
        ]);
      });

      it('is not made loud, or quiet, by a page', async () => {
        const guests = open({ guests: { mode: 'create' } });
        const asked = [
          { unproved: false },
          { unproved: true },
          { alert: true },
          { autorespond: true },
          { call: { unproved: false } },
          { fields: { alert: '1' } },
          { fields: { autorespond: '1' } },
          { fields: { Alert: '1' } },
        ];
        for (const more of asked) {
          const refused = [
            await create(guests, { ...more, email: 'omar@example.test' }),
            await create(open(), more, 'jane'),
          ];
          expect(refused.map(({ status }) => status)).to.deep.equal([400, 400]);
        }
        expect(came).to.deep.equal([]);
      });

      it('is as loud as osTicket is set to be where the address is proved', async () => {
        let code = '';
        const guests = {
          mode: 'verify' as const,
          secret: 'a secret for guests, which is long enough',
          send: async (mail: { code: string }) => void ({ code } = mail),
        };
        const email = 'jane@example.test';
        const relay = open({ guests });
        await send(relay, 'POST', '/v1/guest-access', { body: { email } });
        const confirmed = await send(relay, 'POST', '/v1/guest-access/confirm', { body: { email, code } });
        const { token } = (await confirmed.json()) as { token: string };
        const made = [
          await create(relay, {}, 'jane'),
          await create(open({ guests: { mode: 'create' } }), {}, 'jane'),
          await send(relay, 'POST', '/v1/tickets', { token, body: draft }),
        ];
        expect(made.map(({ status }) => status)).to.deep.equal([201, 201, 201]);
        for (const body of came) {
          expect(body).to.include({ email });
          expect(body).not.to.have.any.keys('alert', 'autorespond');
        }
        expect(came).to.have.lengthOf(3);
      });

      it('has every other field of its form', async () => {
        const fields = Object.fromEntries(lawful.map((name) => [name, `the ${name}`]));
        expect((await create(open(), { fields }, 'jane')).status).to.equal(201);
        expect(came).to.have.lengthOf(1);
        expect(came[0]).to.include(fields);
      });
    });
});
