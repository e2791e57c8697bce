// What is measured. Each case answers its rows: name → figures, medians of several runs.
import {
  collected,
  find,
  interleaved,
  median,
  metrics,
  quiet,
  settled,
  slowLine,
  tasksOf,
  withPage,
} from './browser.mjs';

const sum = (values) => values.reduce((total, value) => total + value, 0);
const isScript = ({ path }) => /\.m?js($|\?)/.test(path);

/** Before anybody clicks: what the page costs beyond itself. */
export async function beforeClick({
  browser,
  site,
  runs,
  names,
  launchers = names.filter((name) => name !== 'blank'),
}) {
  const exact = {};
  const fast = await interleaved(names, runs, (name) =>
    withPage(browser, {}, async (page, cdp) => {
      const from = site.log.length;
      const { tasks } = await tasksOf(page, async () => {
        await page.goto(`${site.url}/${name}`);
        // Nothing is run in the page before its own work is counted.
        await quiet(site.log, 300);
      });
      const asked = site.log.slice(from + 1);
      exact[name] = { requests: asked.length, bytes: sum(asked.map(({ bytes }) => bytes)) };
      const { ScriptDuration } = await metrics(cdp);
      const { shift } = await page.evaluate(() => window.seen);
      const { JSHeapUsedSize, Nodes, JSEventListeners } = await collected(cdp);
      return {
        script: 4 * ScriptDuration * 1000,
        longest: 4 * tasks[0],
        blocking: sum(tasks.map((one) => Math.max(0, 4 * one - 50))),
        shift,
        heap: JSHeapUsedSize / 1000,
        nodes: Nodes,
        listeners: JSEventListeners,
      };
    }),
  );
  const slow = await interleaved(launchers, runs, (name) =>
    withPage(browser, { line: slowLine, launcher: true }, async (page) => {
      await page.goto(`${site.url}/${name}`);
      await page.waitForFunction('seen.launcher', { polling: 50 });
      return { visible: await page.evaluate(() => window.seen.launcher) };
    }),
  );
  return Object.fromEntries(names.map((name) => [name, { ...exact[name], ...fast[name], ...slow[name] }]));
}

const formShown = `(() => {
  const inside = (root) => [...root.querySelectorAll('*')].some((one) =>
    (one.matches('textarea') && one.checkVisibility()) || (one.shadowRoot && inside(one.shadowRoot)));
  return inside(document);
})()`;

/** From the click on the launcher to a form that can be written in, painted. `intent`: the pointer was there before. */
async function click({ browser, site }, name, { intent, ...how }) {
  return withPage(browser, { ...how }, async (page) => {
    await page.goto(`${site.url}/${name}`);
    const button = await find(page, '[part=launcher]');
    await settled(page);
    const from = site.log.length;
    const box = await button.boundingBox();
    const at = [box.x + box.width / 2, box.y + box.height / 2];
    if (intent) {
      await page.mouse.move(...at);
      // A person takes this long from reaching for a button to pressing it; on a slow line everybody waits until all is there.
      await quiet(site.log, how.line ? 700 : 150);
      await settled(page);
    }
    await page.evaluate((look) => {
      const painted = (done) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port2.onmessage = () => done(performance.now());
          port1.postMessage(0);
        });
      const there = new Function(`return ${look}`);
      addEventListener(
        'pointerdown',
        ({ timeStamp }) => {
          const wait = (now) => {
            if (!there()) return painted(wait);
            window.seen.at = now;
            window.seen.usable = now - timeStamp;
          };
          painted(wait);
        },
        true,
      );
    }, formShown);
    await page.mouse.click(...at);
    await page.waitForFunction('seen.usable', { polling: 20 });
    const usable = await page.evaluate(() => window.seen.usable);
    await settled(page);
    await quiet(site.log, how.line ? 700 : 100);
    const needed = await page.evaluate(() => {
      const { seen } = window;
      const before = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < seen.at);
      return before.map(({ name }) => name.slice(location.origin.length));
    });
    const after = site.log.slice(from);
    const asked = after.filter(({ path }) => needed.includes(path));
    return {
      usable,
      later: sum(after.map(({ bytes }) => bytes)) - sum(asked.map(({ bytes }) => bytes)),
      scripts: asked.filter(isScript).length,
      scriptBytes: sum(asked.filter(isScript).map(({ bytes }) => bytes)),
      data: asked.filter((one) => !isScript(one)).length,
      dataBytes: sum(asked.filter((one) => !isScript(one)).map(({ bytes }) => bytes)),
    };
  });
}

/** The longest task from the click until all is quiet: four times what the thread needed for it. */
async function longestTask({ browser, site }, name) {
  return withPage(browser, {}, async (page) => {
    await page.goto(`${site.url}/${name}`);
    const button = await find(page, '[part=launcher]');
    await settled(page);
    const { tasks } = await tasksOf(page, async () => {
      await button.click();
      await find(page, 'textarea');
      await quiet(site.log, 150);
      await settled(page);
    });
    return { longest: 4 * tasks[0] };
  });
}

