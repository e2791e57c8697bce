// What every page of a comparison shows: the same tickets and entries, in the same words.
const start = Date.UTC(2026, 2, 2, 9);
const words =
  'The printer on the second floor stops after every third page and asks for paper although the tray is full'.split(
    ' ',
  );
const pick = (index, count) => Array.from({ length: count }, (_, at) => words[(index * 7 + at * 3) % words.length]);
const iso = (minutes) => new Date(start - minutes * 60_000).toISOString();

export const makeTicket = (index) => ({
  id: `t${index}`,
  number: `${100_000 + index}`,
  subject: pick(index, 6).join(' '),
  status: ['open', 'pending', 'resolved', 'closed'][index % 4],
  topic: { id: `${index % 8}`, name: `Topic ${index % 8}` },
  requester: { name: 'Jane Doe', email: 'jane@example.test', role: 'requester' },
  createdAt: iso(index * 90 + 2000),
  updatedAt: iso(index * 90),
});
export const makeTickets = (count) => Array.from({ length: count }, (_, index) => makeTicket(index));

export const makeEntry = (index, of) => ({
  id: `e${index}`,
  kind: index % 2 ? 'reply' : 'message',
  author: index % 2 ? { name: 'Nora Lind', role: 'agent' } : { name: 'Jane Doe', role: 'requester' },
  createdAt: iso((of - index) * 47),
  body: { format: 'text', value: pick(index, 24 + (index % 5) * 8).join(' ') },
  attachments: [],
});
export const makeEntries = (count) => Array.from({ length: count }, (_, index) => makeEntry(index, count));
export const topics = Array.from({ length: 8 }, (_, index) => ({ id: `${index}`, name: `Topic ${index}` }));
