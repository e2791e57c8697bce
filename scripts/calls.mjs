// The section `calls` of the README: every documented call of every ticket system, from test/backends/calls.ts. `--write` writes it.
import { documentedCalls } from '../test/backends/calls.ts';
import { finish, table, updateReadme } from './readme.mjs';

const rows = documentedCalls.map((one) => [
  `\`${one.system}\``,
  one.call,
  ...('reason' in one
    ? ['', `not offered: ${one.reason}`, '']
    : [`\`${one.method}\``, `\`${one.element[0]}\`: ${one.element[1]}`, one.test]),
]);
const calls = table(['`backend`', 'Call', 'Method', 'Where a person meets it', 'Proved by the test'], rows);
finish(await updateReadme({ calls }, { write: process.argv.includes('--write') }), 'npm run calls -- --write');
