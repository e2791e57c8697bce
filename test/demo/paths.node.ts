/** The pages of steps: what they show of the relay's settings, done as they say. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { layout, menu } from '../../demo/layout.js';
import { readConfig, type Environment } from '../../src/relay/config.js';
import { root } from './demo.js';

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
const plain = (html: string): string => html.replace(/&(amp|lt|gt|quot);/g, (_, sign: string) => signs[sign]!);
const pages = menu
  .flatMap(([, group]) => group.map(([path]) => path))
  .filter((path) => path.startsWith('/paths/'))
  .map((path) => layout(path, readFileSync(join(root, 'demo/pages', path), 'utf8')));

/** What stands under these names in a page, as it is copied. */
const filesOf = (page: string, name: string): string[] =>
  [...page.matchAll(/<figcaption>(.*?)<\/figcaption><pre[^>]*><code>([^]*?)<\/code>/g)].flatMap(([, file, code]) =>
    file === name ? [plain(code!)] : [],
  );

describe('steps of the relay', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'helpdesk-steps-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The environment after these lines of a shell, for which it has nothing to complain of. */
  function environmentAfter(lines: string): Environment {
    const print = `'${process.execPath}' -e 'console.log(JSON.stringify(process.env))'`;
    const { stdout, stderr, status } = spawnSync('/bin/sh', ['-ec', `${lines}\n${print}`], {
      encoding: 'utf8',
      env: {},
    });
    expect([stderr, status], lines).to.deep.equal(['', 0]);
    return Object.fromEntries(
      Object.entries(JSON.parse(stdout) as Environment).filter(([name]) => name.startsWith('HELPDESK_')),
    );
  }

  it('give the relay settings that it can use, sourced by a shell as they say', async () => {
    const page = pages.find((one) => one.includes('helpdesk-relay.env'))!;
    const [settings] = filesOf(page, '/etc/helpdesk-relay.env');
    const check = filesOf(page, 'terminal').find((lines) => lines.includes('--check'))!;
    const file = join(folder, 'helpdesk-relay.env');
    writeFileSync(file, `${settings!}\n`);
    const env = environmentAfter(
      check.replaceAll('/etc/helpdesk-relay.env', file).replace(/^npx helpdesk-relay --check$/m, ''),
    );
    expect(Object.keys(env)).to.have.members([...settings!.matchAll(/^(\w+)=/gm)].map(([, name]) => name));
    expect(JSON.parse(env['HELPDESK_OPTIONS']!)).to.deep.equal({ shape: 'auto' });
    const { relay } = await readConfig(env);
    expect(relay.origins).to.deep.equal(['https://www.example.com']);
  });

  it('name other settings as a shell takes them', () => {
    const shown = pages.flatMap((page) =>
      [...page.matchAll(/<code>(HELPDESK_\w+=[^<\n]*)<\/code>/g)].map(([, code]) => plain(code!)),
    );
    expect(shown.length).to.be.greaterThan(3);
    for (const line of shown) {
      const [[name, value] = [], ...others] = Object.entries(environmentAfter(`set -a\n${line}`));
      expect([name, others.length], line).to.deep.equal([/^\w+/.exec(line)![0], 0]);
      if (name === 'HELPDESK_OPTIONS') expect(JSON.parse(value!), line).to.be.an('object');
    }
  });
});
