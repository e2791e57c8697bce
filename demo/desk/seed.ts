/** Fills an empty store. The same every time, but for the moment it counts back from. */
import { few, type Story } from './conversations.js';
import { manyOfMia, more } from './more-conversations.js';
import { storeText } from './dialects/php.js';
import type { DeskStore } from './store.js';

/** `none`: people, topics and tags only. `small`: eight tickets. `full`: 40 of Jane and Omar, 300 of Mia. */
export type SeedName = 'full' | 'small' | 'none';

const hour = 3_600_000;

/** The bearer token of a seeded person, e.g. `token-jane` for `jane@example.test`. */
export const tokenFor = (email: string): string => `token-${email.split('@')[0]!}`;

const customers = [
  { id: 1, name: 'Jane Doe', email: 'jane@example.test' },
  { id: 2, name: 'Omar Haddad', email: 'omar@example.test' },
  { id: 3, name: 'Mia Long', email: 'mia@example.test' },
];
const agents = [
  { id: 4, name: 'Nora Lind', email: 'nora@desk.example.test', username: 'nora', role: 'agent' as const },
  { id: 5, name: 'Tomas Rivera', email: 'tomas@desk.example.test', username: 'tomas', role: 'agent' as const },
];
const topics = [
  { id: 1, name: 'General Inquiry', description: 'Questions about products or services' },
  { id: 2, name: 'Feedback', priority: 1, description: 'What you like and what you do not' },
  { id: 10, name: 'Report a Problem', description: 'Something does not work' },
  { id: 11, name: 'Access Issue', parent_id: 10, description: 'Accounts, passwords and permissions' },
  { id: 12, name: 'VPN and remote', parent_id: 11, description: 'Working from elsewhere' },
  { id: 13, name: 'Billing', description: 'Invoices and payments' },
  { id: 14, name: 'Refund request', parent_id: 13, priority: 3, description: 'Money back' },
  {
    id: 15,
    name: 'Order question',
    field_name: 'order_number',
    field_label: 'Order number',
    description: 'An order on its way',
  },
  { id: 16, name: 'Staff only', public: 0, description: 'Chosen by agents' },
  { id: 17, name: 'Printing', parent_id: 10, description: 'Printers and scanners' },
];
const tags = [
  ['network', 'network, vpn, wifi'],
  ['hardware', 'laptop, monitor, printer'],
  ['waiting', 'waiting for somebody'],
  ['billing', 'invoice, refund'],
] as const;

const ids: Readonly<Record<string, number>> = { jane: 1, omar: 2, mia: 3, nora: 4, tomas: 5 };

function tell(store: DeskStore, story: Story, now: number): void {
  let at = now - story.hoursAgo * hour;
  const requester = store.person(ids[story.who]!)!;
  const topic = topics.find(({ id }) => id === story.topic);
  const { number, state = 'open', source = 'API', onHold, dueIn, rating, tags: tagIds, order } = story;
  const ticket = store.addTicket({
    subject: story.subject,
    requesterId: requester.id,
    topicId: story.topic,
    priority: story.priority ?? topic?.priority ?? 2,
    source,
    at,
    ...(number !== undefined && { number }),
    ...(story.agent && { assigneeId: ids[story.agent]! }),
    ...(onHold && { onHold }),
    ...(dueIn !== undefined && { dueAt: now + dueIn * hour }),
    ...(rating !== undefined && { rating }),
    ...(tagIds && { tagIds }),
    ...(order !== undefined && { fields: { order_number: order } }),
  });
  let lastMessage = 0;
  for (const [by, minutes, words, files] of story.lines) {
    at += minutes * 60_000;
    const html = words.startsWith('<') || by === 'api' || by === 'closed';
    const entry = {
      body: html ? words : storeText(words),
      format: html ? 'html' : 'text',
      at,
      ...(files && { files }),
    } as const;
    if (by === 'me' || by === 'api') {
      const first = !lastMessage && { title: story.subject, source };
      const poster = by === 'me' ? requester.name : '';
      lastMessage = store.addEntry(ticket.id, {
        kind: 'message',
        personId: requester.id,
        poster,
        ...first,
        ...entry,
      }).id;
    } else if (by === 'closed')
      store.addEntry(ticket.id, { kind: 'event', poster: 'SYSTEM', title: 'Status Changed', ...entry });
    else {
      const agent = store.person(ids[by.replace('note:', '')]!)!;
      const what = by.startsWith('note:')
        ? ({ kind: 'note', title: 'Private' } as const)
        : ({ kind: 'reply', parentId: lastMessage } as const);
      store.addEntry(ticket.id, { personId: agent.id, poster: agent.name, ...what, ...entry });
    }
  }
  if (state !== 'open') store.setState(ticket.id, state, at);
}

/** Fills the store; `now` in milliseconds since 1970. */
export function seedDesk(store: DeskStore, name: SeedName, now: number): void {
  for (const person of [...customers, ...agents]) store.addPerson(person);
  for (const topic of topics) store.addTopic(topic);
  for (const [tag, keyword] of tags) store.addTag(tag, keyword);
  const stories = name === 'none' ? [] : name === 'small' ? few : [...few, ...more, ...manyOfMia()];
  // Tickets have ids in the order they were opened in.
  for (const story of [...stories].sort((a, b) => b.hoursAgo - a.hoursAgo)) tell(store, story, now);
}
