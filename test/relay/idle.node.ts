/** Connections that take their time. */
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import { endIdle } from '../../src/relay/idle.js';
import { identity, jane, openRelay, page, ticket, unlimited } from './bench.js';
import { tokenOf } from './tokens.js';

const idleMs = 1000;
/** Bytes of an answer that are taken in a millisecond. */
const pace = 8192;
/** Bun does not say what is taken: there a connection may take its time. */
const told = process.versions['bun'] === undefined;
const size = 16 * 1024 * 1024;
const file = { id: 'f1', name: 'a.bin' };
const entry = { id: 'e1', kind: 'message', author: jane, attachments: [file] } as const;

describe('a connection to a relay in Node', function () {
  this.timeout(30_000);
  let server: Server;
  let answerMs: number;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    answerMs = 0;
    const backend: Backend = {
      name: 'scripted',
      limits: {},
      listTickets: async () => ({ items: [] }),
      readThread: async () => ({ ticket, entries: [{ ...entry, body: { format: 'text', value: 'x' } }] }),
      createTicket: async () => ticket,
      async readAttachment() {
        await new Promise((resolve) => setTimeout(resolve, answerMs));
        return { blob: new Blob([new Uint8Array(size)]) };
      },
    };
    const relay = openRelay({ backend, identity, origins: [page], rates: unlimited });
    const fetch = endIdle((request, env) => relay(request, env), idleMs);
    server = createAdaptorServer({ fetch }) as Server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const open = async (): Promise<Socket> => {
    const { port } = server.address() as AddressInfo;
    const token = await tokenOf('jane');
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined).pause();
    socket.write(
      `GET /v1/tickets/1/attachments/f1 HTTP/1.1\r\nHost: relay.test\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    return socket;
  };

  it('ends where it takes nothing of its answer, and goes on where it takes a little at a time', async () => {
    // An answer may be long in coming.
    answerMs = idleMs * 2;
    const idle = 5;
    let ended = 0;
    const over = new Promise<void>((resolve) => {
      server.on('connection', (socket) => socket.once('close', () => ++ended === idle && resolve()));
    });
    const slow = await open();
    for (let at = 0; at < idle; at++) await open();
    const begun = Date.now();
    const parts: Buffer[] = [];
    let taken = 0;
    let since = 0;
    await new Promise<void>((resolve) => {
      slow.once('close', () => resolve());
      slow.on('data', (part: Buffer) => {
        parts.push(part);
        taken += part.length;
        if (taken >= size) return resolve();
        since ||= Date.now();
        // As much as is due by the clock: pauses are longer than they should be where the machine is busy.
        const early = taken / pace - (Date.now() - since);
        if (early <= 0) return;
        slow.pause();
        setTimeout(() => slow.resume(), early);
      });
      slow.resume();
    });
    expect(taken).to.be.at.least(size);
    expect(parts[0]!.toString('latin1', 0, 13)).to.equal('HTTP/1.1 200 ');
    expect(Date.now() - begun).to.be.greaterThan(idleMs * 3);
    if (told) await over;
    expect(ended).to.equal(told ? idle : 0);
  });
});
