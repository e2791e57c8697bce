import type { HelpDeskError } from '../../../src/errors.js';
import type { Topic } from '../../../src/model.js';
import type { Backend } from '../../../src/backends/backend.js';
import { createStore } from '../../../src/store/store.js';
import type { Store } from '../../../src/store/types.js';

/** A desk whose back end answers when the test says so. */
export interface TopicsDesk {
  readonly store: Store;
  /** How often the back end was asked for its topics. */
  readonly asked: () => number;
  /** Answers the running request. */
  readonly answer: (topics: readonly Topic[]) => Promise<void>;
  /** Fails the running request. */
  readonly fail: (error: HelpDeskError) => Promise<void>;
}

export function topicsDesk(): TopicsDesk {
  let asked = 0;
  let running: { resolve: (topics: readonly Topic[]) => void; reject: (error: HelpDeskError) => void } | undefined;
  const no = (): Promise<never> => Promise.reject(new Error('not part of these tests'));
  const backend: Backend = {
    name: 'topics',
    limits: {},
    listTickets: no,
    readThread: no,
    createTicket: no,
    listTopics() {
      asked++;
      return new Promise((resolve, reject) => (running = { resolve, reject }));
    },
  };
  const store = createStore(backend, { storage: null });
  /** The store answers once its snapshot shows what came. */
  const settled = (): Promise<void> =>
    new Promise((done) => {
      const leave = store.topics().watch(() => {
        if (store.topics().peek().fetching) return;
        leave();
        done();
      });
    });
  return {
    store,
    asked: () => asked,
    answer(topics) {
      const done = settled();
      running?.resolve(topics);
      return done;
    },
    fail(error) {
      const done = settled();
      running?.reject(error);
      return done;
    },
  };
}
