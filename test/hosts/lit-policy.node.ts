/** What the build changes in Lit: still there to be changed, and changed in every file that carries Lit. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { litPolicy } from '../../scripts/lit-policy.mjs';
import { buildCdn, built, root } from '../loader/site.js';

const lit = readFileSync(join(root, 'node_modules/lit-html/lit-html.js'), 'utf8');
const change = (code: string): string => {
  const { handler } = litPolicy().transform as unknown as { handler(code: string): { code: string } };
  return handler(code).code;
};

describe('the policy of Lit', () => {
  it('is ours: Lit makes none, and gives its templates to our parser', () => {
    expect(lit).to.include('createPolicy("lit-html"').and.to.include('.innerHTML=');
    const changed = change(lit);
    expect(changed).not.to.match(/createPolicy|\.innerHTML/);
    expect(changed.match(/__parse\(/g)).to.have.length(1);
  });

  it('is not lost unseen when Lit is written otherwise', () => {
    for (const other of [
      lit.replace('"lit-html"', '"lit-html-4"'),
      lit.replace('.innerHTML=', '["innerHTML"]='),
      lit + lit,
      '',
    ])
      expect(() => change(other)).to.throw('Lit has changed');
  });

  it('is made in no file of the script tag', async () => {
    await buildCdn();
    const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    const all = files.map((file) => readFileSync(join(built, file), 'utf8'));
    expect(all.filter((code) => /createPolicy\(["'`]lit-html/.test(code))).to.deep.equal([]);
    expect(all.filter((code) => code.includes('createPolicy(')).length).to.be.greaterThan(0);
  }).timeout(60_000);
});
