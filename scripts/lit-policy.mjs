// Lit makes a Trusted Types policy called `lit-html` when it is loaded, and does not load where that name is refused or
// another copy has taken it. In files that carry their own Lit it uses the policy of this project instead.
import { fileURLToPath } from 'node:url';
import { change } from './leave-out.mjs';

const policy = fileURLToPath(new URL('../src/elements/shared/policy.ts', import.meta.url));

/** What is replaced in Lit's own file, each exactly once. */
const changes = [
  [/(\w+)\?\1\.createPolicy\("lit-html",\{createHTML:\w+=>\w+\}\):void 0/, 'void 0'],
  [/const (\w+)=\w+\.createElement\("template"\);return \1\.innerHTML=(\w+),\1/, 'return __parse($2)'],
];

/** For Vite. */
export const litPolicy = () => ({
  name: 'lit-policy',
  transform: {
    filter: { id: /[\\/]lit-html[\\/]lit-html\.js$/ },
    handler(code) {
      return {
        code: `import { parse as __parse, ready as __ready } from ${JSON.stringify(policy)};\n__ready();\n${change(code, changes, 'Lit')}`,
        map: null,
      };
    },
  },
});
