// Run through `npm test`, or alone: node --import tsx node_modules/@web/test-runner/dist/bin.js --files test/store/cache.test.ts
// BROWSERS=chrome,firefox,webkit chooses the engines; --group ticket-list runs one folder of tests.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { a11ySnapshotPlugin } from '@web/test-runner-commands/plugins';
import * as puppeteer from 'puppeteer-core';
import { chromeArgs, findChrome, findFirefox, findWebKit, isHeadlessShell, missing } from './scripts/browsers.mjs';
import { webkitLauncher } from './scripts/webkit-launcher.mjs';

const rootDir = fileURLToPath(new URL('.', import.meta.url));
const wanted = (process.env.BROWSERS || 'chrome').split(',');

const found = (file, message) => {
  if (file) return file;
  console.error(message);
  process.exit(1);
};

const launchers = {
  chrome() {
    const executablePath = found(findChrome(), missing);
    return chromeLauncher({
      launchOptions: { executablePath, headless: isHeadlessShell(executablePath) ? 'shell' : true, args: chromeArgs },
      // A context, so a window, for each page: in the new headless mode a page behind another gets no input events.
      createBrowserContext: ({ browser }) => browser.defaultBrowserContext(),
      createPage: async ({ browser }) => (await browser.createBrowserContext()).newPage(),
    });
  },
  firefox() {
    const executablePath = found(findFirefox(), 'No Firefox was found; set FIREFOX_PATH or install firefox-esr.');
    return chromeLauncher({
      puppeteer,
      concurrency: 1,
      launchOptions: { browser: 'firefox', executablePath, headless: true },
    });
  },
  webkit() {
    const binary = found(findWebKit(), 'No WebKitGTK was found; install webkit2gtk-driver and xvfb.');
    return webkitLauncher({ binary });
  },
};

const folders = (path) =>
  existsSync(`${rootDir}/${path}`)
    ? readdirSync(`${rootDir}/${path}`, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => ({ name: entry.name, files: `${path}/${entry.name}/**/*.test.ts` }))
    : [];

function count(suite, total) {
  for (const test of suite.tests) if (!test.skipped) total[test.passed ? 'passed' : 'failed']++;
  for (const inner of suite.suites) count(inner, total);
  return total;
}

/** Ends the run with a bare line of totals, and leaves them for `npm test` where it asks. A file that broke counts as one failure. */
const totals = () => ({
  onTestRunFinished({ sessions }) {
    const total = { passed: 0, failed: 0 };
    for (const session of sessions) {
      const before = total.failed;
      if (session.testResults) count(session.testResults, total);
      if (!session.passed && total.failed === before) total.failed++;
    }
    if (process.env.TOTALS_FILE) writeFileSync(process.env.TOTALS_FILE, JSON.stringify(total));
    else console.log(`${total.passed} passed, ${total.failed} failed`);
  },
});

/** The embedded help desk, mounted beside the tests. */
async function middleware() {
  if (!existsSync(`${rootDir}/test/support/desk-middleware.ts`)) return [];
  const { deskMiddleware } = await import('./test/support/desk-middleware.ts');
  return deskMiddleware ? [deskMiddleware()] : [];
}

const slow = wanted.some((name) => name !== 'chrome');

export default {
  rootDir,
  files: ['test/**/*.test.ts', '!test/rules.test.ts'],
  groups: process.argv.includes('--group') ? [...folders('test/elements'), ...folders('test')] : [],
  // Lit's production build: what is shipped, and without its warning in every log.
  nodeResolve: { exportConditions: ['production'] },
  // Two pages at a time: of one engine, or one each of two.
  concurrency: wanted.length > 1 ? 1 : 2,
  concurrentBrowsers: 2,
  browserStartTimeout: 120_000,
  testsStartTimeout: slow ? 120_000 : 60_000,
  testsFinishTimeout: slow ? 600_000 : 300_000,
  testFramework: { config: { timeout: slow ? 30_000 : 10_000 } },
  middleware: await middleware(),
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: `${rootDir}/tsconfig.json` }), a11ySnapshotPlugin()],
  browsers: wanted.map((name) => {
    if (!launchers[name]) throw new Error(`BROWSERS: ${name} is not one of ${Object.keys(launchers).join(', ')}`);
    return launchers[name]();
  }),
  reporters: [defaultReporter({ reportTestProgress: Boolean(process.stdout.isTTY) }), totals()],
  coverageConfig: {
    include: ['src/**/*.ts'],
    reporters: ['text-summary', 'lcov'],
    threshold: { statements: 90, functions: 0, branches: 0, lines: 0 },
  },
};
