// `npm test`: the tests of Node, then those of the browser, found or installed first. Ends with `N passed, N failed`.
//   npm test -- --group ticket-list       one folder of tests
//   npm test -- test/store/cache.test.ts  one file (or a glob)
//   npm test -- --watch / --coverage      handed to the browser's runner
//   BROWSERS=chrome,firefox,webkit        other engines
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBrowser, missing } from './browsers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { group: { type: 'string' }, files: { type: 'string', multiple: true } },
});
const { group, files = [], ...rest } = values;
const chosen = [...files, ...positionals];
const passOn = Object.entries(rest).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));

/** A file, a folder, or a pattern with `*` and `**`, as a test of paths. */
function matcher(pattern) {
  const source = pattern
    .replace(/^\.\/|\/$/g, '')
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
  return (file) => new RegExp(`^${source}(?:/|$)`).test(file);
}

const patterns = chosen.length ? chosen : group ? [`test/${group}`, `test/elements/${group}`] : ['test'];
const all = readdirSync(join(root, 'test'), { recursive: true })
  .map((file) => `test/${file.replaceAll('\\', '/')}`)
  .filter((file) => /\.(test|node)\.ts$/.test(file) && patterns.some((pattern) => matcher(pattern)(file)))
  .sort();
const isNode = (file) => file.endsWith('.node.ts') || file === 'test/rules.test.ts';
const node = all.filter(isNode);
const browser = all.filter((file) => file.endsWith('.test.ts') && !isNode(file));

const total = { passed: 0, failed: 0 };
const folder = mkdtempSync(join(tmpdir(), 'helpdesk-elements-'));
let children = 0;
/** Files of Node at a time. Most of them have a browser or a build of their own beside them. */
const jobs = Math.min(4, availableParallelism());

/** Runs one of the two runners and adds its totals. One that ends badly without saying why counts as one failure. */
async function run(headline, args) {
  console.log(`\n${headline}`);
  const file = join(folder, `${children++}.json`);
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TOTALS_FILE: file },
  });
  const code = await new Promise((done) => child.once('exit', (status, signal) => done(signal ?? status)));
  let own = { passed: 0, failed: 0 };
  try {
    own = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // It broke before it could count.
  }
  total.passed += own.passed;
  total.failed += own.failed || (code === 0 ? 0 : 1);
}

/** These build into the project's own folders, which others read. */
const isBuilder = (file) => file === 'test/rules.test.ts' || file === 'test/demo/start.node.ts';
const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', 'scripts/mocha-totals.cjs', '--timeout', '20000'];
const runNode = (headline, files, ...more) =>
  files.length && !passOn.length && run(`${headline}: ${files.length} files`, [...mocha, ...more, ...files]);
await runNode(
  'Node',
  node.filter((file) => !isBuilder(file)),
  '--parallel',
  `--jobs=${jobs}`,
);
await runNode('Node, one after the other', node.filter(isBuilder));
if (browser.length) {
  const wanted = (process.env.BROWSERS || 'chrome').split(',');
  if (wanted.includes('chrome') && !ensureBrowser('chrome')) {
    console.error(missing);
    process.exit(1);
  }
  await run(`${wanted.join(', ')}: ${browser.length} files`, [
    'node_modules/@web/test-runner/dist/bin.js',
    ...(chosen.length || group ? ['--files', ...browser] : []),
    ...passOn,
  ]);
}

rmSync(folder, { recursive: true, force: true });
if (!all.length) console.error(`No tests match ${patterns.join(' ')}`);
else if (!total.passed && !total.failed) console.error('No test ran.');
if (total.failed || !total.passed) process.exitCode = 1;
if (process.env.TOTALS_FILE) writeFileSync(process.env.TOTALS_FILE, JSON.stringify(total));
else console.log(`\n${total.passed} passed, ${total.failed} failed`);
