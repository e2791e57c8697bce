// `npm run size`: what a page downloads, measured from dist/: bundled with everything it needs, minified, gzip -9, in kB of
// 1,000 bytes. What is loaded later (the sanitiser, other back ends, other languages) is not part of a row. Fails over a
// budget, and where the README says other figures; `-- --write` writes them there.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';
import { build } from 'vite';
import { finish, table, updateReadme } from './readme.mjs';
import { terser } from './terser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const scratch = join(root, '.cache/size');
const gzipped = (code) => gzipSync(code, { level: 9 }).length;
const kB = (bytes) => (bytes / 1000).toFixed(1);

/** One build of these modules, minified as the script tag's files are. `together` are put into one file. */
async function built(entry, external, together) {
  const [{ output }] = await build({
    root,
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        external,
        // As for a page: what is loaded later may use what is there already, instead of both sharing a third file.
        preserveEntrySignatures: 'allow-extension',
        output: {
          minify: true,
          ...(together && {
            codeSplitting: {
              includeDependenciesRecursively: false,
              groups: [{ name: (id) => (together.has(id) ? 'at-once' : null) }],
            },
          }),
        },
      },
    },
  });
  const chunks = output.filter(({ type }) => type === 'chunk');
  return Promise.all(chunks.map(async (chunk) => ({ ...chunk, code: (await minify(chunk.code, terser)).code })));
}

/** The entry and what it imports at once. */
function closure(chunks) {
  const seen = new Set();
  const walk = (name) => {
    const chunk = chunks.find(({ fileName }) => fileName === name);
    if (!chunk || seen.has(chunk)) return;
    seen.add(chunk);
    chunk.imports.forEach(walk);
  };
  walk(chunks.find(({ isEntry }) => isEntry).fileName);
  return [...seen];
}

/** What is fetched at once is one file, as webpack and Rollup make it; what comes later are files of their own. */
async function bundle(name, code, external = []) {
  const entry = join(scratch, `${name}.js`);
  writeFileSync(entry, code);
  const first = await built(entry, external);
  const together = new Set(closure(first).flatMap(({ moduleIds }) => moduleIds));
  return built(entry, external, together);
}

/** Bytes of what is fetched at once. */
const atOnce = (chunks) => closure(chunks).reduce((sum, { code }) => sum + gzipped(code), 0);

const load = (...files) => files.map((file) => `import '../../dist/${file}.js';`).join('\n');
const store = "export { createStore } from '../../dist/index.js';\n";
const backend = (name) => `export * from '../../dist/backends/${name}.js';\n`;
const element = (tag) => load(`elements/${tag}/define`);

if (!existsSync(join(dist, 'index.js'))) {
  console.error('There is no dist/: run `npm run build` first.');
  process.exit(1);
}
rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });

const inner = new Set([
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
]);
const backends = readdirSync(join(dist, 'backends'))
  .filter((file) => file.endsWith('.js'))
  .map((file) => basename(file, '.js'))
  .filter((name) => !inner.has(name))
  .sort();

const problems = [];
const rows = [];
/** `goal` is what a page should cost at most; `limit` is where the check fails, above the goal only where that is not reached yet. */
function row(what, bytes, goal, limit = goal) {
  rows.push([what, kB(bytes), goal ? kB(goal) : '', limit ? kB(limit) : '']);
  if (bytes > limit) problems.push(`${what}: ${bytes} bytes, ${bytes - limit} over the limit of ${limit}`);
}

