/** What Vue's own checker says of templates with the elements. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from '../loader/site.js';

const folder = join(root, `.cache/vue-types-${process.pid}`);
const template = (markup: string, script = ''): string =>
  `<script setup lang="ts">\nimport type {} from 'helpdesk-elements/vue';\n${script}\n</script>\n<template>\n${markup}\n</template>\n`;

describe('types for Vue', function () {
  this.timeout(120_000);
  let said: string[];

  before(() => {
    mkdirSync(folder, { recursive: true });
    const config = { extends: '../../demo/frameworks/tsconfig.json', include: ['.'], exclude: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(
      join(folder, 'right.vue'),
      template(
        `<help-desk url="/helpdesk" :token-url="\`/t/\${score}\`" options='{"a":1}' launcher placement="top-end" class="desk"
           :get-token="async () => 'x'" @ticket-rated="(event) => (score = event.score)" @click="score++">
           <ticket-list page-size="5" no-filters @ticket-select="(event) => (ticket = event.ticket.id)" />
           <ticket-list :pageSize="5" :noFilters="score > 1" />
           <ticket-thread :ticket="ticket" order="newest" />
           <ticket-form :prefill="{ subject: 'A lamp' }" :draft="undefined" />
           <topic-picker name="topic" required :topics="[{ id: '1', name: 'Orders' }]" />
           <h3 slot="header">Help</h3>
         </help-desk>`,
        `import { ref } from 'vue';\nconst ticket = ref<string>();\nconst score = ref(0);`,
      ),
    );
    writeFileSync(
      join(folder, 'wrong.vue'),
      template(
        [
          '<ticket-list :page-size="date" />',
          '<ticket-thread order="upwards" />',
          '<ticket-list @ticket-select="(event) => event.tickets" />',
          '<help-desk :launcher="3" />',
        ].join('\n'),
        'const date = new Date();',
      ),
    );
    const checker = join(root, 'node_modules/vue-tsc/bin/vue-tsc.js');
    const { stdout } = spawnSync(process.execPath, [checker, '--noEmit', '-p', folder], {
      cwd: root,
      encoding: 'utf8',
    });
    said = stdout.split('\n').filter((line) => /error TS/.test(line));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('let through what is right', () => {
    expect(said.filter((line) => !line.includes('wrong.vue'))).to.deep.equal([]);
  });

  it('find what is wrong: a number, a word, an event, a boolean', () => {
    expect(said.map((line) => Number(/wrong\.vue\((\d+),/.exec(line)?.[1]))).to.deep.equal([6, 7, 8, 9]);
  });
});
