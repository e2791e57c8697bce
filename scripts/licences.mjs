// `node scripts/licences.mjs` writes THIRD-PARTY.txt: what the package needs at run time, each with its licence. The build
// of the script tag writes licences.txt beside its files: what is inside them. `-- --check` only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (...path) => readFileSync(join(root, ...path), 'utf8');
const json = (...path) => JSON.parse(read(...path));

/** Folders of the packages that are needed at run time, directly or not, each once. */
export function dependencies() {
  const { packages } = json('package-lock.json');
  const found = new Set();
  const walk = (folder) => {
    const { dependencies: needs = {}, optionalDependencies: wants = {} } = packages[folder];
    for (const name of Object.keys({ ...needs, ...wants })) {
      let inside = folder;
      let place = join(inside, 'node_modules', name);
      while (!packages[place] && inside) {
        inside = inside.slice(0, Math.max(0, inside.lastIndexOf('node_modules') - 1));
        place = join(inside, 'node_modules', name);
      }
      if (!packages[place] || found.has(place)) continue;
      found.add(place);
      walk(place);
    }
  };
  walk('');
  return [...found].sort();
}

/** Folders of the packages that these modules are of. */
export const packagesOf = (modules) =>
  [
    ...new Set(
      modules.flatMap((id) => /(?:^|[\\/])(node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1] ?? []),
    ),
  ]
    .map((folder) => folder.replaceAll('\\', '/'))
    .sort();

function licence(folder) {
  const { name, version, license, repository, homepage } = json(folder, 'package.json');
  const at = typeof repository === 'string' ? repository : (repository?.url ?? homepage ?? '');
  const texts = readdirSync(join(root, folder))
    .filter((file) => /^(licen[cs]e|copying|notice)(\b|$)/i.test(file))
    .sort()
    .map((file) => read(folder, file).replaceAll('\r\n', '\n').trim());
  const from = at
    .replace(/^git\+|\.git$/g, '')
    .replace(/^(?:git|http):/, 'https:')
    .replace(/^(?:github:)?(?!https:)/, 'https://github.com/');
  if (!license) throw new Error(`${name} does not say its licence.`);
  if (!texts.length) texts.push('(It brings no text of its licence.)');
  return [`${name} ${version}, ${license}\n${from}`, ...texts].join('\n\n');
}

const line = `\n\n${'-'.repeat(78)}\n\n`;

/** The licences of these packages, as text. */
export const licences = (folders, what) => [what, ...folders.map(licence)].join(line) + '\n';

/** For Vite: `licences.txt` beside the files that are built. */
export const licencesFile = () => ({
  name: 'licences',
  apply: 'build',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? one.moduleIds : []));
    const source = licences(packagesOf(modules), 'What is inside these files beside helpdesk-elements (MIT).');
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
  },
});

/** What THIRD-PARTY.txt has to be. */
export const thirdParty = () =>
  licences(dependencies(), 'What helpdesk-elements (MIT) needs at run time, in pages or in the relay.');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(root, 'THIRD-PARTY.txt');
  const text = thirdParty();
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error('THIRD-PARTY.txt is not that of the packages installed: node scripts/licences.mjs');
    process.exitCode = 1;
  }
}
