/** What a test and the pages of all frameworks agree on. */
import type { HelpDeskEventMap, Topic } from '../../src/index.js';

/** What the pages show. */
export interface State {
  /** A string, of one word and of two. */
  readonly subject: string;
  readonly displayName: string | undefined;
  readonly pageSize: number;
  readonly noFilters: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly prefill: { readonly message: string } | undefined;
  readonly topics: readonly Topic[];
  /** Passed on, whether it is there or not. */
  readonly backend: string | undefined;
  readonly name: string | undefined;
  /** Children. */
  readonly notes: readonly string[];
  readonly header: string;
}

/** By what a test drives them: `window.page`. */
export interface Driver {
  set(change: Partial<State>): void;
  /** The same, with these set to undefined. */
  clear(names: readonly (keyof State)[]): void;
  takeHeard(): string[];
  everyEvent(): HelpDeskEventMap[keyof HelpDeskEventMap][];
  define(): Promise<unknown>;
}
