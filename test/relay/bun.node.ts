/** The relay's tests once more on Bun: every file beside this one, with its answers, processes and help desks. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../../', import.meta.url));
const platforms = join(root, 'node_modules/@oven');
/** Installed from npm, by its script or as it is unpacked; or on this machine. */
const program = [
  join(root, 'node_modules/bun/bin/bun.exe'),
  ...(existsSync(platforms) ? readdirSync(platforms).map((name) => join(platforms, name, 'bin/bun')) : []),
  'bun',
].find((each) => spawnSync(each, ['--version']).status === 0);

/** What mocha's report in JSON says. */
interface Report {
  readonly tests: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
  readonly passes: readonly { readonly fullTitle: string }[];
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

const files = readdirSync(join(root, 'test/relay'))
  .filter((name) => name.endsWith('.node.ts') && name !== 'bun.node.ts')
  .map((name) => `test/relay/${name}`);

/** Runs mocha on a runtime. Its report is left in a file: what tests and relays say goes beside it. */
async function mocha(runtime: string, flags: readonly string[], ...args: string[]): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'helpdesk-bun-'));
  const report = join(folder, 'report.json');
  const child = spawn(
    runtime,
    [...flags, join(root, 'node_modules/mocha/bin/mocha.js'), '--timeout', '60000', '--reporter', 'json']
      .concat('--reporter-option', `output=${report}`)
      .concat(args),
    { cwd: root, env: { ...process.env, TOTALS_FILE: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Report;
  } catch {
    throw new Error(`It ended without a report: ${said.slice(-2000)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const titles = (list: Report['passes']): string[] => list.map(({ fullTitle }) => fullTitle).sort();

if (program === undefined)
  console.log('    (left out: the relay on Bun. To run it: npm install, with its optional packages)');
else
  describe('the relay on Bun', function () {
    this.timeout(600_000);
    let here: Report;
    let there: Report;
    before(async () => {
      const long = files.filter((name) => name.includes('contract'));
      const others = files.filter((name) => !long.includes(name));
      // What Node would run, and what Bun has run, at the same time.
      const [all, ...parts] = await Promise.all([
        mocha(process.execPath, ['--import', 'tsx'], '--dry-run', ...files),
        mocha(program, [], ...long),
        mocha(program, [], ...others),
      ]);
      here = all;
      there = {
        tests: parts.flatMap(({ tests }) => tests),
        passes: parts.flatMap(({ passes }) => passes),
        failures: parts.flatMap(({ failures }) => failures),
      };
    });

    it('passes every test', () => {
      expect(there.failures.map(({ fullTitle, err }) => `${fullTitle}: ${String(err.message)}`)).to.deep.equal([]);
      console.log(`      Bun: ${there.passes.length} passed; Node has ${here.tests.length}`);
    });

    it('passes the same tests as Node', () => {
      expect(here.tests.length).to.be.greaterThan(1000);
      const [ours, theirs] = [titles(here.tests), titles(there.passes)];
      expect(ours.filter((each) => !theirs.includes(each))).to.deep.equal([]);
      expect(theirs.filter((each) => !ours.includes(each))).to.deep.equal([]);
      expect(theirs).to.have.lengthOf(ours.length);
    });
  });
