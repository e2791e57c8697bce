/** Ways from a page's back end to a relay. What comes back is looked through. */
import { createAdaptorServer } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import type { Relay } from '../../src/relay/index.js';
import { here, page } from './bench.js';
import { saw, sawAnswer, watch } from './leaks.js';

/** Where a relay can be asked, and how to end that. */
export interface Mount {
  readonly url: string;
  close(): void;
}
export type MountRelay = (relay: Relay) => Promise<Mount>;

/** `fetch` to the relay's address is the relay. Who stops waiting is not kept, as with a connection. */
export const inProcess: MountRelay = async (relay) => {
  const real = globalThis.fetch;
  const routed = async (...args: Parameters<typeof fetch>): Promise<Response> => {
    const [to] = args;
    if (!(to instanceof Request ? to.url : String(to)).startsWith(`${here}/`)) return real(...args);
    const request = new Request(...args);
    const { signal } = request;
    signal.throwIfAborted();
    request.headers.set('Origin', page);
    const left = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    const answer = relay(request).catch((error: Error) => {
      saw(String(error.stack), 'An error');
      throw error;
    });
    const response = await Promise.race([answer, left]);
    await sawAnswer(response);
    return response;
  };
  globalThis.fetch = Object.assign(routed, real);
  return { url: here, close: () => void (globalThis.fetch = real) };
};

/** Served by Node. */
export const overHttp: MountRelay = async (relay) => {
  const server = createAdaptorServer({ fetch: (request) => relay(request) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  watch(url);
  return {
    url,
    close() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
    },
  };
};
