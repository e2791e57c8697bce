/** Every back end as a relay is given it, in front of a help desk of the demo. */
import { jaze } from '../../src/backends/jaze.js';
import { osticketHttp } from '../../src/backends/osticket-http.js';
import { osticket } from '../../src/backends/osticket.js';
import { supportTicket } from '../../src/backends/support-ticket.js';
import type { Topic } from '../../src/model.js';
import type { BackendFor } from '../../src/relay/index.js';

/** What the demo's help desk says of itself. */
export interface Place {
  /** Where the dialect is. */
  readonly url: string;
  readonly key: string;
  /** E-mail → bearer token. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** Topics of systems without a list of them. */
export const fixedTopics = {
  'osticket-http': [
    { id: '2', name: 'Feedback' },
    { id: '12', name: 'Report a Problem / Access Issue / VPN and remote' },
    { id: '14', name: 'Billing / Refund request' },
  ],
  // Known by their word.
  jaze: ['VPN and remote', 'Refund request', 'General Inquiry'].map((name) => ({ id: name, name })),
} satisfies Record<string, readonly Topic[]>;

export const upstreams = {
  osticket: ({ url, key }: Place): BackendFor => osticket({ url, apiKey: key }),
  'osticket-2018': ({ url, key }: Place): BackendFor => osticket({ url, apiKey: key, shape: '2018' }),
  'osticket-2020': ({ url, key }: Place): BackendFor => osticket({ url, apiKey: key, shape: '2020' }),
  'osticket-http': ({ url, key }: Place): BackendFor =>
    osticketHttp({ url, apiKey: key, topics: fixedTopics['osticket-http'] }),
  'support-ticket': ({ url, key, tokens }: Place): BackendFor => {
    const made = new Map<string, ReturnType<typeof supportTicket>>();
    // It knows people by tokens of its own.
    return ({ identity: { email = '' } }) => {
      if (!made.has(email))
        made.set(email, supportTicket({ url: `${url}/api/v1`, apiKey: key, accessToken: tokens[email] ?? '' }));
      return made.get(email)!;
    };
  },
  jaze: ({ url, key }: Place): BackendFor => jaze({ url, headers: { Authorization: key }, topics: fixedTopics.jaze }),
} as const;

export type Upstream = keyof typeof upstreams;
export const upstreamNames = Object.keys(upstreams) as Upstream[];

/** A topic that may be chosen there. */
export const topicOf: Readonly<Record<Upstream, string>> = {
  osticket: '1',
  'osticket-2018': '1',
  'osticket-2020': '1',
  'osticket-http': '14',
  'support-ticket': '1',
  jaze: 'General Inquiry',
};

/** The id by which a system knows a stored ticket. */
export const idOf = (name: Upstream, { id, number }: { id: number; number: string }): string =>
  name.startsWith('osticket') ? number : `${id}`;
