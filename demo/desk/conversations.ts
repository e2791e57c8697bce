/** The conversations the desk is filled with. */
import type { FileDraft, TicketState } from './store.js';
import { pdf, png } from './files.js';

/** Who speaks: the requester (`me`; through the API: `api`), an agent by name, `note:` for agents only, or the system. */
export type Speaker = 'me' | 'api' | 'nora' | 'tomas' | 'note:nora' | 'note:tomas' | 'closed';

/** Speaker, minutes since the line before, words (HTML where they begin with `<`), files. */
export type Line = readonly [by: Speaker, minutes: number, words: string, files?: readonly FileDraft[]];

export interface Story {
  readonly who: 'jane' | 'omar' | 'mia';
  readonly number?: string;
  readonly subject: string;
  readonly topic: number;
  /** Hours before now when the ticket was opened. */
  readonly hoursAgo: number;
  readonly state?: TicketState;
  /** 1 low to 4 emergency; the topic's own otherwise. */
  readonly priority?: number;
  readonly agent?: 'nora' | 'tomas';
  readonly source?: 'API' | 'Web' | 'Email' | 'Phone';
  readonly onHold?: boolean;
  /** Hours from now; negative is overdue. */
  readonly dueIn?: number;
  readonly rating?: number;
  readonly tags?: readonly number[];
  readonly order?: string;
  readonly lines: readonly Line[];
}

const text = (name: string, content: string): FileDraft => ({ name, type: 'text/plain', bytes: Buffer.from(content) });
const picture = (name: string, key: string, ...colour: [number, number, number]): FileDraft => ({
  name,
  type: 'image/png',
  bytes: png(96, ...colour),
  key,
});
const paper = (name: string, line: string): FileDraft => ({ name, type: 'application/pdf', bytes: pdf(line) });

const diagram = '4kQ2vXw8Rb1ZsUo6NmTe9cLyHa3GpJd7';
const inline = `<img src="cid:${diagram.toLowerCase()}" data-image="${diagram}" alt="Where to find the switch" />`;

/** A few tickets that show everything once: what tests begin with. */
export const few: readonly Story[] = [
  {
    who: 'jane',
    number: '309214',
    subject: 'VPN drops every ten minutes',
    topic: 12,
    hoursAgo: 50,
    agent: 'nora',
    tags: [1, 3],
    lines: [
      [
        'me',
        0,
        '<p>Since Monday my VPN drops about every ten minutes. The log &amp; a screenshot are attached.</p><ul><li>Windows 11</li><li>Client 5.1</li></ul>',
        [
          picture('shot.png', '1pWm5RxZc8Tb2NqLs6UyEk4HoJv9DgAf', 70, 130, 220),
          text('vpn.log', '10:01 connected\n10:11 dropped\n10:12 connected\n10:22 dropped\n'),
        ],
      ],
      [
        'nora',
        95,
        `<p>Hello Jane,</p><p>thank you for the log. Please <b>turn off</b> “Power saving” for the network card, here: ${inline}</p>` +
          '<blockquote><p>drops about every ten minutes</p><blockquote><p>Since Monday</p></blockquote></blockquote>' +
          '<table><tbody><tr><th>Client</th><th>Known to work</th></tr><tr><td>5.1</td><td>no</td></tr><tr><td>5.2</td><td>yes</td></tr></tbody></table>' +
          '<pre>sudo systemctl restart vpn</pre><p><a href="http://example.test/kb?x=1&amp;y=2">How to update the client</a></p>',
        [picture('diagram.png', diagram, 90, 170, 110)],
      ],
      [
        'note:nora',
        2,
        '<p>INTERNAL: third VPN case this week, the gateway in room 4 is suspicious. Do not tell customers yet.</p>',
      ],
      [
        'api',
        190,
        'That helped for an hour, then it began again. 5 &lt; 6 minutes between drops now.<br />I have not updated yet.',
      ],
    ],
  },
  {
    who: 'jane',
    number: '004217',
    subject: 'Invoice shows our old address',
    topic: 13,
    hoursAgo: 26,
    source: 'Web',
    lines: [
      [
        'me',
        0,
        'Hello,\nthe invoice of this month still has our old address in Mill Lane. We moved to 12 Harbour Road in May.\n\nCould you send a corrected one?\nJane',
      ],
    ],
  },
  {
    who: 'jane',
    number: '512036',
    subject: 'Cannot print on both sides',
    topic: 17,
    hoursAgo: 400,
    state: 'closed',
    agent: 'tomas',
    rating: 5,
    lines: [
      ['me', 0, 'The printer on floor 2 prints one side only since the update. Other printers are fine.'],
      [
        'tomas',
        60,
        '<p>Hello Jane,</p><p>the driver lost its duplex setting. I have set it again; please restart and try.</p>',
      ],
      ['api', 45, 'Works again, thank you!'],
      ['closed', 1, 'Closed by user'],
    ],
  },
  {
    who: 'jane',
    number: '431870',
    subject: 'Request a second monitor',
    topic: 1,
    hoursAgo: 700,
    state: 'resolved',
    agent: 'nora',
    priority: 1,
    lines: [
      ['me', 0, 'I work with large tables and would like a second monitor.'],
      ['note:nora', 30, '<p>INTERNAL: budget code 7731, ask Eva first.</p>'],
      ['nora', 1500, '<p>It is on its way and will be on your desk on Thursday.</p>'],
    ],
  },
  {
    who: 'jane',
    number: '287455',
    subject: 'طلب إعادة تعيين كلمة المرور',
    topic: 11,
    hoursAgo: 8,
    priority: 3,
    lines: [
      ['me', 0, 'مرحبا، لا أستطيع الدخول إلى حسابي منذ هذا الصباح. الرجاء إعادة تعيين كلمة المرور.'],
      ['tomas', 25, '<p dir="rtl">مرحبا جين، أرسلنا إليك رابطا جديدا. صالح لمدة ٢٤ ساعة.</p>'],
    ],
  },
  {
    who: 'jane',
    number: '198302',
    subject: 'Old newsletter subscription',
    topic: 2,
    hoursAgo: 5000,
    state: 'archived',
    lines: [['me', 0, 'Please take my former address off the newsletter.']],
  },
  {
    who: 'omar',
    number: '680431',
    subject: 'Laptop for a new colleague',
    topic: 1,
    hoursAgo: 30,
    agent: 'tomas',
    priority: 3,
    lines: [
      [
        'me',
        0,
        'A new colleague, Lena Brandt, starts on the first. She needs a laptop with a German keyboard.',
        [paper('order.pdf', 'Order 7741: one laptop, German keyboard')],
      ],
      ['note:tomas', 12, '<p>INTERNAL: two left in stock, one has a broken hinge.</p>'],
      ['tomas', 30, '<p>Hello Omar,</p><p>we have one in stock. Shall we bring it to your office or hers?</p>'],
    ],
  },
  {
    who: 'omar',
    number: '737120',
    subject: 'Thanks for the quick help',
    topic: 2,
    hoursAgo: 240,
    state: 'closed',
    rating: 4,
    lines: [
      ['me', 0, 'Just a note: the new scanner works well. Thank you, Nora!'],
      ['closed', 3, 'Closed by user'],
    ],
  },
];
