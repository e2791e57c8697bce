/** Between Node's HTTP server and web-standard handlers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { ConnectionDrop } from './faults.js';

/** The body of a GET, which a `Request` cannot hold although one documented call wants it. */
export const getBodies = new WeakMap<Request, string>();

async function readAll(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const { method = 'GET', url = '/' } = incoming;
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!);
  const bare = method === 'GET' || method === 'HEAD';
  const body = bare ? {} : { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' };
  const request = new Request(new URL(url, `http://${incoming.headers.host ?? 'localhost'}`), {
    method,
    headers,
    signal,
    ...body,
  });
  const length = incoming.headers['content-length'];
  if (bare && (incoming.headers['transfer-encoding'] || (length && length !== '0')))
    getBodies.set(request, await readAll(incoming));
  return request;
}

/**
 * Breaks an answer off. Browsers send a request again by themselves, a PUT or POST too, when a connection they had used
 * before breaks without a byte of an answer; so that a page sees the cut, it comes after the answer's first lines.
 */
function cut({ headers, socket }: IncomingMessage): void {
  // Who asked may be gone already.
  if (headers['user-agent']?.startsWith('Mozilla') && socket.writable)
    socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n', () =>
      socket.destroy(),
    );
  else socket.destroy();
}

/** Answers one request of a Node server with a handler. Cuts the connection where the handler says so. Never rejects. */
export async function answerNode(
  handler: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  try {
    const response = await handler(await toRequest(incoming, gone.signal));
    const body = Buffer.from(await response.arrayBuffer());
    outgoing.statusCode = response.status;
    for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
    if (response.status !== 204) outgoing.setHeader('Content-Length', body.length);
    // What the handler left unread would be taken for the next request.
    if (!incoming.readableEnded) incoming.resume();
    outgoing.end(incoming.method === 'HEAD' ? undefined : body);
  } catch (error) {
    if (!(error instanceof ConnectionDrop)) console.error(error);
    cut(incoming);
  }
}
