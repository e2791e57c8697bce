/** The rest of what Jane and Omar have written, and Mia's three hundred. */
import type { Line, Story } from './conversations.js';
import { pdf, png } from './files.js';
import { randomFrom } from './store.js';

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length]!;

/** 500 entries: a move of files that is reported batch by batch, with an agent looking in. */
function archiveMove(): Line[] {
  const random = randomFrom(500);
  const lines: Line[] = [
    [
      'me',
      0,
      'We are moving the drawings archive (about 1.2 million files) to the new storage. I will report each batch here, so that we both have the numbers in one place.',
    ],
  ];
  const remarks = [
    'Looks good from here.',
    'The skipped ones are open on somebody’s computer; they will go with the next batch.',
    'Load on the storage is fine, please go on.',
    'I have raised the limit a little, the next batch should be quicker.',
    'Thanks. I compared ten files at random and all were the same.',
  ];
  for (let batch = 1; lines.length < 499; batch++) {
    const files = 2000 + Math.floor(random() * 900);
    const skipped = Math.floor(random() * 9);
    lines.push([
      'api',
      20 + Math.floor(random() * 40),
      `Batch ${batch}: ${files} files copied, ${skipped ? `${skipped} skipped` : 'none skipped'}, ${(4 + random() * 5).toFixed(1)} GB.`,
    ]);
    if (batch % 12 === 0)
      lines.push(['note:tomas', 3, `<p>INTERNAL: volume 3 is at ${60 + (batch % 30)} percent.</p>`]);
    if (batch % 4 === 0) lines.push(['tomas', 8, `<p>${pick(remarks, batch / 4)}</p>`]);
  }
  return [
    ...lines.slice(0, 499),
    ['tomas', 15, '<p>That was the last one. I will switch the old share to read-only tonight.</p>'],
  ];
}

/** A short question and answer that go to and fro: `api` and the agent in turn. */
const talk = (agent: 'nora' | 'tomas', ...words: readonly string[]): Line[] =>
  words.map((line, index) => (index % 2 ? ['api', 6 + index, line] : [agent, 9 + 2 * index, `<p>${line}</p>`]));

