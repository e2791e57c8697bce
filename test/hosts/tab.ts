/** One page in one of three engines, for tests that look at a page from outside. */
import type { Frame, Page } from 'puppeteer-core';
import { findWebKit } from '../../scripts/browsers.mjs';
import { WebDriver } from '../../scripts/webkit-launcher.mjs';
import { engines as driven, openBrowser } from '../loader/site.js';

export type Engine = 'chrome' | 'firefox' | 'webkit';

const found: readonly Engine[] = findWebKit() ? [...driven, 'webkit'] : driven;
const { BROWSERS = found.join() } = process.env;
/** The engines that are here, or those of them that are chosen by BROWSERS. */
export const engines: readonly Engine[] = found.filter((name) => BROWSERS.split(',').includes(name));

export interface Tab {
  /** Opens an address; resolves when the page has loaded. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page, or in the frame of this selector; a promise's is awaited. */
  value<Value>(expression: string, frame?: string): Promise<Value>;
  /** Errors and warnings of the console, the browser's own too; WebKit does not hand those out. */
  readonly problems: string[];
  close(): Promise<void>;
}

export interface Machine {
  readonly engine: Engine;
  /** A page with storage of its own, but in WebKit: give each page an origin of its own there. */
  tab(): Promise<Tab>;
  close(): Promise<void>;
}

/** Starts an engine. */
export async function start(engine: Engine): Promise<Machine> {
  return engine === 'webkit' ? startWebKit() : startOther(engine);
}

async function startOther(engine: 'chrome' | 'firefox'): Promise<Machine> {
  const browser = await openBrowser(engine);
  return {
    engine,
    async tab() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warn'].includes(message.type())) problems.push(message.text());
      });
      return {
        problems,
        open: async (url) => void (await page.goto(url)),
        value: async (expression, frame) => (await frameOf(page, frame)).evaluate(expression) as Promise<never>,
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

async function frameOf(page: Page, selector: string | undefined): Promise<Frame> {
  if (!selector) return page.mainFrame();
  const element = await page.waitForSelector(selector);
  const frame = await element!.contentFrame();
  await element!.dispose();
  return frame!;
}

async function startWebKit(): Promise<Machine> {
  const driver = new WebDriver();
  await driver.start(findWebKit()!, { width: 1024, height: 768 });
  return {
    engine: 'webkit',
    async tab() {
      return {
        problems: [],
        async open(url) {
          await driver.post('/frame', { id: null });
          await driver.post('/url', { url });
        },
        async value(expression, frame) {
          await driver.post('/frame', { id: null });
          if (frame) {
            const id = await driver.post('/element', { using: 'css selector', value: frame });
            await driver.post('/frame', { id });
          }
          const answer = (await driver.post('/execute/async', {
            script: `const done = arguments[arguments.length - 1];
              Promise.resolve().then(() => (${expression})).then((value) => done({ value }), (error) => done({ error: String(error) }))`,
            args: [],
          })) as { value?: unknown; error?: string };
          if (answer.error !== undefined) throw new Error(answer.error);
          return answer.value as never;
        },
        close: async () => void (await driver.post('/url', { url: 'about:blank' })),
      };
    },
    close: () => driver.stop(),
  };
}

/** Asks again and again until the expression is true; what it last was is in the error. */
export async function until(tab: Tab, expression: string, frame?: string): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    let last: unknown;
    try {
      last = await tab.value(expression, frame);
    } catch (error) {
      // Of a page that is just being loaded.
      last = error;
    }
    if (last === true) return;
    if (Date.now() > end) {
      const seen = await tab.value('JSON.stringify(window.seen)', frame).catch(String);
      throw new Error(`Not so: ${expression} (${String(last)}; the page was told: ${String(seen)})`);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
