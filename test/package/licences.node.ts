/** What the package and the script tag's files owe to others, said beside them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { dependencies, packagesOf, thirdParty } from '../../scripts/licences.mjs';
import { buildCdn, built, root } from '../loader/site.js';

/** Names of the packages in a file of licences. */
const named = (text: string): string[] =>
  text
    .split(/^-{78}$/m)
    .slice(1)
    .map((part) => /^(\S+) \d+\.\d+\.\d+\S*, \S/.exec(part.trim())![1]!);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

describe('licences', function () {
  this.timeout(60_000);

  it('are those of every package that is needed at run time, as installed', () => {
    const text = readFileSync(join(root, 'THIRD-PARTY.txt'), 'utf8');
    expect(text === thirdParty(), 'THIRD-PARTY.txt is old: node scripts/licences.mjs').to.equal(true);
    const names = dependencies().map((folder) => folder.replace(/^.*node_modules\//, ''));
    expect(named(text)).to.deep.equal(names);
    expect(names).to.include.members(Object.keys(manifest.dependencies));
  });

  it('stand in full beside the files of the script tag, for every package that is inside them', async () => {
    await buildCdn();
    const maps = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js.map'));
    const sources = maps.flatMap(
      (file) => (JSON.parse(readFileSync(join(built, file), 'utf8')) as { sources: string[] }).sources,
    );
    const inside = packagesOf(sources).map((folder) => folder.replace('node_modules/', ''));
    expect(inside).to.deep.equal(['@lit/reactive-element', 'dompurify', 'ky', 'lit', 'lit-element', 'lit-html']);
    const text = readFileSync(join(built, 'licences.txt'), 'utf8');
    expect(named(text)).to.include.members(inside);
    for (const words of [
      'Copyright (c) 2017 Google LLC',
      'Copyright (c) Sindre Sorhus',
      'Apache License',
      'Mozilla Public License Version 2.0',
    ])
      expect(text).to.include(words);
    expect(text).not.to.include('brings no text');
  });
});