/** Jane's and Omar's other tickets. */
export const more: readonly Story[] = [
  {
    who: 'jane',
    number: '845120',
    subject: 'Archive move, batch reports',
    topic: 1,
    hoursAgo: 420,
    agent: 'tomas',
    tags: [2],
    lines: archiveMove(),
  },
  {
    who: 'jane',
    subject:
      'Meeting room 3.14: the screen stays black when a laptop is connected, although the same cable works in room 3.12 and the same laptop works at home with two different televisions',
    topic: 10,
    hoursAgo: 75,
    agent: 'nora',
    lines: [
      [
        'me',
        0,
        'The subject says it all, I am afraid. We tried three laptops. The little lamp on the screen is orange.',
      ],
      [
        'nora',
        40,
        '<p>Orange means standby. Could you hold the power button of the <em>screen</em> (lower right, behind the edge) for five seconds?</p>',
      ],
      ['api', 12, 'I cannot find any button there. There is a sticker that says “Property of floor 3”.'],
      ['nora', 6, '<p>The button is under the sticker. You may take it off.</p>'],
      ['api', 9, 'It is under the sticker indeed! The screen now says “No signal”, which is progress.'],
      ['nora', 5, '<p>Now choose the input <b>HDMI 2</b>: the same button, short presses.</p>'],
      ['api', 4, 'We have a picture. Thank you!'],
      ['nora', 3, '<p>Wonderful. I will have a remote control put there tomorrow and then close this.</p>'],
    ],
  },
  {
    who: 'jane',
    subject: 'Refund for the cancelled training',
    topic: 14,
    hoursAgo: 130,
    agent: 'nora',
    tags: [4, 3],
    dueIn: -6,
    lines: [
      [
        'me',
        0,
        'The spreadsheet course on the 4th was cancelled, and I was told that the fee (180 €) comes back by itself. It has been three weeks. The receipt is attached.',
        [{ name: 'receipt.pdf', type: 'application/pdf', bytes: pdf('Receipt 2291: Spreadsheet course, 180 EUR') }],
      ],
      [
        'nora',
        200,
        '<p>Hello Jane, I am sorry. I have asked the finance office and will write as soon as I know more.</p>',
      ],
      ['note:nora', 1, '<p>INTERNAL: finance lost the whole list of participants; eleven people wait for money.</p>'],
      ['api', 3000, 'Is there any news?'],
    ],
  },
  {
    who: 'jane',
    subject: 'Wi-Fi in the garden',
    topic: 10,
    hoursAgo: 310,
    state: 'closed',
    agent: 'tomas',
    rating: 3,
    tags: [1],
    lines: [
      [
        'me',
        0,
        'Would it be possible to have Wi-Fi at the tables in the garden? In summer half of the office sits there.',
      ],
      [
        'tomas',
        1400,
        '<p>We looked into it: an outdoor access point is planned for spring. Until then the corner near the kitchen door has two bars.</p>',
      ],
      ['api', 60, 'Two bars it is, then.'],
      ['closed', 2, 'Closed by user'],
    ],
  },
  {
    who: 'jane',
    subject: 'Naïve café résumé: file names with accents are broken – “Žluťoučký kůň.docx”',
    topic: 10,
    hoursAgo: 60,
    lines: [
      [
        'me',
        0,
        'Files from our Prague office arrive as “ŽluÅ¥ouÄ\u008dký”. The Japanese ones (報告書.xlsx) are only question marks. It began on Tuesday.',
      ],
      [
        'tomas',
        180,
        '<p>That is the old gateway speaking Latin 1. Please send me <b>one</b> such file in a ZIP; the name inside stays intact.</p>',
      ],
    ],
  },
  {
    who: 'jane',
    subject: 'Wheelchair access to the server room visit',
    topic: 1,
    hoursAgo: 28,
    priority: 3,
    agent: 'nora',
    lines: [
      ['me', 0, 'One of the visitors next Wednesday uses a wheelchair. Is the lift to the basement working again?'],
      [
        'nora',
        22,
        '<p>Hello Jane,</p><p>the lift works again since Friday. The door to the server room is 86 cm wide; is that enough?</p><ul><li>Lift: 110 × 140 cm</li><li>Door: 86 cm</li><li>Threshold: none</li></ul>',
      ],
      ['api', 90, 'That is enough, thank you for measuring.'],
    ],
  },
  {
    who: 'jane',
    subject: 'Order 88213 has not arrived',
    topic: 15,
    hoursAgo: 18,
    order: '88213',
    dueIn: 20,
    lines: [['me', 0, 'The two headsets were to come on Monday. The tracking page says “handed over” since Thursday.']],
  },
  {
    who: 'jane',
    subject: 'Password expires during my leave',
    topic: 11,
    hoursAgo: 200,
    state: 'resolved',
    agent: 'tomas',
    lines: [
      ['me', 0, 'My password ends on the 3rd, but I am away until the 20th. Can I change it before I get the warning?'],
      [
        'tomas',
        15,
        '<p>Yes: press <kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>Del</kbd> and choose “Change a password”. It then lasts for 180 days from that moment.</p>',
      ],
      ['api', 10, 'Done. Thank you, and see you in December.'],
    ],
  },
  {
    who: 'jane',
    subject: 'The new phone system hangs up after 59 minutes',
    topic: 10,
    hoursAgo: 96,
    agent: 'tomas',
    onHold: true,
    tags: [3],
    lines: [
      [
        'me',
        0,
        'Every long call ends at exactly 59 minutes. Our call with the auditors ended in the middle of a number.',
      ],
      [
        'tomas',
        35,
        '<p>Do both sides hear the same (silence, then the tone)? And is it the desk phone or the app?</p>',
      ],
      ['api', 20, 'Both sides, and both devices.'],
      ['tomas', 10, '<p>Thank you, then it is our provider. I have opened a case there.</p>'],
      [
        'note:tomas',
        2,
        '<p>INTERNAL: case 55-1093 at the provider, they want a trace. Their hotline is useless before ten.</p>',
      ],
      ['tomas', 1440, '<p>The provider has found a session timer and will change it on Thursday night.</p>'],
      ['api', 30, 'Good. I will keep my calls at 58 minutes until then.'],
      ['tomas', 2, '<p>Very wise.</p>'],
      ['api', 900, 'Today it was 61 minutes. Is it done already, or was I lucky?'],
      ['tomas', 45, '<p>You were lucky: it changes tonight.</p>'],
      ['me', 1500, 'Two hours and five minutes this morning, with no break. I think this can be closed soon.'],
      ['tomas', 20, '<p>Let us wait for one more week, then I will close it.</p>'],
    ],
  },
  {
    who: 'jane',
    subject: 'Shared mailbox for the summer school',
    topic: 11,
    hoursAgo: 520,
    state: 'closed',
    agent: 'nora',
    rating: 5,
    lines: [
      ['me', 0, 'Could we have a mailbox summer-school@example.test for Omar and me, until September?'],
      [
        'nora',
        55,
        '<p>It is there. Both of you can read and send; it ends on 30 September unless you write to us.</p>',
      ],
      ['closed', 600, 'Closed by user'],
    ],
  },
  {
    who: 'jane',
    subject: 'Spam about parcels',
    topic: 10,
    hoursAgo: 90,
    priority: 2,
    lines: [
      [
        'me',
        0,
        'Three colleagues and I got this today:\n\n> Your parcel is waiting. Pay 1,99 here: http://parcel.invalid/pay\n> Regards, Your Post\n\nNobody clicked. Is it enough to delete it?',
      ],
      [
        'nora',
        11,
        '<p>Thank you for asking. Yes, delete it. For the next one: “Report” in the menu sends it to us.</p><blockquote><p>Is it enough to delete it?</p></blockquote>',
      ],
    ],
  },
  {
    who: 'jane',
    subject: 'Keyboard with a Greek layout',
    topic: 1,
    hoursAgo: 1200,
    state: 'archived',
    agent: 'tomas',
    lines: [
      ['me', 0, 'Για το ελληνικό πρόγραμμα I need a keyboard with Greek letters. Stickers would do.'],
      ['tomas', 2000, '<p>A real one is on your desk. Stickers fall off.</p>'],
    ],
  },
  {
    who: 'jane',
    subject: 'Two-factor sign-in: new phone',
    topic: 11,
    hoursAgo: 5,
    priority: 4,
    agent: 'nora',
    dueIn: 2,
    lines: [
      [
        'me',
        0,
        'My old phone is broken and the codes are gone with it. I can read this mailbox only because the laptop is still signed in. What shall I do?',
      ],
      [
        'nora',
        8,
        '<p>Do <strong>not</strong> sign out. Open “Security” in your account, choose “Add a device” and scan the code with the new phone. Then remove the old one.</p>',
      ],
      ['api', 14, 'It asks for a code from the old phone before it shows the new one.'],
      ['nora', 4, '<p>Then I shall reset it for you. Please call me on 4410, I need to hear your voice for that.</p>'],
      ['note:nora', 15, '<p>INTERNAL: identity checked by phone, second factor reset.</p>'],
    ],
  },
  {
    who: 'jane',
    subject: 'Feedback on the new intranet',
    topic: 2,
    hoursAgo: 44,
    lines: [
      [
        'me',
        0,
        'The search is much better than before. But why does the menu close when I move the mouse two millimetres too far?',
      ],
    ],
  },
  {
    who: 'jane',
    subject: 'Scan to e-mail sends empty pages',
    topic: 17,
    hoursAgo: 66,
    agent: 'tomas',
    lines: [
      [
        'me',
        0,
        'The scanner on floor 1 sends PDF files with as many white pages as I put in. See the picture.',
        [{ name: 'white page.png', type: 'image/png', bytes: png(64, 245, 245, 245) }],
      ],
      [
        'tomas',
        130,
        '<p>That is a fine picture of nothing. The lamp is dead; a new one comes tomorrow. Please use floor 2 until then.</p>',
      ],
      ...talk(
        'tomas',
        'The lamp is in. Could you scan one page for me?',
        'It is less white: a page with a grey stripe on the left.',
        'Is the stripe straight, or does it move when you turn the paper?',
        'Straight, and always at the left, two centimetres wide.',
        'Then it is dust on the glass strip beside the big glass. There is a cloth in the drawer.',
        'Which drawer? There are four, and one is locked.',
        'The one that is locked. The key hangs behind the poster of the lighthouse.',
        'Found! There was also somebody’s lunch in it.',
        'Not ours. How is the page now?',
        'White where it should be white, black where it should be black.',
        'Then I shall close this tomorrow, unless the stripe comes back.',
        'It did not come back. Thank you, Tomas!',
      ),
    ],
  },
  {
    who: 'jane',
    subject: 'Licence for the drawing program',
    topic: 13,
    hoursAgo: 160,
    state: 'resolved',
    agent: 'nora',
    tags: [4],
    lines: [
      ['me', 0, 'My licence ran out today, a month before the date in the contract.'],
      [
        'nora',
        70,
        '<table><thead><tr><th>Licence</th><th>Ends</th><th>Seats</th></tr></thead><tbody><tr><td>Drawing</td><td>31 January</td><td>12</td></tr><tr><td>Drawing (trial)</td><td>today</td><td>1</td></tr></tbody></table><p>You were still on the trial. I have given you a real seat.</p>',
      ],
    ],
  },
  {
    who: 'jane',
    subject: 'Desk 4-17 has no power',
    topic: 10,
    hoursAgo: 3,
    source: 'Phone',
    lines: [
      ['me', 0, 'Nothing at the whole row 4-15 to 4-18 since eight this morning. We are working in the kitchen.'],
    ],
  },
  {
    who: 'jane',
    subject: 'Holiday calendar is shown in the wrong time zone',
    topic: 10,
    hoursAgo: 250,
    state: 'closed',
    agent: 'nora',
    rating: 2,
    lines: [
      ['me', 0, 'All-day events begin at 01:00 and end at 01:00 of the next day.'],
      [
        'nora',
        2800,
        '<p>The calendar lived in UTC. It is now in Europe/Vienna; old entries have to be moved by hand, sorry.</p>',
      ],
      ['api', 30, 'By hand? There are four hundred.'],
      ['nora', 900, '<p>I have written a small script and moved them all. Please check.</p>'],
      ['closed', 400, 'Closed by user'],
    ],
  },
  {
    who: 'omar',
    subject: 'Access to the finance folder for Lena Brandt',
    topic: 11,
    hoursAgo: 24,
    agent: 'nora',
    lines: [
      ['me', 0, 'Lena starts on the first and will need to read (not change) the finance folder.'],
      [
        'nora',
        18,
        '<p>Read access from the first on is prepared. Her manager has to confirm; that is you, I think?</p>',
      ],
      ['api', 3, 'That is me. Confirmed.'],
    ],
  },
  {
    who: 'omar',
    subject: 'Video calls stutter every afternoon',
    topic: 12,
    hoursAgo: 170,
    agent: 'tomas',
    tags: [1],
    priority: 3,
    lines: [
      [
        'me',
        0,
        'Every day from about two o’clock the picture of everybody freezes, but only for those who work from home.',
      ],
      ['tomas', 25, '<p>Which way are you connected, VPN or without?</p>'],
      ['api', 7, 'VPN, all of us.'],
      ['tomas', 9, '<p>Could you try one call without it? The calls are encrypted by themselves.</p>'],
      ['api', 1430, 'Without VPN everything was smooth today, from two until five.'],
      [
        'tomas',
        12,
        '<p>Good to know. Then video should not go through the VPN at all. I will change the profile for your group.</p>',
      ],
      ['note:tomas', 1, '<p>INTERNAL: split tunnel for group OPS, ask security before doing it for all.</p>'],
      ['tomas', 1500, '<p>The new profile is out. Please connect once more and tell me.</p>'],
      ['api', 45, 'Two of us have it, Mia does not.'],
      ['tomas', 5, '<p>Mia is in another group. One moment.</p>'],
      ['tomas', 15, '<p>Now she is in yours.</p>'],
      ['api', 30, 'She says it works. I will watch it until Friday.'],
      ['api', 2880, 'It froze once on Thursday, at 14:10, for ten seconds.'],
      ['tomas', 20, '<p>That was the backup of the gateway. It now runs at night.</p>'],
      ['api', 1440, 'No freeze today.'],
    ],
  },
  {
    who: 'omar',
    subject: 'Invoice 2231 was paid twice',
    topic: 14,
    hoursAgo: 340,
    state: 'closed',
    agent: 'nora',
    tags: [4],
    rating: 4,
    lines: [
      ['me', 0, 'Our bank shows 412.50 twice for invoice 2231, on the 3rd and on the 5th.'],
      ['nora', 300, '<p>You are right. The second payment goes back today.</p>'],
      ['closed', 4000, 'Closed by user'],
    ],
  },
  {
    who: 'omar',
    subject: 'Label printer prints half labels',
    topic: 17,
    hoursAgo: 52,
    lines: [
      ['me', 0, 'Since the new roll every label is cut in the middle. 62 mm instead of 29 mm, I suppose.'],
      ['nora', 31, '<p>Exactly. Menu → Paper → 62 mm continuous. It forgets that with every new roll.</p>'],
    ],
  },
  {
    who: 'omar',
    subject: 'Order 90117: wrong colour',
    topic: 15,
    order: '90117',
    hoursAgo: 110,
    agent: 'tomas',
    state: 'resolved',
    lines: [
      ['me', 0, 'We ordered ten grey chairs and got nine grey and one very orange.'],
      ['tomas', 70, '<p>The tenth grey one comes on Tuesday. Keep the orange one if you like it.</p>'],
      ['api', 6, 'We like it.'],
    ],
  },
  {
    who: 'omar',
    subject: 'Backup report says “0 files”',
    topic: 10,
    hoursAgo: 12,
    priority: 4,
    agent: 'tomas',
    dueIn: -1,
    lines: [
      [
        'me',
        0,
        'Last night’s report of our project server: 0 files, 0 errors, “success”. The night before it was 48,211 files.',
      ],
      ['tomas', 4, '<p>Thank you, that is serious. I am on it.</p>'],
      [
        'note:tomas',
        20,
        '<p>INTERNAL: the mount was missing after the update. Nothing lost, but check all nine servers before telling anybody.</p>',
      ],
    ],
  },
  {
    who: 'omar',
    subject: 'Suggestion: dark mode for the time sheet',
    topic: 2,
    hoursAgo: 800,
    state: 'closed',
    rating: 1,
    lines: [
      ['me', 0, 'I fill it in at night.'],
      ['nora', 3000, '<p>The vendor says no. So do we, sadly.</p>'],
      ['closed', 10, 'Closed by user'],
    ],
  },
  {
    who: 'omar',
    subject: 'בקשה לגישה למדפסת',
    topic: 17,
    hoursAgo: 36,
    lines: [
      ['me', 0, 'שלום, אני צריך גישה למדפסת בקומה 2 (HP-4250). תודה!'],
      ['tomas', 44, '<p dir="rtl">שלום עומר, הגישה נפתחה.</p>'],
    ],
  },
  {
    who: 'omar',
    subject: 'Conference phone for the Berlin trip',
    topic: 1,
    hoursAgo: 220,
    state: 'closed',
    agent: 'nora',
    rating: 5,
    lines: [
      ['me', 0, 'May I borrow the conference phone from the 12th to the 14th?'],
      ['nora', 12, '<p>It is reserved for you.</p>'],
      ['api', 5800, 'It is back in the cupboard.'],
      ['closed', 1, 'Closed by user'],
    ],
  },
  {
    who: 'omar',
    subject: 'Export stops at 65,536 rows',
    topic: 10,
    hoursAgo: 84,
    agent: 'nora',
    lines: [
      ['me', 0, 'The export of the measurements ends at row 65,536, whatever I choose. The query has 71,208 rows.'],
      [
        'nora',
        50,
        '<p>That is the old file format. Choose <code>.xlsx</code> instead of <code>.xls</code>:</p><pre>Export → Format → Excel 2007 or later</pre>',
      ],
      ['api', 25, 'All 71,208. Thank you!'],
    ],
  },
  {
    who: 'omar',
    subject: 'Door card does not open the bicycle room',
    topic: 11,
    hoursAgo: 15,
    source: 'Email',
    lines: [['me', 0, 'It worked on Friday. The lamp blinks red three times.']],
  },
  {
    who: 'omar',
    subject: 'Certificate warning on the wiki',
    topic: 10,
    hoursAgo: 600,
    state: 'resolved',
    agent: 'tomas',
    lines: [
      ['me', 0, 'The browser says that the certificate of the wiki ended yesterday.'],
      ['tomas', 9, '<p>It did. There is a new one now; please reload.</p>'],
      ['api', 2, 'Fine again.'],
    ],
  },
  {
    who: 'omar',
    subject: 'Noise from the server cupboard on floor 4',
    topic: 1,
    hoursAgo: 40,
    priority: 1,
    agent: 'tomas',
    onHold: true,
    lines: [
      ['me', 0, 'It sounds like a small aeroplane. Mostly in the morning.'],
      ['tomas', 65, '<p>A fan. The part is ordered and comes next week; I have turned it down until then.</p>'],
      ...talk(
        'tomas',
        'The part came today, but it is the one for the bigger model.',
        'How big is the difference?',
        'Four centimetres. They send the right one at once.',
        'Is it safe until then? It is 28 degrees in there.',
        'Up to 35 is fine; it would write to me at 32.',
        'It is 30 now. I have opened the door of the cupboard a little.',
        'Good idea, please leave it like that overnight.',
        'Overnight the room is locked, so that is fine with us.',
      ),
    ],
  },
  {
    who: 'omar',
    subject: 'Old project server, archive of 2019',
    topic: 1,
    hoursAgo: 6000,
    state: 'archived',
    lines: [
      ['me', 0, 'Please keep the disks of the 2019 project for ten years.'],
      ['nora', 300, '<p>They are in the safe, box 44.</p>'],
    ],
  },
];

