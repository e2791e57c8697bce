/** The contract suite over the embedded help desk. */
import { describeBackend as describeContract, type Bench as AnyBench, type Traits } from '../../src/testing.js';
import type { Identity } from '../../src/model.js';
import type { Backend } from '../../src/backends/backend.js';
import type { StoredTicket, TestDesk } from '../support/desk.js';

export { words, type Traits } from '../../src/testing.js';

/** One back end in front of one embedded help desk. */
export interface Bench extends Omit<AnyBench, 'desk'> {
  readonly desk: TestDesk;
  /** The same back end as Omar uses it. */
  readonly omar: { readonly backend: Backend; readonly identity: Identity };
}

const toStored = ({ topic_id, ...ticket }: StoredTicket) => ({ ...ticket, topicId: String(topic_id) });

/** What the suite knows of the desk. */
const toContractDesk = (desk: TestDesk): AnyBench['desk'] => ({
  address: desk.url('osticket'),
  tickets: async (email) => (await desk.tickets(email)).map(toStored),
  ticket: async (number) => toStored(await desk.ticket(number)),
  reply: (number, body) => desk.control({ op: 'reply', number, body }),
  // Under the title that the system's own, visible, events have.
  note: (number, body) => desk.control({ op: 'note', number, body, title: 'Status Changed' }),
  lock: (number) => desk.control({ op: 'lock', number, locked: true }),
  fault: (fault) => desk.fault(fault),
  clearFaults: () => desk.control({ op: 'clear-faults' }),
  log: () => desk.log(),
  close: () => desk.close(),
});

/** Describes a back end. `setup` opens a new help desk with the small seed. */
export function describeBackend(name: string, traits: Traits, setup: () => Promise<Bench>): void {
  describeContract(name, traits, async () => {
    const bench = await setup();
    return { ...bench, desk: toContractDesk(bench.desk) };
  });
}
