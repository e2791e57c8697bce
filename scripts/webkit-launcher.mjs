// A launcher for web-test-runner: WebKitGTK's MiniBrowser over plain WebDriver, inside Xvfb where there is no display.
// It calls itself `puppeteer` and hands out an object shaped like a puppeteer page, so that the runner's own
// sendKeys, sendMouse and setViewport work unchanged. There is no emulateMedia and no coverage.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { findWebKit } from './browsers.mjs';

// WebDriver's code points for keys, by the names that puppeteer uses.
const keys = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  Space: ' ',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Insert: '\uE016',
  Delete: '\uE017',
  Meta: '\uE03D',
};
const buttons = { left: 0, middle: 1, right: 2 };

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** One MiniBrowser, driven by plain WebDriver: `get` and `post` take paths below the session's. */
export class WebDriver {
  #processes = [];
  #base = '';

  async start(binary, { width, height }) {
    process.once('exit', () => this.kill());
    const env = { ...process.env };
    if (!env.DISPLAY) env.DISPLAY = await this.#startDisplay();
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    this.#processes.push(spawn('WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' }));
    for (let left = 200; ; left--) {
      const answer = await fetch(`${origin}/status`).catch(() => undefined);
      if (answer?.ok) break;
      if (!left) throw new Error('WebKitWebDriver did not start');
      await delay(50);
    }
    this.#base = `${origin}/session`;
    const options = { binary, args: ['--automation'] };
    const { sessionId } = await this.post('', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
    });
    this.#base += `/${sessionId}`;
    await this.post('/window/rect', { width, height });
  }

  async #startDisplay() {
    const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    this.#processes.push(xvfb);
    const number = once(xvfb.stdio[3], 'data');
    const failed = once(xvfb, 'exit').then(() => Promise.reject(new Error('Xvfb did not start')));
    failed.catch(() => {});
    return `:${String((await Promise.race([number, failed]))[0]).trim()}`;
  }

  async #ask(method, path, body) {
    const answer = await fetch(this.#base + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error} ${value?.message}`);
    return value;
  }

  get = (path) => this.#ask('GET', path);
  post = (path, body) => this.#ask('POST', path, body);

  async stop() {
    if (this.#base) await this.#ask('DELETE', '').catch(() => {});
    this.kill();
  }

  kill() {
    for (const one of this.#processes.reverse()) one.kill();
    this.#processes = [];
  }
}

/** A page as the runner's command plugins use one. */
function pageOf(driver) {
  const perform = (type, parameters, actions) =>
    driver.post('/actions', { actions: [{ type, id: type, ...parameters, actions }] });
  const key = (...actions) => perform('key', {}, actions);
  const mouse = (...actions) => perform('pointer', { parameters: { pointerType: 'mouse' } }, actions);
  const down = (name) => ({ type: 'keyDown', value: keys[name] ?? name });
  const up = (name) => ({ type: 'keyUp', value: keys[name] ?? name });
  const move = (x, y) => ({ type: 'pointerMove', duration: 0, x, y });
  const press = ({ button = 'left' } = {}) => ({ type: 'pointerDown', button: buttons[button] });
  const release = ({ button = 'left' } = {}) => ({ type: 'pointerUp', button: buttons[button] });
  return {
    keyboard: {
      type: (text) => key(...[...text].flatMap((letter) => [down(letter), up(letter)])),
      press: (name) => key(down(name), up(name)),
      down: (name) => key(down(name)),
      up: (name) => key(up(name)),
    },
    mouse: {
      move: (x, y) => mouse(move(x, y)),
      click: (x, y, options) => mouse(move(x, y), press(options), release(options)),
      down: (options) => mouse(press(options)),
      up: (options) => mouse(release(options)),
      reset: () => mouse(release(), move(0, 0)),
    },
    /** The window is never narrower than about 450 px: narrower pages are tested in a frame. */
    async setViewport({ width, height }) {
      const [innerWidth, innerHeight] = await driver.post('/execute/sync', {
        script: 'return [innerWidth, innerHeight]',
        args: [],
      });
      const outer = await driver.get('/window/rect');
      await driver.post('/window/rect', {
        width: outer.width + width - innerWidth,
        height: outer.height + height - innerHeight,
      });
    },
    emulateMediaFeatures() {
      throw new Error('emulateMedia is not available in WebKitGTK');
    },
  };
}

export function webkitLauncher({ binary = findWebKit(), width = 1024, height = 768 } = {}) {
  const driver = new WebDriver();
  const pages = new Map();
  let started;
  return {
    name: 'WebKit',
    type: 'puppeteer',
    concurrency: 1,
    async initialize() {},
    async startSession(id, url) {
      await (started ??= driver.start(binary, { width, height }));
      pages.set(id, url);
      await driver.post('/url', { url });
    },
    isActive: (id) => pages.has(id),
    getBrowserUrl: (id) => pages.get(id),
    getPage: () => pageOf(driver),
    async stopSession(id) {
      pages.delete(id);
      await driver.post('/url', { url: 'about:blank' });
      return {};
    },
    startDebugSession() {
      throw new Error('There is no debug mode in WebKitGTK');
    },
    stop: () => driver.stop(),
  };
}
