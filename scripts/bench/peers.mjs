// What others ship, measured like ours: installed into .cache/peers when it is asked for, never a dependency. What does not
// install or draw here is said and left out.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { beforeClick, long } from './cases.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.cache/peers');
/** What is installed together; a group that cannot be had does not take the others along. */
const groups = [
  ['@sentry/browser@11.12.0'],
  ['deep-chat@2.4.2'],
  ['@typebot.io/js@0.10.7'],
  ['@papercups-io/chat-widget@1.3.1', 'react@17.0.2', 'react-dom@17.0.2'],
  ['@awesome.me/webawesome@3.14.0'],
  ['@lit-labs/virtualizer@2.1.1', 'lit@3.3.3'],
  [
    ...['button', 'combo-box', 'grid', 'message-list', 'text-area', 'text-field'].map(
      (name) => `@vaadin/${name}@25.3.0`,
    ),
  ],
  ['@n8n/chat@1.37.0'],
];
/** Page → what it is; those of the first table draw as soon as they are loaded, the others show lists or threads. */
const loaded = {
  'peer-sentry': 'Sentry feedback',
  'peer-deep-chat': 'deep-chat',
  'peer-papercups': 'Papercups',
  'peer-typebot': 'Typebot',
  'peer-n8n': 'n8n chat',
  'peer-webawesome': 'Web Awesome, controls of a form',
  'peer-vaadin': 'Vaadin, controls of a form',
};
const lists = { 'peer-virtualizer-list': '@lit-labs/virtualizer', 'peer-vaadin-list': 'Vaadin grid' };
const threads = { 'peer-vaadin-thread': 'Vaadin message-list', 'peer-deep-chat-thread': 'deep-chat' };

function install() {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{"private":true}');
  for (const group of groups) {
    const [first] = group;
    if (existsSync(join(folder, 'node_modules', first.slice(0, first.lastIndexOf('@'))))) continue;
    console.log(`Installing ${first} into .cache/peers …`);
    const { status } = spawnSync(
      'npm',
      ['install', '--save-exact', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', ...group],
      { cwd: folder, stdio: 'ignore', timeout: 180_000 },
    );
    if (status !== 0) console.log(`  ${first} cannot be installed here.`);
  }
}

/** One folder for each page, so that nothing is shared between them. False where it cannot be built. */
async function bundle(name, outDir) {
  try {
    await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
      build: {
        outDir,
        emptyOutDir: true,
        target: 'es2022',
        lib: {
          entry: join(folder, `pages/${name}.js`),
          formats: ['es'],
          fileName: () => 'page.js',
          cssFileName: 'page',
        },
        rolldownOptions: { output: { minify: true } },
      },
    });
    return true;
  } catch (error) {
    console.log(`  ${name} could not be built: ${String(error).split('\n')[0]}`);
    return false;
  }
}

export async function peers({ browser, site, runs, table, ms, kB }) {
  install();
  cpSync(join(root, 'scripts/bench/pages'), join(folder, 'pages'), { recursive: true });
  cpSync(join(root, 'scripts/bench/pages/peers'), join(folder, 'pages'), { recursive: true });
  const built = [];
  for (const name of Object.keys({ ...loaded, ...lists, ...threads })) {
    if (!(await bundle(name, join(site.folder, name)))) continue;
    const css = existsSync(join(site.folder, name, 'page.css'));
    site.addPage(
      `/${name}`,
      `${css ? `<link rel="stylesheet" href="/${name}/page.css">` : ''}<script async type="module" src="/${name}/page.js"></script>`,
    );
    built.push(name);
  }
  /** One after the other: what does not work here must not take the rest along. */
  const each = async (names, measure) => {
    const rows = {};
    for (const name of names.filter((one) => built.includes(one))) {
      try {
        Object.assign(rows, await measure(name));
      } catch (error) {
        console.log(`  ${name} could not be measured: ${String(error).split('\n')[0]}`);
      }
    }
    return rows;
  };
  const few = Math.min(runs, 3);

  const before = await each(Object.keys(loaded), (name) =>
    beforeClick({ browser, site, runs: few, names: [name], launchers: [] }),
  );
  table(
    'Others, before anybody clicks (as above; what they would ask of their own servers is not there)',
    ['page', 'requests', 'kB', 'blocking ms', 'script ms', 'heap kB'],
    Object.entries(before).map(([name, row]) => [
      loaded[name],
      row.requests,
      kB(row.bytes),
      ms(row.blocking),
      ms(row.script),
      ms(row.heap),
    ]),
  );

  const answers = { before };
  for (const [what, names, sizes] of [
    ['lists', lists, [100, 1000, 10_000]],
    ['threads', threads, [50, 500, 5000]],
  ]) {
    const rows = (answers[what] = await each(Object.keys(names), (name) =>
      long({ browser, site, runs: few, names: [name], sizes, slow: false }),
    ));
    table(
      `Others, long ${what}: from the data to the paint (main thread in brackets), one more; ms`,
      ['page', 'of', 'paint', 'elements', 'one more'],
      Object.entries(rows).flatMap(([name, of]) =>
        Object.entries(of).map(([size, row]) => [
          names[name],
          size,
          `${ms(row.show)} (${ms(row.showCpu)})`,
          row.elements,
          'append' in row ? `${ms(row.append)} (${ms(row.appendCpu)})` : '',
        ]),
      ),
    );
  }
  return answers;
}
