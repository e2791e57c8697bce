/** What of a back end is loaded when: a form needs no code that reads tickets. */
import { expect } from 'chai';
import type { Backend, BackendOptions, Call } from '../../src/backends/backend.js';
import { osticket } from '../../src/backends/osticket.js';
import { supportTicket } from '../../src/backends/support-ticket.js';
import { openTestDesk, type TestDesk } from '../support/desk.js';
import { codeOf } from '../support/outcome.js';

const email = 'jane@example.test';
const call: Call = { identity: { email, displayName: 'Jane Doe' } };

/** The parts of this back end that the page has asked for. */
const partsOf = (name: string): string[] => [
  ...new Set(
    performance
      .getEntriesByType('resource')
      .flatMap(({ name: url }) => new RegExp(`/backends/${name}-(\\w+)\\.(?:ts|js)`).exec(url)?.[1] ?? []),
  ),
];

for (const [dialect, make] of [
  ['osticket', osticket],
  ['support-ticket', supportTicket],
] as const)
  describe(`parts of ${dialect}`, () => {
    let desk: TestDesk;
    let backend: Backend;
    let options: BackendOptions;
    beforeEach(async () => {
      desk = await openTestDesk();
      options = desk.backendOptions(dialect, email);
      backend = make(options);
    });
    afterEach(async () => {
      Reflect.deleteProperty(navigator, 'onLine');
      await desk.close();
    });
    const offline = (): unknown => Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });

    it('come when they are needed: none for topics, then what a refusal means, what reads, what writes', async () => {
      expect(await backend.listTopics!(call)).to.not.have.lengthOf(0);
      expect(partsOf(dialect)).to.deep.equal([]);
      await desk.fault({ kind: 'answer', status: 401, body: '{"message": "x"}', times: 1 });
      expect(await codeOf(backend.listTopics!(call))).to.equal('unauthorized');
      expect(partsOf(dialect)).to.include('refusal').and.not.include('read');
      await backend.listTickets({}, call);
      expect(partsOf(dialect)).to.include('read').and.not.include('write');
      await backend.createTicket({ subject: 'Toner', message: 'It is empty.', topicId: '1', files: [] }, call);
      expect(partsOf(dialect)).to.include('write');
    });

    it('that cannot be had are a failure of the network, and are asked for again', async () => {
      offline();
      const draft = { subject: 'Toner', message: 'It is empty.', topicId: '1' };
      expect(await codeOf(backend.listTickets({}, call))).to.equal('network');
      expect(await codeOf(backend.readThread('309214', call))).to.equal('network');
      expect(await codeOf(backend.createTicket(draft, call))).to.equal('network');
      expect(await desk.log()).to.deep.equal([]);
      expect(await backend.listTopics!(call)).to.not.have.lengthOf(0);
      Reflect.deleteProperty(navigator, 'onLine');
      expect((await backend.createTicket(draft, call)).subject).to.equal('Toner');
      expect((await backend.listTickets({}, call)).items.map(({ subject }) => subject)).to.include('Toner');
    });

    it('say what a refusal means; where that cannot be had the network has failed, until it can', async () => {
      offline();
      await desk.fault({ kind: 'answer', status: 403, body: 'x', times: 9 });
      expect(await codeOf(backend.listTopics!(call))).to.equal('network');
      Reflect.deleteProperty(navigator, 'onLine');
      expect(await codeOf(make(options).listTopics!(call))).to.equal('forbidden');
    });
  });
