/** What the script tag's files leave out of the libraries they carry: still there, left out, and missed by nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { expect } from 'chai';
import { leaveOut } from '../../scripts/leave-out.mjs';
import { buildCdn, built, root } from '../loader/site.js';

describe('what is left out of the libraries', () => {
  const { handler } = leaveOut().transform as unknown as {
    handler(code: string, id: string): { code: string } | undefined;
  };
  const never =
    /PolyfillSupport|HydrateSupport|ShadyCSS|duplexAccessed|(?:Element|Html)Versions|PropertyMetadata|addInitializer|<math>|type:[67]/;
  const files: Record<string, RegExp> = {
    '@lit/reactive-element/css-tag.js': never,
    '@lit/reactive-element/reactive-element.js': never,
    'lit-element/lit-element.js': never,
    'lit-html/lit-html.js': never,
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

  it('is what no template here has: SVG, MathML, a value in a comment or, as some directives are, in the place of an attribute', () => {
    for (const file of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const code = readFileSync(join(root, 'src', file), 'utf8');
      expect(code, file).not.to.match(/\b(svg|mathml)`|lit\/directives\/(?!keyed\.|repeat\.)|<!--(?:(?!-->)[^`])*\$\{/);
    }
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
