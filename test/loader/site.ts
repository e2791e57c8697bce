/** A site that uses the script tag as it is built: pages given as text, every request written down, a help desk behind it. */
import { readFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { build } from 'vite';
import { type Desk, openDesk, type DeskOptions } from '../../demo/desk/desk.js';
import {
  chromeArgs,
  ensureBrowser,
  findChrome,
  findFirefox,
  isHeadlessShell,
  missing,
} from '../../scripts/browsers.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Built for these tests alone, so that nobody else's build takes it away meanwhile. */
export const built = join(root, `.cache/cdn-${process.pid}`);

let building: Promise<unknown> | undefined;
/** Builds the script tag's files, once. */
export const buildCdn = (): Promise<unknown> =>
  (building ??= build({ root, mode: 'cdn', logLevel: 'error', build: { outDir: built } }));
process.once('exit', () => rmSync(built, { recursive: true, force: true }));

export const jane = 'jane@example.test';
/** Attributes of a desk here, of a person with tickets. */
export const connection = `backend="osticket" url="/desk" email="${jane}" options='{"apiKey":"k"}'`;
/** The same on a script tag. */
export const data = connection.replace(/(?<=^| )(?=\w+=)/g, 'data-');
export const tag = '<script async src="/cdn/help-desk.js"></script>';

/** A page of this body. */
export const html = (body: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Site</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;

export interface Site {
  readonly url: string;
  /** Path → page, or script where it ends so. */
  readonly pages: Map<string, string>;
  /** Headers that every page is sent with. */
  readonly headers: Headers;
  /** Paths asked for so far, in order. */
  readonly log: string[];
  /** Paths that are refused. */
  refuse: RegExp | undefined;
  /** Answers before anything else does, where it answers at all. */
  answer: ((request: Request) => Promise<Response | undefined>) | undefined;
  /** The help desk behind it. */
  readonly desk: Desk;
  close(): Promise<void>;
}

/** Opens a site. Its desk answers under `/desk`. */
export async function openSite(options: DeskOptions = {}): Promise<Site> {
  const desk = openDesk({ key: 'k', ...options });
  const answerDesk = desk.handler('osticket', '/desk');
  const site = {
    url: '',
    pages: new Map<string, string>(),
    headers: new Headers(),
    log: [] as string[],
    refuse: undefined as RegExp | undefined,
    answer: undefined as Site['answer'],
    desk,
  };
  const answer = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    site.log.push(pathname + search);
    if (site.refuse?.test(pathname)) return new Response('', { status: 503 });
    const first = await site.answer?.(request);
    if (first) return first;
    if (pathname.startsWith('/desk/')) return answerDesk(request);
    const page = site.pages.get(pathname);
    if (page !== undefined)
      return new Response(page, {
        headers: {
          'content-type': `text/${pathname.endsWith('.js') ? 'javascript' : 'html'}; charset=utf-8`,
          ...Object.fromEntries(site.headers),
        },
      });
    if (!pathname.startsWith('/cdn/')) return new Response('', { status: 404 });
    const headers = { 'content-type': 'text/javascript; charset=utf-8', 'access-control-allow-origin': '*' };
    return new Response(await readFile(join(built, pathname.slice(5))), { headers });
  };
  const server = createServer((request, response) => void getRequestListener(answer)(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return Object.assign(site, {
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          desk.close();
          resolve();
        });
      }),
  });
}

/** The engines that these tests can drive here; Chromium always. */
export const engines: readonly ('chrome' | 'firefox')[] = findFirefox() ? ['chrome', 'firefox'] : ['chrome'];

/** A browser of this test alone. */
export async function openBrowser(engine: 'chrome' | 'firefox' = 'chrome'): Promise<Browser> {
  if (engine === 'firefox')
    return puppeteer.launch({ browser: 'firefox', executablePath: findFirefox()!, headless: true });
  const executablePath = ensureBrowser('chrome') && findChrome();
  if (!executablePath) throw new Error(missing);
  return puppeteer.launch({
    executablePath,
    headless: isHeadlessShell(executablePath) ? 'shell' : true,
    args: chromeArgs,
  });
}

/** Says what the script tag's page has, to be asked again and again. */
export const has = (page: Page, look: string): Promise<unknown> => page.waitForFunction(look, { polling: 50 });

/** All words of a page, those in shadow roots included. */
const words = `(function words(node) {
  return node.nodeType === 3 ? node.data : [node.shadowRoot ?? [], ...node.childNodes].flat().map(words).join(' ');
})(document.body).replace(/\\s+/g, ' ')`;

/**
 * The first element of a selector, as soon as there is one. Puppeteer's own waiting looks again when the document
 * changes, and does not hear of every change in shadow roots.
 */
export async function wait(page: Page, selector: string): Promise<ElementHandle<HTMLElement>> {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await page.$(selector);
    if (found) return found as ElementHandle<HTMLElement>;
    if (Date.now() > end) throw new Error(`Not on the page: ${selector}, but: ${String(await page.evaluate(words))}`);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** Resolves when the page has been quiet: two frames and a turn of the network later. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate(
    () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(resolve)))),
  );