export async function clicks(context) {
  const { runs, names, line = slowLine } = context;
  const all = names.flatMap((name) => (name === 'ours' ? ['ours', 'ours, pointer there before'] : [name]));
  const one = (how) => (row) =>
    click(context, row.split(',')[0], { ...how, intent: row === 'hover' || row.includes('before') });
  const plain = await interleaved(all, runs, one({}));
  const slowCpu = await interleaved(all, runs, one({ cpu: 4 }));
  const slow = await interleaved(all, runs, one({ line }));
  const longest = await interleaved(names, runs, (name) => longestTask(context, name));
  return Object.fromEntries(
    all.map((name) => [
      name,
      { ...plain[name], usable4: slowCpu[name].usable, slow: slow[name].usable, longest: longest[name]?.longest },
    ]),
  );
}

/** Milliseconds of the main thread that `act` takes, and what it answers. */
async function work(cdp, page, act) {
  await settled(page);
  const before = await metrics(cdp);
  const answer = await act();
  await settled(page);
  const after = await metrics(cdp);
  return { answer, cpu: (after.TaskDuration - before.TaskDuration) * 1000 };
}

/** A long list or thread: from the data to the paint, then one more, then the same data again as a poll brings it. */
export async function long({ browser, site, runs, names, sizes, slow: isSlow = true }) {
  const rows = {};
  for (const size of sizes) {
    const measured = await interleaved(names, runs, (name) =>
      withPage(browser, {}, async (page, cdp) => {
        await page.goto(`${site.url}/${name}`);
        await page.waitForFunction('window.bench', { polling: 20 });
        await page.evaluate((count) => void window.bench.prepare(count), size);
        const shown = await work(cdp, page, () => page.evaluate(() => window.bench.show()));
        const elements = await page.evaluate(() => window.bench.elements());
        const result = { show: shown.answer, showCpu: shown.cpu, elements };
        for (const act of ['append', 'again']) {
          if (!(await page.evaluate((one) => one in window.bench, act))) continue;
          const { answer, cpu } = await work(cdp, page, () => page.evaluate((one) => window.bench[one](), act));
          Object.assign(result, { [act]: answer, [`${act}Cpu`]: cpu });
        }
        return result;
      }),
    );
    const slow = await interleaved(
      names.filter((name) => isSlow && !name.startsWith('plain')),
      Math.min(runs, 3),
      (name) =>
        withPage(browser, {}, async (page) => {
          await page.goto(`${site.url}/${name}`);
          await page.waitForFunction('window.bench', { polling: 20 });
          await page.evaluate((count) => void window.bench.prepare(count), size);
          await settled(page);
          const result = {};
          for (const act of ['show', 'append']) {
            const { tasks } = await tasksOf(page, async () => {
              await page.evaluate((one) => window.bench[one](), act);
              await settled(page);
            });
            result[`${act}Longest`] = 4 * tasks[0];
          }
          return result;
        }),
    );
    for (const name of names) (rows[name] ??= {})[size] = { ...measured[name], ...slow[name] };
  }
  return rows;
}

/** Writing: from the key to the paint, with a draft being kept. `open`: with this many entries drawn above. */
export async function typing({ browser, site, runs, names, open = 0, keys = 60 }) {
  return interleaved(names, runs, (name) =>
    withPage(browser, {}, async (page, cdp) => {
      await page.goto(`${site.url}/${name}`);
      await page.waitForFunction('window.bench', { polling: 20 });
      if (open) {
        await page.evaluate(async (count) => {
          window.bench.prepare(count);
          await window.bench.show();
        }, open);
        const drawn = await page.evaluate(() => window.bench.drawAll());
        if (drawn !== open) throw new Error(`${drawn} of ${open} entries are drawn`);
      } else if (await page.evaluate(() => 'look' in window.bench)) {
        await page.waitForFunction('bench.look()', { polling: 20 });
      }
      await page.evaluate(() => window.bench.focus());
      const text = 'The quick brown fox jumps over the lazy dog, again and again. '.repeat(4);
      for (const key of text.slice(0, 10)) await page.keyboard.press(key);
      await settled(page);
      const before = await metrics(cdp);
      for (const [at, key] of [...text.slice(10, 10 + keys)].entries()) {
        // As people type: each key at another moment of a frame, and none while the one before is still being drawn.
        await new Promise((resolve) => setTimeout(resolve, 40 + ((at * 7) % 17)));
        await page.keyboard.press(key);
      }
      await settled(page);
      const after = await metrics(cdp);
      const typed = await page.evaluate(() => window.bench.typed());
      if (typed !== text.slice(0, 10 + keys)) throw new Error(`typed "${typed}"`);
      const times = await page.evaluate(() => window.bench.keys);
      return {
        paint: median(times.slice(10)),
        worst: Math.max(...times.slice(10)),
        cpu: ((after.TaskDuration - before.TaskDuration) * 1000) / keys,
      };
    }),
  );
}

