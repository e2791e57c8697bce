// The relay in a Hono app, and in anything else that takes a fetch handler: Deno.serve(app.fetch), Bun.serve(app).
import { Hono } from 'hono';
import { osticket } from 'helpdesk-elements/backends/osticket';
import { createRelay } from 'helpdesk-elements/relay';

export function createApp({ url, apiKey, secret, audience, origin }) {
  const relay = createRelay({
    basePath: '/helpdesk',
    backend: osticket({ url, apiKey }),
    identity: { audience, keys: [{ alg: 'HS256', secret }] },
    origins: [origin],
  });
  const app = new Hono();
  app.get('/', (context) => context.text('Your site'));
  app.all('/helpdesk/*', (context) => relay(context.req.raw, context.env));
  return app;
}
