/** Importing the package where there is no page. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a module in a Node of its own and answers what it printed. */
function run(code: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', code],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

describe('importing in plain Node', () => {
  it('is harmless: everything, twice, under a prefix', () => {
    expect(
      run(`
        const { define } = await import('./src/define.ts');
        define();
        define({ prefix: 'acme-' });
        await import('./src/index.ts');
        console.log(typeof window, typeof document, typeof localStorage);
      `),
    ).to.equal('undefined undefined undefined');
  });

  it('is harmless: each element and its registration', () => {
    const files = ['help-desk', 'ticket-list', 'ticket-thread', 'ticket-form', 'topic-picker'].flatMap((name) => [
      `${name}/${name}`,
      `${name}/define`,
    ]);
    const imports = files.map((file) => `await import('./src/elements/${file}.ts');`).join('');
    expect(run(`${imports} console.log('fine')`)).to.equal('fine');
  });

  it('has no side effect by the index: nothing is registered', () => {
    expect(
      run(`
        globalThis.customElements = { define() { console.log('registered'); }, get() {} };
        const { createStore, defineBackend, HelpDeskError } = await import('./src/index.ts');
        console.log(typeof createStore, typeof defineBackend, new HelpDeskError('timeout').code);
      `),
    ).to.equal('function function timeout');
  });

  it('runs a store without a page', () => {
    expect(
      run(`
        const { createStore } = await import('./src/index.ts');
        const backend = {
          name: 'none',
          limits: {},
          listTickets: async () => ({ items: [] }),
          readThread: async () => { throw new Error(); },
          createTicket: async (draft) => ({ id: '1', number: '1', status: 'open', requester: { name: '', role: 'requester' }, subject: draft.subject }),
        };
        const store = createStore(backend);
        const ticket = await store.createTicket({ subject: 'From Node', message: 'x' });
        store.dispose();
        console.log(ticket.subject);
      `),
    ).to.equal('From Node');
  });
});