const things = ['Laptop', 'Headset', 'Badge', 'Scanner', 'Dock', 'Mailbox', 'Calendar', 'Phone', 'Screen', 'Licence'];
const troubles = [
  'does not start in the morning',
  'asks for a password again and again',
  'is missing after the move',
  'needs a new cable',
  'shows an error with a long number',
  'is slow since the update',
];
const wishes = [
  'It began this week. Restarting did not help.',
  'Could somebody have a look? I am at my desk until four.',
  'This is not urgent, but it would be nice to have it solved before the holidays.',
  'A colleague had the same last month, and you solved it in a minute.',
];
const answers = [
  'Thank you for telling us. I will come by this afternoon.',
  'Please try again now; I have reset it.',
  'We know about this one. It is solved with the update on Thursday.',
  'A new one is on its way to you.',
];

/** Mia's three hundred: short, and enough to page through. */
export function manyOfMia(): Story[] {
  const random = randomFrom(300);
  const topics = [1, 2, 10, 11, 12, 13, 17];
  return Array.from({ length: 300 }, (_, index): Story => {
    const lines: Line[] = [['me', 0, pick(wishes, Math.floor(random() * 40))]];
    if (random() < 0.7)
      lines.push(['nora', 30 + Math.floor(random() * 300), `<p>${pick(answers, Math.floor(random() * 40))}</p>`]);
    if (random() < 0.2) lines.push(['note:nora', 2, '<p>INTERNAL: same floor as the last one.</p>']);
    if (random() < 0.4) lines.push(['api', 60, 'Thank you, that helped.']);
    const fate = random();
    const state = fate < 0.45 ? 'closed' : fate < 0.6 ? 'resolved' : fate < 0.65 ? 'archived' : 'open';
    if (state === 'closed') lines.push(['closed', 1, 'Closed by user']);
    return {
      who: 'mia',
      subject: `${pick(things, index)} ${pick(troubles, Math.floor(index / things.length))} (${index + 1})`,
      topic: pick(topics, Math.floor(random() * 70)),
      hoursAgo: 30 + (300 - index) * 7,
      state,
      ...(random() < 0.5 && { agent: 'nora' as const }),
      lines,
    };
  });
}
