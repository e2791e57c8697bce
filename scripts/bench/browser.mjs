// One browser, and what is asked of its pages.
import puppeteer from 'puppeteer-core';
import { chromeArgs, ensureBrowser, findChrome, isHeadlessShell, missing } from '../browsers.mjs';

/** Bytes a second and milliseconds, as with a phone far from the next mast. */
export const slowLine = { latency: 150, download: 1_600_000 / 8, upload: 750_000 / 8 };

export async function openBrowser() {
  const executablePath = ensureBrowser('chrome') && findChrome();
  if (!executablePath) throw new Error(missing);
  return puppeteer.launch({
    executablePath,
    headless: isHeadlessShell(executablePath) ? 'shell' : true,
    args: [...chromeArgs, '--js-flags=--expose-gc'],
    protocolTimeout: 60_000,
  });
}

/** Runs in the page before anything else. */
function prepare() {
  const seen = (window.seen = { long: [], shift: 0, launcher: 0 });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.long.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) seen.shift += value;
  }).observe({ type: 'layout-shift', buffered: true });
}

/** When the button is there, looked for in each frame: only where that is measured. */
function watchLauncher() {
  const look = () => {
    const button = [...document.querySelectorAll('*')].find((one) => one.shadowRoot?.querySelector('[part=launcher]'));
    if (button) requestAnimationFrame((now) => (window.seen.launcher = now));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** A page of its own, with nothing kept from others, as slow as told. `run` it; what it throws is tried again twice. */
export async function withPage(browser, { cpu = 1, line, launcher = false } = {}, run) {
  for (let attempt = 0; ; attempt++) {
    const context = await browser.createBrowserContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await page.setViewport({ width: 1280, height: 800 });
      const cdp = await page.createCDPSession();
      // Time that the thread really had: what else the machine does is not counted.
      await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
      await page.evaluateOnNewDocument(prepare);
      if (launcher) await page.evaluateOnNewDocument(watchLauncher);
      if (line)
        await page.emulateNetworkConditions({ latency: line.latency, download: line.download, upload: line.upload });
      if (cpu > 1) await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpu });
      return await run(page, cdp);
    } catch (error) {
      if (attempt === 2) throw error;
    } finally {
      await context.close().catch(() => {});
    }
  }
}

/** Main-thread seconds, nodes, listeners and heap as Chromium counts them. */
export async function metrics(cdp) {
  const { metrics: all } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

/** The same once nothing is left that could be collected. */
export async function collected(cdp) {
  for (let time = 0; time < 3; time++) await cdp.send('HeapProfiler.collectGarbage');
  return metrics(cdp);
}

/**
 * Tasks of the main thread while `act` runs, longest first, in milliseconds that the thread really had: what else the
 * machine does is not counted, unlike in the times that a page itself is told.
 */
export async function tasksOf(page, act) {
  await page.tracing.start({ categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  const answer = await act();
  const { traceEvents } = JSON.parse(Buffer.from(await page.tracing.stop()).toString());
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && mains.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
  if (!tasks.length) throw new Error('no task was traced');
  return { answer, tasks };
}

/** The first element that matches, shadow roots included, as soon as there is one. */
export async function find(page, selector) {
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    const found = await page.$(`>>> ${selector}`);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${selector}`);
}

/** Resolves when the page has been quiet for a moment: two frames and an idle one, twice. */
export const settled = (page) =>
  page.evaluate(async () => {
    for (let time = 0; time < 2; time++)
      await new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(resolve))),
      );
  });

/** Resolves when no request has begun for this many milliseconds: so that what is loaded late is counted. */
export async function quiet(log, milliseconds = 250) {
  for (let count = -1; count !== log.length;) {
    count = log.length;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length % 2
    ? sorted[sorted.length >> 1]
    : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
};

/** Field by field. */
export const medians = (rows) =>
  Object.fromEntries(Object.keys(rows[0]).map((key) => [key, median(rows.map((row) => row[key]))]));

/** Measures every page of every row, one after the other and all of that again: what disturbs one run disturbs all rows alike. */
export async function interleaved(names, runs, measure) {
  const rows = Object.fromEntries(names.map((name) => [name, []]));
  for (let run = 0; run < runs; run++)
    for (const name of names)
      rows[name].push(
        await measure(name).catch((error) => Promise.reject(new Error(`${name}: ${error.message}`, { cause: error }))),
      );
  return Object.fromEntries(names.map((name) => [name, medians(rows[name])]));
}