/** Opens and closes a hundred times, four times over: what stays, a time. */
export async function churn({ browser, site, names, times = 100 }) {
  const rows = {};
  for (const name of names)
    rows[name] = await withPage(browser, {}, async (page, cdp) => {
      await page.goto(`${site.url}/${name}`);
      const button = await find(page, '[part=launcher]');
      const cycle = (count) =>
        button.evaluate(async (one, rounds) => {
          const isOpen = () => !!one.getRootNode().querySelector('dialog')?.matches(':popover-open, [open]');
          const until = async (wanted) => {
            for (let frame = 0; isOpen() !== wanted; frame++) {
              if (frame > 600) throw new Error('does not open or close');
              await new Promise(requestAnimationFrame);
            }
          };
          for (let round = 0; round < rounds; round++)
            for (const wanted of [true, false]) {
              one.click();
              await until(wanted);
              await new Promise(requestAnimationFrame);
            }
        }, count);
      await cycle(1);
      await quiet(site.log, 300);
      // Until the engine has compiled what it will compile, its own heap grows.
      await cycle(times);
      const rounds = [];
      let before = await collected(cdp);
      for (let round = 0; round < 4; round++) {
        await cycle(times);
        await settled(page);
        const after = await collected(cdp);
        rounds.push({
          heap: (after.JSHeapUsedSize - before.JSHeapUsedSize) / 1000 / times,
          nodes: (after.Nodes - before.Nodes) / times,
          listeners: (after.JSEventListeners - before.JSEventListeners) / times,
        });
        before = after;
      }
      // The engine's own compiling comes and goes; what is kept for ever comes every time.
      const least = (of) => Math.min(...rounds.map((round) => round[of]));
      return { heap: least('heap'), nodes: least('nodes'), listeners: least('listeners') };
    });
  return rows;
}

/** List → read → reply from nothing on the slow line: what a person does, waits for and downloads. */
export async function journey({ browser, site, runs }) {
  const { ours } = await interleaved(['ours'], runs, () =>
    withPage(browser, { line: slowLine }, async (page) => {
      const from = site.log.length;
      const began = performance.now();
      let interactions = 0;
      await page.goto(`${site.url}/widget`, { waitUntil: 'domcontentloaded' });
      const row = await find(page, '[part~=item]');
      const listed = performance.now() - began;
      await row.click();
      interactions++;
      const field = await find(page, 'textarea');
      const read = performance.now() - began;
      await field.type('Thank you, that helped.');
      interactions++;
      await (await find(page, '[part=composer] button.primary')).click();
      interactions++;
      await page.waitForFunction(
        () => {
          const thread = document.querySelector('help-desk').shadowRoot.querySelector('ticket-thread');
          const last = [...thread.shadowRoot.querySelectorAll('article')].at(-1);
          return last.textContent.includes('that helped') && last.matches('[data-id]');
        },
        { polling: 20 },
      );
      const done = performance.now() - began;
      const asked = site.log.slice(from).filter(({ path }) => path !== '/widget');
      const scripts = asked.filter(isScript);
      return {
        interactions,
        requests: asked.length,
        scripts: scripts.length,
        bytes: sum(asked.map(({ bytes }) => bytes)),
        scriptBytes: sum(scripts.map(({ bytes }) => bytes)),
        listed,
        read,
        done,
      };
    }),
  );
  return ours;
}

/** The whole widget over HTTP with a long list and a long thread behind it. */
export async function endToEnd({ browser, site, runs, number, tickets, entries }) {
  const { big } = await interleaved(['big'], Math.min(runs, 3), () =>
    withPage(browser, {}, async (page) => {
      await page.goto(`${site.url}/widget-big`, { waitUntil: 'domcontentloaded' });
      await find(page, '[part~=item]');
      const since = (part) =>
        page.evaluate((wanted) => {
          const { responseEnd } = performance
            .getEntriesByType('resource')
            .findLast(({ name }) => name.includes(wanted));
          return new Promise((done) =>
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - responseEnd))),
          );
        }, part);
      const list = await since('tickets.json?email');
      const elements = await page.evaluate(
        () =>
          document.querySelector('help-desk').shadowRoot.querySelector('ticket-list').shadowRoot.querySelectorAll('*')
            .length,
      );
      await page.evaluate((id) => document.querySelector('help-desk').navigate(`ticket:${id}`), number);
      await find(page, 'article');
      const thread = await since('tickets.json/');
      return { list, thread, elements };
    }),
  );
  return { ...big, tickets, entries };
}
