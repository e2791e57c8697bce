/** Scripts as a host would bundle them, with Lit and all inside. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../loader/site.js';

const scratch = join(root, `.cache/hosts-${process.pid}`);
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** One file of this code. */
export async function bundle(name: string, code: string, format: 'iife' | 'es' = 'iife'): Promise<string> {
  mkdirSync(scratch, { recursive: true });
  const entry = join(scratch, `${name}-entry.js`);
  writeFileSync(entry, code);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: scratch,
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry, formats: [format], name: `host_${name}`, fileName: () => `${name}.js` },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  return readFileSync(join(scratch, `${name}.js`), 'utf8');
}
