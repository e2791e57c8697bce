// The relay in a Node server of your own, beside your site's other routes. Here the host site also hands out the tokens.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { osticket } from 'helpdesk-elements/backends/osticket';
import { createRelay } from 'helpdesk-elements/relay';
import { createToken } from 'helpdesk-elements/token';

const { HELPDESK_URL, HELPDESK_API_KEY, HELPDESK_JWT_SECRET: secret, ORIGIN, PORT = '3000' } = process.env;
const audience = 'help.example.com';

const relay = createRelay({
  basePath: '/helpdesk',
  backend: osticket({ url: HELPDESK_URL, apiKey: HELPDESK_API_KEY }),
  identity: { audience, keys: [{ alg: 'HS256', secret }] },
  origins: [ORIGIN],
  address: (request, env) => env.incoming.socket.remoteAddress,
});
const answer = getRequestListener(relay);

// Whoever your site says is signed in: from its session, never from the request's own words.
const signedIn = (request) =>
  request.headers.cookie === 'session=jane' ? { id: '17', email: 'jane@example.test', name: 'Jane Doe' } : undefined;

createServer(async (request, response) => {
  if (request.url.startsWith('/helpdesk/')) return answer(request, response);
  if (request.url === '/helpdesk-token') {
    const person = signedIn(request);
    response.setHeader('Content-Type', 'application/json').setHeader('Cache-Control', 'no-store');
    response.writeHead(person ? 200 : 401);
    return response.end(JSON.stringify(person ? { token: await createToken(person, { secret, audience }) } : {}));
  }
  return response.writeHead(404).end();
}).listen(Number(PORT), '127.0.0.1', function () {
  console.log(`listening on ${this.address().port}`);
});
