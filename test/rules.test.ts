/** What lint cannot see: the shape of the project, of the package that is published, and of the README. Runs in Node. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { ESLint } from 'eslint';
import { documentedCalls } from './backends/calls.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const run = (program: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${(stdout + stderr).slice(0, 4000)}`);
  return stdout;
};

function walk(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(folder, entry.parentPath.slice(join(root, folder).length), entry.name))
    .sort();
}

const sources = walk('src').filter((file) => file.endsWith('.ts'));
const elements = readdirSync(join(root, 'src/elements'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map((entry) => entry.name);
/** Parts of back ends; every other file of the folder is one. */
const innerBackends = [
  'all',
  'backend',
  'client',
  'clock',
  'diagnose',
  'files',
  'http',
  'json',
  'later',
  'markup',
  'problem',
  'read',
  'request',
  'retry',
  'times',
  'upload',
  'words',
  'osticket-agent',
  'osticket-fields',
  'osticket-post',
  'osticket-read',
  'osticket-refusal',
  'osticket-shapes',
  'osticket-ticket',
  'osticket-write',
  'relay-token',
  'relay-write',
  'support-ticket-read',
  'support-ticket-refusal',
  'support-ticket-write',
];
const backends = sources
  .flatMap((file) => /^src\/backends\/([\w-]+)\.ts$/.exec(file)?.[1] ?? [])
  .filter((name) => !innerBackends.includes(name));

interface Import {
  readonly from: string;
  /** Path without extension for our own files, else the package's name. */
  readonly to: string;
  readonly kind: 'value' | 'type' | 'lazy';
}

function importsOf(file: string): Import[] {
  const code = read(file);
  const found: Import[] = [];
  const add = (specifier: string, kind: Import['kind']): void => {
    const own = specifier.startsWith('.');
    const name = own
      ? posix.join(posix.dirname(file), specifier).replace(/\.js$/, '')
      : specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    found.push({ from: file, to: name, kind });
  };
  for (const [, type, specifier] of code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm))
    add(specifier!, type ? 'type' : 'value');
  for (const [, specifier] of code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) add(specifier!, 'lazy');
  return found;
}

