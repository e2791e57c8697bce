/// <reference types="node" />
/** Connections that take nothing: the answers they asked for would be held for as long as they like. */
import type { HttpBindings } from '@hono/node-server';

type Answer<Env> = (request: Request, env: Env) => Promise<Response>;

/**
 * Ends a connection of a Node server that takes nothing of its answer for `ms` milliseconds. As long as a little is taken
 * it goes on, and the wait for an answer to begin does not count. What is sent to the relay has its own limits.
 * @param ms Long enough for a slow line to take a third of what a machine buffers for it: until then Linux says nothing.
 */
export const endIdle =
  <Env>(answer: Answer<Env>, ms = 60_000): Answer<Env> =>
  async (request, env) => {
    const response = await answer(request, env);
    // Set back by Node before the next request of this connection. Bun would count from here, however much is taken.
    if (process.versions['bun'] === undefined) (env as HttpBindings).outgoing.setTimeout(ms);
    return response;
  };
