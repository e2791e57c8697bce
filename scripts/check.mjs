// `npm run check`: everything that has to be true before a commit, in this order, stopping at the first that is not.
import { spawnSync } from 'node:child_process';

const steps = [
  ['format', 'prettier --check --log-level warn .'],
  ['lint', 'eslint .'],
  ['types', 'npm run --silent types'],
  ['build', 'npm run --silent build'],
  ['manifest', 'npm run --silent manifest'],
  ['calls', 'npm run --silent calls'],
  ['sizes', 'npm run --silent size'],
  ['tests', 'npm run --silent test'],
];
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

for (const [name, command] of steps) {
  console.log(`── ${name}`);
  const began = performance.now();
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`✗ ${name} failed after ${seconds(began)}`);
    process.exit(1);
  }
  if (name !== steps.at(-1)[0]) console.log(`✓ ${name}, ${seconds(began)}`);
}