/** A file → what it may import at run time, and beyond that by type only. First match counts. */
const directions: readonly (readonly [from: RegExp, values: RegExp, types?: RegExp])[] = [
  [/^src\/model\.ts$/, /^(?!)/],
  [/^src\/errors\.ts$/, /^src\/model$/],
  [/^src\/late\.ts$/, /^src\/errors$/],
  [/^src\/events\.ts$/, /^src\/events\//],
  [/^src\/events\//, /^src\/events\/event$/, /^src\/(model|errors|events)$/],
  [/^src\/backends\/client\.ts$/, /^src\/(model|errors|late|backends\/(backend|later|request|retry))$/],
  [/^src\/backends\/http\.ts$/, /^src\/(late|backends\/(backend|client|files|request|words))$/],
  [/^src\/backends\/read\.ts$/, /^src\/backends\/(json|markup|problem|times|words)$/],
  [/^src\/backends\/retry\.ts$/, /^(ky|src\/errors)$/],
  [/^src\/backends\/all\.ts$/, /^src\/backends\//],
  [/^src\/backends\/upload\.ts$/, /^(?!)/],
  [/^src\/backends\/files\.ts$/, /^src\/errors$/, /^src\/backends\/backend$/],
  // By type only: what it imported would be torn from the page's own file.
  [/^src\/backends\/diagnose\.ts$/, /^(?!)/, /^src\/(model|errors|backends\/backend)$/],
  [
    /^src\/backends\/osticket/,
    /^src\/(model|errors|late|backends\/(backend|client|clock|files|json|later|markup|request|times|words|osticket-(agent|fields|post|read|refusal|shapes|ticket|write)))$/,
  ],
  [
    /^src\/backends\/relay/,
    /^src\/(model|errors|late|relay\/protocol|backends\/(backend|files|json|later|relay(-token|-write)?|request))$/,
  ],
  [
    /^src\/backends\/support-ticket/,
    /^src\/(model|errors|late|backends\/(backend|client|files|json|later|problem|request|words|support-ticket-(read|refusal|write)))$/,
  ],
  [/^src\/backends\//, /^src\/(model|errors|late|backends\/(backend|client|clock|json|request|times|upload|words))$/],
  [/^src\/store\//, /^src\/(model|errors|late|backends\/backend|store\/[\w-]+)$/, /^(lit|@lit\/reactive-element)$/],
  [/^src\/strings\//, /^src\/strings\//],
  [/^src\/elements\/shared\/sanitise\.ts$/, /^(dompurify|src\/(model|errors)|src\/elements\/shared\/)/],
  [/^src\/elements\/registration\.ts$/, /^src\/(backends\/all$|elements\/)/],
  [
    /^src\/elements\/help-desk\/define\.ts$/,
    /^src\/(backends\/all|elements\/shared\/register|elements\/[\w-]+\/(define|help-desk))$/,
  ],
  [/^src\/relay\//, /^(?!lit$|ky$|dompurify$|src\/(store|elements|strings)\/)/],
  [
    /^src\/index\.ts$/,
    /^src\/(model|errors|events|backends\/backend|store\/|strings\/|elements\/registration$)/,
    /^src\/backends\/diagnose$/,
  ],
  [/^src\/(define|loader)\.ts$/, /^src\/(?!relay\/)/],
  [/^src\/testing\//, /^(chai|src\/(model|errors|backends\/(backend|read)|testing\/[\w-]+))$/],
  [/^src\/settings\.ts$/, /^(?!)/, /^(lit|src\/events)$/],
  [/^src\/(testing|react|vue)\.ts$/, /^src\/(?!relay\/)|^(?!ky$|dompurify$)/],
];
const sharedByElements =
  /^(lit|src\/(model|errors|late|events\/[\w-]+|backends\/(backend|diagnose)|store\/[\w-]+|strings\/[\w-]+|elements\/shared\/[\w.-]+))$/;

const mayImport = ({ from, to, kind }: Import): boolean => {
  const rule = directions.find(([pattern]) => pattern.test(from));
  if (rule) return rule[1].test(to) || (kind === 'type' && Boolean(rule[2]?.test(to)));
  const folder = /^src\/elements\/[\w-]+\//.exec(from)?.[0];
  if (!folder) return false;
  const other = kind === 'type' ? /^src\/elements\// : /^src\/elements\/[\w-]+\/define$/;
  return sharedByElements.test(to) || to.startsWith(folder) || other.test(to);
};

describe('source files', () => {
  it('import only what their place allows', () => {
    const wrong = sources.flatMap(importsOf).filter((one) => !mayImport(one));
    expect(wrong).to.deep.equal([]);
  });

  it('import files that are there', () => {
    const missing = sources
      .flatMap(importsOf)
      .filter(({ to }) => to.startsWith('src/') && !existsSync(join(root, `${to}.ts`)));
    expect(missing).to.deep.equal([]);
  });

  it('leave ky, DOMPurify, htmlparser2 and the sanitisers to one place each, each loaded when needed', () => {
    const reach = (to: string, kind?: Import['kind']): string[] =>
      sources.flatMap(importsOf).flatMap((one) => (one.to === to && (!kind || one.kind === kind) ? one.from : []));
    expect(reach('ky')).to.deep.equal(['src/backends/retry.ts']);
    expect(reach('src/backends/retry', 'value')).to.deep.equal([]);
    expect(reach('dompurify')).to.deep.equal(['src/elements/shared/sanitise.ts']);
    expect(reach('htmlparser2')).to.deep.equal(['src/relay/html.ts']);
    expect(reach('src/relay/html', 'value')).to.deep.equal([]);
    expect(reach('src/elements/shared/sanitise', 'value')).to.deep.equal([]);
    expect(new Set(reach('src/elements/shared/sanitise', 'lazy')).size).to.equal(1);
    // Parts that come together may know each other.
    for (const part of [
      'upload',
      'diagnose',
      'osticket-agent',
      'osticket-post',
      'osticket-read',
      'osticket-refusal',
      'osticket-shapes',
      'osticket-write',
      'support-ticket-read',
      'support-ticket-refusal',
      'support-ticket-write',
    ])
      expect(
        reach(`src/backends/${part}`, 'value').filter((from) => !/osticket-(agent|shapes|write)\.ts$/.test(from)),
      ).to.deep.equal([]);
  });

  it('have names in kebab-case', () => {
    const odd = ['src', 'test', 'scripts', 'demo'].flatMap(walk).filter((file) => !/^[a-z0-9./-]+$/.test(file));
    expect(odd).to.deep.equal([]);
  });

  it('include three files of one name for every element, and a test of it', () => {
    for (const tag of elements) {
      for (const name of [`${tag}.ts`, `${tag}.styles.ts`, 'define.ts'])
        expect(existsSync(join(root, 'src/elements', tag, name)), `${tag}/${name}`).to.equal(true);
      const tests = walk(`test/elements/${tag}`).filter((file) => file.endsWith('.test.ts'));
      expect(tests, `tests of ${tag}`).to.not.have.lengthOf(0);
    }
  });

  it('include a test for every back end, and it calls the contract suite', () => {
    expect(backends).to.include.members(['osticket', 'support-ticket']);
    for (const name of backends) {
      expect(existsSync(join(root, `test/backends/${name}.test.ts`)), `test of ${name}`).to.equal(true);
      expect(read(`test/backends/${name}.test.ts`), name).to.match(/\bdescribeBackend\(/);
    }
  });
});

describe('documented calls', () => {
  const offered = documentedCalls.filter((one) => 'method' in one);

  it('are all of each system, none twice', () => {
    const names = documentedCalls.map(({ system, call }) => `${system} ${call}`);
    expect(new Set(names).size).to.equal(names.length);
    const count = (name: string): number => documentedCalls.filter(({ system }) => system === name).length;
    expect(backends.filter((name) => name !== 'relay').map((name) => [name, count(name)])).to.deep.equal([
      ['jaze', 10],
      ['osticket-http', 5],
      ['osticket', 18],
      ['support-ticket', 9],
    ]);
  });

  it('name methods, elements and tests that are there, or a reason', () => {
    const suite = read('src/testing/contract.ts');
    const wrong = offered.filter(({ system, method, element: [tag], test }) => {
      const files = walk('test/backends').filter((file) => new RegExp(`/${system}(-agent)?\\.test\\.ts$`).test(file));
      const titles = [suite, ...files.map(read)].join('\n');
      const title = [`it('${test}',`, `it("${test}",`].some((code) => titles.includes(code));
      const made = walk('src/backends').some(
        (file) => file.includes(system) && new RegExp(`\\b${method}\\b`).test(read(file)),
      );
      return !title || !made || !elements.includes(tag);
    });
    expect(wrong).to.deep.equal([]);
    for (const one of documentedCalls) if ('reason' in one) expect(one.reason, one.call).to.match(/^[A-Z].{20,}\.$/);
  });
});

describe('lint', function () {
  // The first one loads every rule and the whole project's types.
  this.timeout(120_000);
  const eslint = new ESLint({ cwd: root });
  const findings = async (filePath: string, code: string): Promise<(string | null)[]> => {
    const [result] = await eslint.lintText(code, { filePath: join(root, filePath) });
    return [...new Set(result!.messages.map(({ ruleId }) => ruleId))];
  };
  const cases: readonly (readonly [what: string, file: string, code: string, rule: string])[] = [
    ['lit in a back end', 'src/backends/osticket.ts', "import 'lit';\n", '@typescript-eslint/no-restricted-imports'],
    [
      'another back end',
      'src/backends/osticket.ts',
      "import './support-ticket.js';\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    ['ky outside retry.ts', 'src/backends/osticket.ts', "import 'ky';\n", '@typescript-eslint/no-restricted-imports'],
    [
      'a back end in an element',
      'src/elements/ticket-list/ticket-list.ts',
      "import '../../backends/osticket.js';\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    [
      'another class in an element',
      'src/elements/ticket-list/ticket-list.ts',
      "import '../ticket-form/ticket-form.js';\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    [
      'unsafeHTML',
      'src/elements/ticket-list/ticket-list.ts',
      "import 'lit/directives/unsafe-html.js';\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    [
      'unsafeSVG in the shared part',
      'src/elements/shared/entry-body.ts',
      "import 'lit/directives/unsafe-svg.js';\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    [
      'static-html',
      'src/elements/shared/entry-body.ts',
      "import 'lit/static-html.js';\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    [
      'styleMap',
      'src/elements/shared/entry-body.ts',
      "import 'lit/directives/style-map.js';\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    [
      'elements in the store',
      'src/store/types.ts',
      "import '../elements/ticket-list/ticket-list.js';\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    [
      'lit at run time in the store',
      'src/store/types.ts',
      "import { html } from 'lit';\nhtml``;\n",
      '@typescript-eslint/no-restricted-imports',
    ],
    ['fetch in an element', 'src/elements/ticket-list/ticket-list.ts', "void fetch('/');\n", 'no-restricted-globals'],
    [
      'DOMPurify by import()',
      'src/elements/shared/entry-body.ts',
      "void import('dompurify');\n",
      'no-restricted-syntax',
    ],
    ['innerHTML', 'src/elements/shared/entry-body.ts', "document.body.innerHTML = '';\n", 'no-restricted-syntax'],
    [
      'insertAdjacentHTML',
      'src/elements/shared/entry-body.ts',
      "document.body.insertAdjacentHTML('afterend', '');\n",
      'no-restricted-syntax',
    ],
    ['document.write', 'src/elements/shared/entry-body.ts', "document.write('');\n", 'no-restricted-syntax'],
    ['eval', 'src/elements/shared/entry-body.ts', "eval('1');\n", 'no-eval'],
    ['any', 'src/errors.ts', 'export const x = 1 as any;\n', '@typescript-eslint/no-explicit-any'],
    ['a default export', 'src/errors.ts', 'export default 1;\n', 'no-restricted-syntax'],
    ['an enum', 'src/errors.ts', 'export enum A {\n  B,\n}\n', 'no-restricted-syntax'],
    ['a private of TypeScript', 'src/errors.ts', 'export class A {\n  private b = 1;\n}\n', 'no-restricted-syntax'],
  ];
  for (const [what, file, code, rule] of cases)
    it(`refuses ${what}`, async () => {
      expect(await findings(file, code)).to.include(rule);
    });
});

describe('tests', () => {
  it('are all run', () => {
    const words = ['only', 'skip'].map((word) => `\\.${word}\\(`).concat('\\b(xit|xdescribe|fit|fdescribe)\\(');
    const found = walk('test').filter((file) => new RegExp(words.join('|')).test(read(file)));
    expect(found).to.deep.equal([]);
  });

  it('of one file prepare nothing for all the others', () => {
    const hooks = walk('test').filter(
      (file) => file.endsWith('.node.ts') && /^(before|after)(Each)?\(/m.test(read(file)),
    );
    expect(hooks).to.deep.equal([]);
  });
});

describe('the repository', () => {
  it('speaks of itself only', () => {
    const text = /\.(ts|js|mjs|cjs|json|md|html|css|svg|yml)$|^\.?[\w./-]*(run|rc|ignore)$/;
    const tracked = existsSync(join(root, '.git'))
      ? execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
          .trim()
          .split('\n')
      : [...readdirSync(root), ...['src', 'test', 'demo', 'scripts', '.ci'].flatMap(walk)];
    // In pieces, or this file would hold the words itself.
    const words = [
      ['registry', 'npmjs'],
      ['registry', 'yarnpkg'],
      ['npm', 'pkg', 'github'],
    ].map((parts) => parts.join('\\.'));
    const machine = ['work', 'tmp', 'root'].map((folder) => `(?<![\\w.~-])/${folder}(?=/[\\w.])`);
    const makers = ['clau' + 'de', 'anthro' + 'pic', 'chat' + 'gpt', 'open' + 'ai', 'co' + 'pilot'].map(
      (word) => `\\b${word}\\b`,
    );
    const pattern = new RegExp([...words, ...machine, ...makers, '\\b(fixes|closes|issue) #\\d'].join('|'), 'i');
    const found = tracked
      .filter((file) => text.test(file) && existsSync(join(root, file)) && statSync(join(root, file)).isFile())
      .flatMap((file) => {
        const hit = pattern.exec(read(file));
        return hit ? `${file}: ${hit[0]}` : [];
      });
    expect(found).to.deep.equal([]);
  });
});

interface Documented {
  readonly name: string;
  readonly description?: string;
}
interface Manifest {
  readonly modules: readonly {
    readonly path: string;
    readonly declarations: readonly {
      readonly tagName: string;
      readonly description?: string;
      readonly members?: readonly Documented[];
      readonly attributes?: readonly Documented[];
      readonly events?: readonly Documented[];
      readonly slots?: readonly Documented[];
      readonly cssParts?: readonly Documented[];
      readonly cssProperties?: readonly Documented[];
      readonly cssStates?: readonly Documented[];
    }[];
  }[];
}

describe('the package', function () {
  this.timeout(120_000);
  const { exports } = JSON.parse(read('package.json')) as {
    exports: Record<string, string | Record<'types' | 'default', string> | null>;
  };
  let manifest: Manifest;

  const newest = (files: readonly string[]): number =>
    Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs));
  const vite = 'vite/bin/vite.js';
  before(() => {
    const built = join(root, 'dist/index.d.ts');
    if (!existsSync(built) || newest([...sources, 'vite.config.ts', 'package.json']) > statSync(built).mtimeMs) {
      run(vite, 'build', '--logLevel', 'error');
      run(vite, 'build', '--logLevel', 'error', '--mode', 'cdn');
      run('@typescript/native/bin/tsc', '-p', 'tsconfig.build.json');
    }
    const cem = '@custom-elements-manifest/analyzer/cem.js';
    run(cem, 'analyze', '--config', 'custom-elements-manifest.config.mjs', '--quiet');
    run('../scripts/editor-data.mjs');
    manifest = JSON.parse(read('custom-elements.json')) as Manifest;
  });

  /** Every entry point that a pattern of `exports` opens. */
  const opened = (): [string, Record<'types' | 'default', string>][] =>
    Object.entries(exports).flatMap(([key, target]): [string, Record<'types' | 'default', string>][] => {
      if (!target || typeof target === 'string') return [];
      const names = !key.includes('*') ? [''] : key.startsWith('./elements/') ? elements : backends;
      return names.map((name) => [
        key.replaceAll('*', name),
        { types: target.types.replaceAll('*', name), default: target.default.replaceAll('*', name) },
      ]);
    });

  it('has a file and its types behind every entry point', () => {
    expect(opened().map(([key]) => key)).to.include.members([
      '.',
      './define',
      './elements/ticket-list',
      './elements/ticket-list/define',
      './backends/osticket',
    ]);
    const plain = Object.values(exports).filter((target) => typeof target === 'string');
    const missing = [...plain, ...opened().flatMap(([, target]) => Object.values(target))].filter(
      (file) => !existsSync(join(root, file)),
    );
    expect(missing).to.deep.equal([]);
  });

  it('has an entry point for every built file that is meant to be imported, and closes the inner ones', () => {
    // What a back end of one's own is made of is open.
    for (const name of innerBackends)
      expect(exports[`./backends/${name}`], name).to.equal(/^(http|read)$/.test(name) ? undefined : null);
  });

  it('can be imported in Node, every entry point of it', async () => {
    for (const [key, { default: file }] of opened()) {
      const module = (await import(pathToFileURL(join(root, file)).href)) as object;
      expect(typeof module, key).to.equal('object');
    }
  });

  it('has templates without the white space of their source', () => {
    const form = read('dist/elements/ticket-form/ticket-form.js');
    expect(form).to.match(/html`<form/);
    expect(form).to.not.match(/>\n\s+</);
  });

  it('is built the same twice', () => {
    const hashes = (folder: string): Record<string, string> =>
      Object.fromEntries(
        walk(folder)
          .filter((file) => /\.(js|map)$/.test(file))
          .map((file) => [file.slice(folder.length), createHash('sha256').update(read(file)).digest('hex')]),
      );
    run(vite, 'build', '--logLevel', 'error', '--outDir', '.cache/again/');
    run(vite, 'build', '--logLevel', 'error', '--mode', 'cdn', '--outDir', '.cache/again/cdn');
    const again = hashes('.cache/again');
    rmSync(join(root, '.cache/again'), { recursive: true });
    // Source maps hold paths relative to their folder, which is another one here.
    const code = (all: Record<string, string>): object =>
      Object.fromEntries(Object.entries(all).filter(([file]) => file.endsWith('.js')));
    expect(code(again)).to.deep.equal(code(hashes('dist')));
  });

  it('describes every element and everything public of it', () => {
    const declarations = manifest.modules.flatMap((module) => module.declarations);
    expect(declarations.map(({ tagName }) => tagName).sort()).to.deep.equal([...elements].sort());
    const silent = declarations.flatMap((element) => [
      ...(element.description ? [] : [element.tagName]),
      ...[
        element.members,
        element.attributes,
        element.events,
        element.slots,
        element.cssParts,
        element.cssProperties,
        element.cssStates,
      ].flatMap((list) =>
        (list ?? []).filter((one) => !one.description).map((one) => `${element.tagName}: ${one.name}`),
      ),
    ]);
    expect(silent).to.deep.equal([]);
  });

  it('describes the attributes that the classes observe, no more and no fewer', async () => {
    for (const { path, declarations } of manifest.modules) {
      for (const { tagName, attributes } of declarations) {
        const module = (await import(pathToFileURL(join(root, path)).href)) as Record<
          string,
          { observedAttributes?: string[] }
        >;
        const observed = Object.values(module).find((one) => one.observedAttributes)?.observedAttributes;
        expect((attributes ?? []).map(({ name }) => name).sort(), tagName).to.deep.equal([...(observed ?? [])].sort());
      }
    }
  });

  describe('README', () => {
    const snippets = [...read('README.md').matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, code]) => ({
      language: language!,
      code: code!,
    }));
    const of = (...languages: string[]): string[] =>
      snippets.filter(({ language }) => languages.includes(language)).map(({ code }) => code);

    it('has snippets of known languages only', () => {
      expect(
        snippets.map(({ language }) => language).filter((one) => !/^(ts|js|html|css|sh|text)$/.test(one)),
      ).to.deep.equal([]);
      expect(of('ts', 'js')).to.not.have.lengthOf(0);
      expect(of('html')).to.not.have.lengthOf(0);
    });

    it('has code that compiles against the built package', () => {
      const folder = join(root, '.cache/readme');
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      of('ts', 'js').forEach((code, at) => writeFileSync(join(folder, `snippet-${at}.ts`), `${code}\nexport {};\n`));
      const config = {
        extends: '../../tsconfig.json',
        compilerOptions: { types: [], noUnusedLocals: false, noUncheckedSideEffectImports: true },
        include: ['*.ts'],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      expect(run('@typescript/native/bin/tsc', '-p', folder)).to.equal('');
    });

    it('names commands that exist', () => {
      const { scripts, bin = {} } = JSON.parse(read('package.json')) as {
        scripts: Record<string, string>;
        bin?: Record<string, string>;
      };
      const inProse = [...read('README.md').matchAll(/`((?:[A-Z_]+=\S+ )*(?:npm|npx) [^`]+)`/g)].map(
        ([, command]) => command!,
      );
      const unknown = [...of('sh').flatMap((code) => code.split('\n')), ...inProse]
        .flatMap((line) => line.replace(/#.*$/, '').split(/&&|\||;/))
        .map((command) => command.trim().replace(/^([A-Z_]+=\S+\s+)+/, ''))
        .filter(Boolean)
        .filter((command) => {
          const [program, verb = '', name = ''] = command.split(/\s+/);
          if (program === 'npx') return !(verb in bin);
          if (program !== 'npm') return true;
          if (verb === 'run') return !(name in scripts);
          return !['ci', 'i', 'install'].includes(verb) && !(verb in scripts);
        });
      expect(unknown).to.deep.equal([]);
    });

    it('has markup of known elements with known attributes', () => {
      const known = new Map(
        manifest.modules.flatMap(({ declarations }) =>
          declarations.map(({ tagName, attributes }) => [tagName, (attributes ?? []).map(({ name }) => name)] as const),
        ),
      );
      const html = ['id', 'class', 'slot', 'lang', 'dir', 'hidden', 'style', 'aria-label'];
      const wrong = of('html').flatMap((code) =>
        [...code.matchAll(/<([a-z]+-[a-z-]+)((?:\s+[\w-]+(?:=(?:"[^"]*"|'[^']*'))?)*)\s*\/?>/g)].flatMap(
          ([, tag, list]) => {
            const names = [...list!.matchAll(/([\w-]+)(?:="[^"]*"|='[^']*')?/g)].map(([, name]) => name!);
            const allowed = known.get(tag!);
            return allowed
              ? names.filter((name) => ![...allowed, ...html].includes(name)).map((name) => `${tag} ${name}`)
              : [tag!];
          },
        ),
      );
      expect(wrong).to.deep.equal([]);
    });

    it('sets custom properties and parts that exist', () => {
      const code = sources.map(read).join('\n');
      const parts = manifest.modules.flatMap(({ declarations }) =>
        declarations.flatMap(({ cssParts }) => (cssParts ?? []).map(({ name }) => name)),
      );
      const css = of('css').join('\n');
      for (const [property] of css.matchAll(/--help-desk-[\w-]+/g))
        expect(code, property).to.include(`var(${property}`);
      for (const [, part] of css.matchAll(/::part\(([\w-]+)\)/g)) expect(parts).to.include(part);
    });
  });
});
