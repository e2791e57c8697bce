/** What a help desk has to hold for the contract suite: exact, so that the suite can be. */

const jane = 'jane@example.test';
const omar = 'omar@example.test';

/** Load all of it into the help desk of each test. Times are ISO 8601 UTC. */
export const sample = {
  people: [
    { id: '1', name: 'Jane Doe', email: jane },
    { id: '2', name: 'Omar Haddad', email: omar },
  ],
  /** What people may choose. Where yours have other ids, say so in `Traits.topic`. */
  topics: [
    { id: '1', name: 'General Inquiry' },
    { id: '2', name: 'Feedback' },
    { id: '10', name: 'Report a Problem' },
    { id: '11', name: 'Report a Problem / Access Issue' },
    { id: '12', name: 'Report a Problem / Access Issue / VPN and remote' },
    { id: '13', name: 'Billing' },
    { id: '14', name: 'Billing / Refund request' },
    { id: '15', name: 'Order question' },
    { id: '17', name: 'Report a Problem / Printer' },
  ],
  /** Oldest first. `state` is to be mapped to your system's own, and named in `Traits.states`. */
  tickets: [
    ['198302', jane, '2', 'archived', 'Old newsletter subscription', '2026-04-27T22:09:41.000Z'],
    ['431870', jane, '1', 'resolved', 'Request a second monitor', '2026-10-24T02:09:41.000Z'],
    ['512036', jane, '17', 'closed', 'Cannot print on both sides', '2026-11-05T14:09:41.000Z'],
    ['737120', omar, '2', 'closed', 'Thanks for the quick help', '2026-11-12T06:09:41.000Z'],
    ['309214', jane, '12', 'open', 'VPN drops every ten minutes', '2026-11-20T04:09:41.000Z'],
    ['680431', omar, '1', 'open', 'Laptop for a new colleague', '2026-11-21T00:09:41.000Z'],
    ['004217', jane, '13', 'open', 'Invoice shows our old address', '2026-11-21T04:09:41.000Z'],
    ['287455', jane, '11', 'open', 'طلب إعادة تعيين كلمة المرور', '2026-11-21T22:09:41.000Z'],
  ].map(([number = '', requester = '', topicId = '', state = '', subject = '', createdAt = '']) => ({
    number,
    requester,
    topicId,
    state: state as 'open' | 'resolved' | 'closed' | 'archived',
    subject,
    message: `About: ${subject}`,
    createdAt,
  })),
} as const;
