// The measured table of the README: ours and the floors from this run, others as they were measured once with the same
// pages and the same browser (Chromium 156, two shared cores, medians of 5; their bytes as brotli). Every time is said
// beside the floor of its own run: milliseconds of another machine mean nothing.
import { table } from '../readme.mjs';

const ratio = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ×`;
const kB = (bytes) => (bytes / 1000).toFixed(1);
const whole = (value) => value.toFixed(0);

/** Requests, kB, blocking and script milliseconds (processor four times slower), launcher beside the floor, kB of the click. */
const othersBefore = [
  ['Sentry feedback', '1', '37', '3–11', '49', 613 / 417, '15'],
  ['deep-chat', '1', '90', '0', '54'],
  ['Papercups', '4', '130', '335', '384'],
  ['Typebot', '1', '160', '187', '237'],
  ['LibreDesk', '14', '217', '254', '123', 2519 / 417, '36'],
  ['Chatwoot', '11', '342', '497', '543', 2655 / 417, '18'],
  ['Rocket.Chat', '15', '368', '817', '303', 3450 / 417, '0'],
  ['n8n chat', '5', '470', '711', '743', 3388 / 417, '0'],
];
/** Milliseconds from the data to the paint, and elements then; the floors of that run stand first. */
const lists = {
  floor: [25, 21, 19],
  '`@lit-labs/virtualizer`': [32, 26, 30, '156'],
  'Vaadin grid': [64, 63, 44, '325'],
  'everything at once, by hand': [36, 252, 2190, '60,000'],
  'LibreDesk, its list': [169, 934, 16_550, '132,040'],
};
const threads = {
  floor: [20, 22, 22],
  'everything at once, by hand': [19, 105, 917, '25,497'],
  'Vaadin message-list': [74, 433, 2956, '70,000'],
  'deep-chat': [40, 155, 11_417, '16,000'],
  'LibreDesk, its thread': [71, 238, 1583, '27,007'],
  'Chatwoot, its thread': [302, 836, 5400, '77,324'],
  'n8n, its thread': [206, 1148, 9161, '20,021'],
};

function beforeAndClick({ before, click }) {
  const toForm = (name) => [kB(click[name].scriptBytes), ratio(click[name].usable / click.lit.usable)];
  const own = (name, label) => {
    const { requests, bytes, blocking, script, visible } = before[name];
    return [
      label,
      whole(requests),
      kB(bytes),
      whole(blocking),
      whole(script),
      ratio(visible / before.lit.visible),
      ...toForm(name),
    ];
  };
  return table(
    ['Page', 'Requests', 'kB', 'Blocking ms', 'Script ms', 'Launcher seen', 'Click, kB', 'Click to form'],
    [
      own('lit', 'floor: a button, a form in bare Lit on click'),
      own('ours', '**help desk**, through the relay'),
      // Before the click it is the same page.
      ['the same, osTicket asked itself', '', '', '', '', '', ...toForm('direct')],
      ...othersBefore.map(([name, requests, bytes, blocking, script, visible, clicked]) => [
        name,
        requests,
        bytes,
        blocking,
        script,
        visible ? ratio(visible) : '',
        clicked ?? '',
        '',
      ]),
    ],
  );
}

function long(what, measured, others, sizes) {
  const { floor, ...rest } = others;
  const [base, ours] = [measured[`lit-${what}`], measured[`ours-${what}`]];
  const last = sizes.at(-1);
  return table(
    [
      what === 'list' ? 'Long list' : 'Long thread',
      ...sizes.map((size) => size.toLocaleString('en')),
      'One more',
      'Elements',
    ],
    [
      ['floor: bare Lit, a screenful first', ...sizes.map(() => '1'), '1', whole(base[last].elements)],
      [
        `**\`ticket-${what}\`**`,
        ...sizes.map((size) => ratio(ours[size].show / base[size].show)),
        ratio(ours[last].append / base[last].append),
        whole(ours[last].elements),
      ],
      ...Object.entries(rest).map(([name, row]) => [
        name,
        ...sizes.map((_, at) => ratio(row[at] / floor[at])),
        '',
        row.at(-1),
      ]),
    ],
  );
}

function theRest({ typing, churn, journey }) {
  const { form, thread } = typing;
  return table(
    ['What', 'Help desk', 'Beside it'],
    [
      [
        'A key to its paint, in the form',
        ratio(form['ours-form'].paint / form['lit-form-page'].paint),
        'floor 1; Chatwoot 1.4 ×',
      ],
      [
        'A key to its paint, under 500 drawn entries',
        ratio(thread['ours-thread'].paint / thread['lit-thread'].paint),
        'floor 1',
      ],
      [
        'Opened and closed: kB, nodes, listeners that stay each time',
        `${Math.max(0, churn.ours.heap).toFixed(1)}, ${churn.ours.nodes}, ${churn.ours.listeners}`,
        'Chatwoot 1.1 kB, Sentry 1.3 kB, n8n 1.7 kB',
      ],
      [
        'List, read, reply with nothing kept: interactions, requests, kB',
        `${journey.interactions}, ${journey.requests}, ${kB(journey.bytes)}`,
        "osTicket's own portal 7, 43, 388",
      ],
    ],
  );
}

/** The section's tables; undefined where this run has not measured all of them. */
export function speed(results) {
  const needed = ['before', 'click', 'lists', 'threads', 'typing', 'churn', 'journey'];
  if (needed.some((name) => !results[name])) return undefined;
  return [
    beforeAndClick(results),
    long('list', results.lists, lists, [100, 1000, 10_000]),
    long('thread', results.threads, threads, [50, 500, 5000]),
    theRest(results),
  ].join('\n\n');
}
