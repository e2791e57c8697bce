// `npm run bench`: how long from the back end's answer until a person can use what it brought, in a real browser over HTTP
// with the built script. Medians of several runs; wall time means something only beside the other rows of the same run.
import { tsImport } from 'tsx/esm/api';
import puppeteer from 'puppeteer-core';
import { chromeArgs, findChrome } from './browsers.mjs';

const runs = Number(process.env.RUNS ?? 7);
const { serveDemo } = await tsImport('../demo/server.ts', import.meta.url);
const demo = await serveDemo();
const exe = findChrome();
const browser = await puppeteer.launch({
  executablePath: exe,
  headless: /headless-shell/.test(exe) ? 'shell' : true,
  args: chromeArgs,
});

/** Runs in the page before anything else: long tasks, and the moment a look succeeds after the next paint. */
const prepare = () => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });
};

/** Milliseconds from the end of the answer whose address holds `part` until `look` succeeds and is painted. */
async function measure(path, part, look, act) {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(prepare);
  await page.goto(demo.url + path);
  if (act) {
    await page.waitForFunction(act.when, { polling: 'raf' });
    await page.evaluate(act.run);
  }
  await page.waitForFunction(look, { polling: 'raf' });
  const result = await page.evaluate(
    (wanted) =>
      new Promise((resolve) =>
        requestAnimationFrame(() =>
          setTimeout(() => {
            const now = performance.now();
            const answered = performance
              .getEntriesByType('resource')
              .filter(({ name }) => name.includes(wanted))
              .at(-1).responseEnd;
            const after = window.longTasks.filter(([start]) => start >= answered - 50);
            const count = (root) =>
              [...root.querySelectorAll('*')].reduce(
                (sum, one) => sum + 1 + (one.shadowRoot ? count(one.shadowRoot) : 0),
                0,
              );
            resolve({
              usable: now - answered,
              longest: Math.max(0, ...after.map(([, duration]) => duration)),
              elements: count(document.querySelector('help-desk').shadowRoot),
            });
          }),
        ),
      ),
    part,
  );
  await page.close();
  return result;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const inList = 'document.querySelector("help-desk")?.shadowRoot?.querySelector("ticket-list")?.shadowRoot';
const inThread = 'document.querySelector("help-desk")?.shadowRoot?.querySelector("ticket-thread")?.shadowRoot';
const rows = `${inList}?.querySelectorAll("[part=item]").length >= 20`;
const cases = {
  'list of 24 tickets': ['widget.html?person=jane@example.test', 'tickets.json?email', rows],
  'list of 300 tickets': ['widget.html?person=mia@example.test', 'tickets.json?email', rows],
  'thread of 500 entries': [
    'widget.html?person=jane@example.test',
    'tickets.json/',
    `${inThread}?.querySelectorAll("article").length >= 20`,
    {
      when: rows,
      run: `document.querySelector("help-desk").navigate("ticket:" + "NUMBER")`,
    },
  ],
};
const longest = await fetch(`${demo.url}desk/osticket/api/tickets.json?email=jane@example.test`, {
  headers: { 'X-API-Key': 'demo', Accept: 'application/json' },
})
  .then((answer) => answer.json())
  .then((tickets) => tickets.sort((a, b) => b.threads.length - a.threads.length)[0]);
cases['thread of 500 entries'][3].run =
  `document.querySelector("help-desk").navigate("ticket:${longest.ticket_number}")`;

const measured = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let run = 0; run <= runs; run++) {
  for (const [name, args] of Object.entries(cases)) {
    const one = await measure(...args);
    if (run > 0) measured[name].push(one);
  }
}
await browser.close();
await demo.close();

const base = median(measured['list of 24 tickets'].map(({ usable }) => usable));
console.log(`From the answer to usable, medians of ${runs} (the longest thread has ${longest.threads.length} entries)`);
for (const [name, all] of Object.entries(measured)) {
  const usable = median(all.map((one) => one.usable));
  const task = median(all.map((one) => one.longest));
  const elements = median(all.map((one) => one.elements));
  console.log(
    `${name.padEnd(24)} ${usable.toFixed(0).padStart(5)} ms  ${(usable / base).toFixed(2)} × the short list  ` +
      `longest task ${task.toFixed(0)} ms  ${elements} elements`,
  );
}
