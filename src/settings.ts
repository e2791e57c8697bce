/** What frameworks are told of the elements: types only. */
import type { LitElement } from 'lit';
import type { HelpDeskEventMap } from './events.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Names of what can be set on an element: no methods, nothing read-only, nothing that every element has. */
export type Settable<E> = {
  [K in Exclude<keyof E, keyof LitElement>]-?: E[K] extends (...args: never[]) => unknown
    ? never
    : Equal<Pick<E, K>, { -readonly [Q in K]: E[Q] }> extends true
      ? K
      : never;
}[Exclude<keyof E, keyof LitElement>];

type Pascal<S extends string> = S extends `${infer A}-${infer B}` ? `${Capitalize<A>}${Pascal<B>}` : Capitalize<S>;

/** `onTicketCreated` and its like. */
export type EventProps = {
  readonly [K in keyof HelpDeskEventMap as `on${Pascal<K>}`]?: (event: HelpDeskEventMap[K]) => void;
};
