/** The demo in a browser: pages under the policy they are served with. */
import { fileURLToPath } from 'node:url';
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { serveDemo } from '../../demo/server.js';
import { buildCdn, built, wait } from '../loader/site.js';

export { openBrowser, wait } from '../loader/site.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The demo, with the script tag as it is built now, for these tests alone. */
export async function startDemo(): ReturnType<typeof serveDemo> {
  await buildCdn();
  return serveDemo({ script: built });
}

/** A page, and everything it complains of. */
export async function openPage(browser: Browser): Promise<{ page: Page; complaints: () => Promise<string[]> }> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('requestfailed', (request) => said.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) said.push(`${response.status()}: ${response.url()}`);
  });
  await page.exposeFunction('violated', (what: string) => said.push(what));
  await page.evaluateOnNewDocument(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const { violated } = window as unknown as { violated: (what: string) => void };
      violated(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
    });
  });
  page.setDefaultTimeout(8000);
  // What was reported last must have arrived.
  const complaints = async (): Promise<string[]> => {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    return said;
  };
  return { page, complaints };
}

/** The element with this role and name, across shadow roots, as a person finds it. Waits for it. */
export const find = (page: Page, role: string, name: string): Promise<ElementHandle<HTMLElement>> =>
  wait(page, `::-p-aria([name="${name}"][role="${role}"])`);

/** Presses a button by its words. */
export async function press(page: Page, name: string): Promise<void> {
  // Not by the mouse: what is pressed need not be in sight.
  await (await find(page, 'button', name)).evaluate((button) => button.click());
}

/** Types into a field by its label. */
export async function type(page: Page, name: string, words: string): Promise<void> {
  await (await find(page, 'textbox', name)).type(words);
}

/** Waits until these words are on the page, shadow roots included. */
export const shows = (page: Page, words: string): Promise<unknown> => wait(page, `::-p-text(${words})`);
