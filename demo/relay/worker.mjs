// The relay as a worker. Give it a back end that does not ask for one source address: osTicket binds its key to one.
// With more than one instance give it a store that all of them share, too.
import { osticket } from 'helpdesk-elements/backends/osticket';
import { createRelay } from 'helpdesk-elements/relay';

let relay;

export default {
  fetch(request, env) {
    relay ??= createRelay({
      backend: osticket({ url: env.HELPDESK_URL, apiKey: env.HELPDESK_API_KEY }),
      identity: { audience: env.HELPDESK_AUDIENCE, keys: [{ alg: 'HS256', secret: env.HELPDESK_JWT_SECRET }] },
      origins: env.HELPDESK_ORIGINS.split(' '),
    });
    return relay(request, env);
  },
};
