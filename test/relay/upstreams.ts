/** Every back end as a relay is given it, in front of a help desk of the demo. */
import { osticket } from '../../src/backends/osticket.js';
import { supportTicket } from '../../src/backends/support-ticket.js';
import type { BackendFor } from '../../src/relay/index.js';

/** What the demo's help desk says of itself. */
export interface Place {
  /** Where the dialect is. */
  readonly url: string;
  readonly key: string;
  /** E-mail → bearer token. */
  readonly tokens: Readonly<Record<string, string>>;
}

export const upstreams = {
  osticket: ({ url, key }: Place): BackendFor => osticket({ url, apiKey: key }),
  'support-ticket': ({ url, key, tokens }: Place): BackendFor => {
    const made = new Map<string, ReturnType<typeof supportTicket>>();
    // It knows people by tokens of its own.
    return ({ identity: { email = '' } }) => {
      if (!made.has(email))
        made.set(email, supportTicket({ url: `${url}/api/v1`, apiKey: key, accessToken: tokens[email] ?? '' }));
      return made.get(email)!;
    };
  },
} as const;

export type Upstream = keyof typeof upstreams;
export const upstreamNames = Object.keys(upstreams) as Upstream[];
