// Puts generated tables between the markers of README.md, `<!-- name -->` and `<!-- /name -->`, or says that they are out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const file = fileURLToPath(new URL('../README.md', import.meta.url));

/** Rows of cells as a Markdown table. */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`)
    .join('\n');

/**
 * Writes sections (name → Markdown) into the README, or compares.
 * @returns {Promise<string[]>} what is wrong, in words; nothing where all is well
 */
export async function updateReadme(sections, { write }) {
  const old = readFileSync(file, 'utf8');
  const problems = [];
  let text = old;
  for (const [name, markdown] of Object.entries(sections)) {
    const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const start = text.indexOf(from);
    const end = text.indexOf(to);
    if (start < 0 || end < start) problems.push(`README.md has no ${from} … ${to}`);
    else text = `${text.slice(0, start + from.length)}\n\n${markdown.trim()}\n\n${text.slice(end)}`;
  }
  if (text !== old) text = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' });
  if (text === old) return problems;
  if (write) writeFileSync(file, text);
  else problems.push(`README.md is out of date: ${Object.keys(sections).join(', ')}`);
  return problems;
}

/** Prints what is wrong, with the way out, and makes the process fail. */
export function finish(problems, remedy) {
  for (const problem of problems) console.error(problem);
  if (!problems.length) return;
  if (problems.some((problem) => problem.includes('out of date'))) console.error(`To write it: ${remedy}`);
  process.exitCode = 1;
}
