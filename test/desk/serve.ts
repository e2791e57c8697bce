/** Speaks to a help desk over a socket, byte by byte, as a client in another process would. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Desk, type DeskOptions, dialectNames, type DialectName, openDesk } from '../../demo/desk/desk.js';
import { answerNode } from '../../demo/desk/node.js';

export interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly bytes: Buffer;
}

export interface Served {
  readonly desk: Desk;
  readonly origin: string;
  /** A body that is not text is sent as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

/** One request over a connection of its own. Also a GET may have a body here. */
export function send(
  method: string,
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const content =
      body === undefined || typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body);
    const length = content === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(content)) };
    const outgoing = request(url, { method, agent: false, headers: { ...length, ...headers } }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({
          status: incoming.statusCode ?? 0,
          type: incoming.headers['content-type'],
          headers: incoming.headers,
          body: bytes.toString(),
          bytes,
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(content);
  });
}

/** A desk behind a server of its own. Every call carries `headers`, unless it brings others of the same name. */
export async function serveDesk(
  dialect: DialectName,
  options: DeskOptions,
  headers: Readonly<Record<string, string>>,
  basePath = '',
): Promise<Served> {
  const desk = openDesk(options);
  const handler = desk.handler(dialect, basePath);
  const server = createServer((incoming, outgoing) => void answerNode(handler, incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    desk,
    origin,
    call: (method, path, body, more) => send(method, origin + basePath + path, body, { ...headers, ...more }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      desk.close();
    },
  };
}

/** A multipart body of text fields and files. */
export async function multipart(
  fields: Readonly<Record<string, string | File>>,
): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = new Response(form);
  return {
    body: Buffer.from(await response.arrayBuffer()),
    headers: { 'Content-Type': response.headers.get('content-type')! },
  };
}

/** One desk behind one server that speaks every dialect, each under its name. */
export async function serveAll(options: DeskOptions): Promise<Omit<Served, 'call'>> {
  const desk = openDesk(options);
  const handlers = new Map(dialectNames.map((name) => [name as string, desk.handler(name, `/${name}`)]));
  const server = createServer((incoming, outgoing) => {
    const handler = handlers.get(incoming.url!.split('/')[1]!)!;
    void answerNode(handler, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    desk,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      desk.close();
    },
  };
}
