/**
 * Help desks for browser tests, mounted in the test server under `/__desk__/`: real handlers over real HTTP, same origin.
 *
 * - `POST /__desk__/open` with the options of `openDesk` as JSON → `{id, key, tokens}` (e-mail → bearer token)
 * - `/__desk__/<id>/<dialect>/…` the dialect itself
 * - `/__desk__/<id>/relay-<dialect>/…` the relay in front of it
 * - `POST /__desk__/<id>/control` one `Control` as JSON → `{result}`
 * - `POST /__desk__/<id>/close`
 *
 * And `GET /__shared__/xss-vectors.json`: 404 where there is none.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Control } from '../../demo/desk/control.js';
import { type Desk, type DeskOptions, isDialect, openDesk } from '../../demo/desk/desk.js';
import { answerNode } from '../../demo/desk/node.js';
import { answerWithRelay } from '../relay/mount.js';

/** The part of Koa's context that is needed here. */
interface Context {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: string;
  type?: string;
  body?: string;
  /** False: Koa leaves the answer alone. */
  respond?: boolean;
}

/** Attacks collected elsewhere; tests run over them where they lie beside the project. */
const vectors = '../shared/xss-vectors.json';
/** A desk nobody has spoken to for this long is closed. */
const idleMs = 10 * 60_000;

/** Koa middleware for the test server. */
export function deskMiddleware(): (context: Context, next: () => Promise<unknown>) => Promise<unknown> {
  const desks = new Map<string, { desk: Desk; usedAt: number }>();
  let count = 0;

  const close = (id: string): void => {
    desks.get(id)?.desk.close();
    desks.delete(id);
  };

  async function answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    const [, , id = '', part = ''] = path.split('/');
    try {
      if (id === 'open' && request.method === 'POST') {
        for (const [old, { usedAt }] of desks) if (Date.now() - usedAt > idleMs) close(old);
        const desk = openDesk({ seed: 'small', ...((await request.json()) as DeskOptions), file: ':memory:' });
        const opened = `d${++count}`;
        desks.set(opened, { desk, usedAt: Date.now() });
        const tokens = Object.fromEntries([...desk.tokens].map(([token, email]) => [email, token]));
        return Response.json({ id: opened, key: desk.key, tokens });
      }
      const entry = desks.get(id);
      if (!entry) return Response.json({ error: `no desk ${id}` }, { status: 404 });
      entry.usedAt = Date.now();
      if (part === 'control') return Response.json({ result: entry.desk.control((await request.json()) as Control) });
      if (part === 'close') {
        close(id);
        return Response.json({ result: null });
      }
    } catch (error) {
      return Response.json({ error: String(error) }, { status: 400 });
    }
    const [, behind] = /^relay-(.+)/.exec(part) ?? [];
    if (behind) return answerWithRelay(desks.get(id)!.desk, `/__desk__/${id}`, behind, request);
    if (!isDialect(part)) return Response.json({ error: `no dialect ${part}` }, { status: 404 });
    const response = await desks.get(id)!.desk.handler(part, `/__desk__/${id}/${part}`)(request);
    // Sessions of osTicket would only pile up in the browser of the tests.
    response.headers.delete('Set-Cookie');
    // Connections are kept, as a page meets them at most other servers; it saves time, too.
    response.headers.delete('Connection');
    return response;
  }

  return async (context, next) => {
    if (context.path === '/__shared__/xss-vectors.json' && existsSync(vectors)) {
      context.type = 'json';
      context.body = readFileSync(vectors, 'utf8');
      return undefined;
    }
    if (!context.path.startsWith('/__desk__/')) return next();
    context.respond = false;
    // What the test server logs where the connection is cut; it would say 404.
    context.res.statusCode = 200;
    return answerNode(answer, context.req, context.res);
  };
}