const alone = {
  'topic-picker': '`topic-picker` with a list of its own',
  'ticket-list': '`ticket-list` with the store',
  'ticket-thread': '`ticket-thread` with the store',
};
const forms = [];
for (const name of backends.filter((one) => ['relay', 'osticket', 'support-ticket'].includes(one))) {
  const chunks = await bundle(`form-${name}`, `${element('ticket-form')}\n${store}${backend(name)}`);
  row(`\`ticket-form\` with the store and \`${name}\``, atOnce(chunks), 18_000);
  forms.push(...chunks);
}
const shown = ['help-desk', 'ticket-list', 'ticket-thread', 'ticket-form'].map(element).join('\n');
const widget = await bundle('widget', `${shown}\n${store}${backend('relay')}`);
row('The whole widget with one back end: `help-desk` and all it shows', atOnce(widget), 32_000);
row(
  '`define`: every element, with `relay`',
  atOnce(await bundle('all', `${load('define')}\n${store}${backend('relay')}`)),
);
for (const [tag, what] of Object.entries(alone)) {
  row(what, atOnce(await bundle(tag, `${element(tag)}\n${tag === 'topic-picker' ? '' : store}`)));
}
for (const name of backends) {
  // With the parts that only its family uses.
  const own = new RegExp(
    `/backends/${name}\\.js|own-${name}\\.js$|/(osticket-(agent|post|read|refusal|shapes|ticket|write)|support-ticket-(read|refusal|write)|relay-(token|write))\\.js$`,
  );
  // As one piece with what it reads tickets with, or knows who asks, where that comes with the first need.
  const needed = ['read', 'token'].map((what) => `${name}-${what}`).filter((file) => inner.has(file));
  const bytes = atOnce(await bundle(`own-${name}`, [name, ...needed].map(backend).join(''), (id) => !own.test(id)));
  row(`Back end \`${name}\`, its own code, with what reads tickets`, bytes, 3_000);
}
const tag = join(dist, 'cdn/help-desk.js');
if (existsSync(tag)) {
  row('The script tag, before a person does something', gzipped(readFileSync(tag)), 2_500);
  // As they are sent: each file by itself.
  const chunks = join(dist, 'cdn/chunks');
  const folder = join(chunks, readdirSync(chunks)[0]);
  const sent = (...names) => names.reduce((sum, name) => sum + gzipped(readFileSync(join(folder, `${name}.js`))), 0);
  const desk = ['help-desk', 'relay'];
  const direct = ['help-desk', 'osticket', 'systems'];
  row('Then, to see the form: three files at once', sent(...desk, 'ticket-form'), 30_000);
  row('Or, to see the list: three files at once', sent(...desk, 'ticket-list'), 30_000);
  row('The form where the page asks osTicket itself: four files at once', sent(...direct, 'ticket-form'), 30_000);
  row('And then, to read a ticket: one file', sent('ticket-thread'), undefined, 8_000);
  row(
    'List, ticket and reply together: five files, without the sanitiser',
    sent(...desk, 'ticket-list', 'ticket-thread', 'activity'),
    45_000,
  );
}
const sanitiser = widget.find(({ moduleIds }) => moduleIds.some((id) => id.includes('dompurify')));
if (!sanitiser || closure(widget).includes(sanitiser)) problems.push('The sanitiser is not a chunk of its own.');
else row('The HTML sanitiser, loaded with the first HTML entry', gzipped(sanitiser.code));
const later = (part) =>
  [...widget, ...forms].filter(
    ({ name, isEntry, moduleIds }) => !isEntry && name !== 'at-once' && moduleIds.some((id) => id.includes(part)),
  );
for (const [part, what] of [
  ['help-desk/panel', 'Floating button and panel, loaded by a desk that has them'],
  ['ticket-thread/answering', 'What answers a ticket and closes it, loaded beside the first that can be'],
  ['topic-picker/topic-picker', 'The topic picker in a form, loaded beside the topics'],
  ['shared/file-field', 'The field for files, loaded where some can be sent'],
  [
    'store/tickets',
    'What reads and answers tickets, brought by lists and threads: for a store that is used without any',
  ],
  ['backends/relay-token', 'What keeps a token for the relay, loaded where the page has one'],
  ['store/activity', 'What writes and tells news, loaded when a person begins to do something'],
  ['ticket-form/sending', 'What checks and sends a ticket, loaded when a person is in the form'],
  ['topic-picker/topic-popup', 'List and search of topics, loaded when a person comes near the field'],
  ['shared/chosen-files', 'What was chosen to be sent, loaded with the first file'],
  ['ticket-thread/extras', 'Rating, priority, tags and assignee, loaded where a back end has them'],
  ['backends/upload', 'Upload progress, loaded with the first file sent'],
  ['backends/retry', 'What tries again, loaded where a read of a ticket system fails'],
])
  for (const { code } of later(part).slice(0, 1)) row(what, gzipped(code));
rmSync(scratch, { recursive: true, force: true });

for (const [what, size, goal, limit] of rows) {
  const reached = Number(size) <= Number(goal) ? '' : ', not reached';
  console.log(`${size.padStart(6)} kB  ${what}${goal && `  (goal ${goal}${reached}; limit ${limit})`}`);
}
const sizes = table(['What', 'kB', 'Goal', 'Limit'], rows);
problems.push(...(await updateReadme({ sizes }, { write: process.argv.includes('--write') })));
finish(problems, 'npm run size -- --write');
