/** The package as it is published, and the files of the script tag. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { expect } from 'chai';
import { publint } from 'publint';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = join(root, '.cache/package');
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort();
const node = (...args: string[]): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error((stdout + stderr).slice(0, 4000));
};

describe('what is published', () => {
  before(function () {
    this.timeout(120_000);
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  describe('the package', function () {
    this.timeout(120_000);
    let packed: { filename: string; files: readonly { path: string }[] };

    before(() => {
      // A copy, so that nobody else's build or test is in its way.
      for (const name of ['package.json', 'README.md', 'LICENSE', 'THIRD-PARTY.txt'])
        writeFileSync(join(scratch, name), readFileSync(join(root, name)));
      const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error', '--outDir'];
      node(...vite, join(scratch, 'dist'));
      node(...vite, join(scratch, 'dist/cdn'), '--mode', 'cdn');
      node('node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', join(scratch, 'dist'));
      const cem = ['node_modules/@custom-elements-manifest/analyzer/cem.js', 'analyze', '--quiet'];
      node(...cem, '--config', 'custom-elements-manifest.config.mjs', '--outdir', '.cache/package');
      node('scripts/editor-data.mjs', scratch);
      const json = execFileSync('npm', ['pack', '--ignore-scripts', '--json'], {
        cwd: scratch,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      [packed] = JSON.parse(json) as [typeof packed];
    });

    it('holds what is used and nothing else', () => {
      const paths = packed.files.map(({ path }) => path);
      const outside = paths.filter((path) => !path.startsWith('dist/'));
      expect(outside.sort()).to.deep.equal([
        'LICENSE',
        'README.md',
        'THIRD-PARTY.txt',
        'custom-elements.json',
        'package.json',
        'vscode.html-custom-data.json',
        'web-types.json',
      ]);
      const odd = paths.filter((path) => path.startsWith('dist/') && !/\.(js|js\.map|d\.ts)$/.test(path));
      expect(odd).to.deep.equal(['dist/cdn/licences.txt', 'dist/cdn/manifest.json']);
      expect(paths).to.include.members(['dist/cdn/help-desk.js', 'dist/index.js', 'dist/react.js', 'dist/react.d.ts']);
      const { bin = {} } = JSON.parse(readFileSync(join(scratch, 'package.json'), 'utf8')) as {
        bin?: Record<string, string>;
      };
      for (const file of Object.values(bin)) expect(paths).to.include(file.replace(/^\.\//, ''));
    });

    it('has entry points without a fault that publint knows', async () => {
      const { messages } = await publint({ pkgDir: scratch, strict: true, pack: false });
      expect(messages.map(({ code, path }) => `${code} ${path.join('.')}`)).to.deep.equal([]);
    });

    it('has types that go with its code, for bundlers and for Node', async () => {
      const data = new Uint8Array(readFileSync(join(scratch, packed.filename)));
      const analysis = await checkPackage(createPackageFromTarballData(data));
      const problems = 'problems' in analysis ? analysis.problems : ['no types'];
      // Only modules are published, which neither `require` nor TypeScript before `exports` can find; the script tag's file
      // is not to be imported at all.
      const told = problems.filter(
        (one) =>
          typeof one === 'string' ||
          !('resolutionKind' in one) ||
          !(/^(node10|node16-cjs)$/.test(one.resolutionKind) || one.entrypoint.startsWith('./cdn/')),
      );
      expect(told).to.deep.equal([]);
    });

    it('tells editors of every element and attribute', () => {
      const read = (name: string): unknown => JSON.parse(readFileSync(join(scratch, name), 'utf8'));
      interface Element {
        readonly tagName: string;
        readonly attributes?: readonly { readonly name: string }[];
      }
      const manifest = read('custom-elements.json') as { modules: { declarations: Element[] }[] };
      const expected = manifest.modules
        .flatMap(({ declarations }) => declarations)
        .map(({ tagName, attributes = [] }) => [tagName, attributes.map(({ name }) => name)]);
      interface Known {
        readonly name: string;
        readonly attributes: readonly { readonly name: string; readonly description: string }[];
      }
      const names = (all: readonly Known[]): unknown =>
        all.map(({ name, attributes }) => [name, attributes.map((attribute) => attribute.name)]);
      const { tags } = read('vscode.html-custom-data.json') as { tags: Known[] };
      const web = read('web-types.json') as { name: string; contributions: { html: { elements: Known[] } } };
      expect(expected.length).to.equal(5);
      expect(names(tags)).to.deep.equal(expected);
      expect(names(web.contributions.html.elements)).to.deep.equal(expected);
      expect(web.name).to.equal('helpdesk-elements');
      for (const { attributes } of tags)
        for (const { name, description } of attributes) expect(description, name).to.match(/\w/);
      const placement = tags[0]!.attributes.find(({ name }) => name === 'placement') as unknown as {
        values: { name: string }[];
      };
      expect(placement.values.map(({ name }) => name)).to.deep.equal([
        'bottom-end',
        'bottom-start',
        'top-end',
        'top-start',
      ]);
    });
  });

  describe('the files of the script tag', function () {
    this.timeout(60_000);
    const once = join(scratch, 'once');
    const again = join(scratch, 'again');

    before(async () => {
      for (const outDir of [once, again]) await build({ root, mode: 'cdn', logLevel: 'error', build: { outDir } });
    });

    it('are the same, byte for byte, however often they are built', () => {
      expect(files(once)).to.include.members(['help-desk.js', 'help-desk.js.map', 'manifest.json']);
      expect(files(again)).to.deep.equal(files(once));
      const different = files(once).filter(
        (file) => !readFileSync(join(once, file)).equals(readFileSync(join(again, file))),
      );
      expect(different).to.deep.equal([]);
    });

    it('are listed with their size and the hash for integrity', () => {
      const manifest = JSON.parse(readFileSync(join(once, 'manifest.json'), 'utf8')) as object;
      const scripts = files(once).filter((file) => file.endsWith('.js'));
      const expected = scripts.map((file) => {
        const code = readFileSync(join(once, file));
        return [
          file,
          { bytes: code.length, integrity: `sha384-${createHash('sha384').update(code).digest('base64')}` },
        ];
      });
      expect(Object.entries(manifest)).to.deep.equal(expected);
    });

    it('begin with one classic script within its budget, that names files which are there', () => {
      const code = readFileSync(join(once, 'help-desk.js'), 'utf8');
      expect(gzipSync(code, { level: 9 }).length).to.be.at.most(2500);
      expect(code).to.not.match(/^\s*(import|export)\b|\bimport\s*["'`{]|\beval\(|new Function|innerHTML/m);
      const [, folder] = /(chunks\/[\da-f]{6})\//.exec(code)!;
      const [, systems] = /\[(`osticket`[\w,`-]+)\]/.exec(code)!;
      const tags = ['help-desk', 'ticket-form', 'ticket-list', 'ticket-thread', 'topic-picker'];
      const named = [...tags, 'relay', 'systems', ...systems!.split(',').map((name) => name.slice(1, -1))].map(
        (name) => `${folder}/${name}.js`,
      );
      expect(named.length).to.equal(11);
      expect(named.filter((file) => !existsSync(join(once, file)))).to.deep.equal([]);
    });
  });
});
