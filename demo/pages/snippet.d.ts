/** What can be chosen, each by its name. */
export interface Choices {
  readonly way: string;
  readonly form: string;
  readonly backend: string;
  readonly signIn: string;
  readonly placement: string;
  readonly look: string;
  readonly label: string;
  readonly script: string;
  readonly url: string;
  readonly tokenUrl: string;
  readonly key: string;
  readonly hosted: string;
}

export interface Part {
  /** Name of the file, or where in the page it goes. */
  readonly file: string;
  readonly code: string;
}

export const backends: Readonly<
  Record<string, { readonly name: string; readonly url: string; readonly signIn: readonly string[] }>
>;
/** Every choice, with its values and their words; the first is taken without one. */
export const choices: Readonly<
  Record<'way' | 'form' | 'backend' | 'signIn' | 'placement' | 'look', Readonly<Record<string, string>>>
>;
export function settle(given: Partial<Choices>): Choices;
export function parts(given: Partial<Choices>): readonly Part[];
