// The relay in an Express app, or any other that calls (request, response): mount it before whatever reads bodies.
import { getRequestListener } from '@hono/node-server';
import { osticket } from 'helpdesk-elements/backends/osticket';
import { createRelay } from 'helpdesk-elements/relay';

export function helpdesk({ url, apiKey, secret, audience, origin }) {
  const relay = createRelay({
    basePath: '/helpdesk',
    backend: osticket({ url, apiKey }),
    identity: { audience, keys: [{ alg: 'HS256', secret }] },
    origins: [origin],
    address: (_request, { incoming }) => incoming.socket.remoteAddress,
  });
  const answer = getRequestListener(relay);
  // app.use(helpdesk({ … }))
  return (request, response, next) => (request.url.startsWith('/helpdesk/') ? answer(request, response) : next());
}
