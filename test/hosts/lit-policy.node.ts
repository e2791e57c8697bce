/** What the build changes in libraries: still there to be changed, and changed in every file that carries them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { expect } from 'chai';
import { leaveOut } from '../../scripts/leave-out.mjs';
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

describe('what is left out of the libraries', () => {
  const { handler } = leaveOut().transform as unknown as {
    handler(code: string, id: string): { code: string } | undefined;
  };
  const never = /PolyfillSupport|HydrateSupport|ShadyCSS|TransformStream|(?:Element|Html)Versions/;
  const files: Record<string, RegExp> = {
    '@lit/reactive-element/css-tag.js': never,
    '@lit/reactive-element/reactive-element.js': never,
    'lit-element/lit-element.js': never,
    'lit-html/lit-html.js': never,
    'ky/distribution/utils/body.js': /withProgress\(\w+\.body/,
  };

  it('is there, is left out once, and is missed where a library is written otherwise', () => {
    for (const [file, never] of Object.entries(files)) {
      const id = join(root, 'node_modules', file);
      const code = readFileSync(id, 'utf8');
      expect(code, file).to.match(never);
      expect(handler(code, id)!.code, file).not.to.match(never);
      for (const other of ['', code + code]) expect(() => handler(other, id), file).to.throw(`${file} has changed`);
    }
    expect(handler('', join(root, 'node_modules/lit/index.js'))).to.equal(undefined);
  });

  it('is in no file of the script tag, and their source maps still lead to where each line was written', async () => {
    await buildCdn();
    const scripts = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    for (const file of scripts) expect(readFileSync(join(built, file), 'utf8'), file).not.to.match(never);
    const relay = join(
      built,
      scripts.find((file) => file.endsWith('relay.js'))!,
    );
    const code = readFileSync(relay, 'utf8');
    const before = code.slice(0, code.indexOf('If-None-Match')).split('\n');
    const found = originalPositionFor(new TraceMap(readFileSync(`${relay}.map`, 'utf8')), {
      line: before.length,
      column: before.at(-1)!.length,
    });
    const source = readFileSync(join(dirname(relay), found.source!), 'utf8').split('\n');
    expect(source[found.line! - 1]).to.include('If-None-Match');
  }).timeout(60_000);
});
