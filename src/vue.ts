/**
 * Registers the elements, and tells Vue's templates their settings and events. Where the elements are to be defined later,
 * `import type {} from 'helpdesk-elements/vue'` has the types alone.
 */
import type { HTMLAttributes, VNodeProps } from 'vue';
import './define.js';
import type { EventProps, Settable } from './settings.js';

/** What is written as an attribute is text: numbers too, and objects as JSON. */
type Written<T> = [NonNullable<T>] extends [number]
  ? T | `${number}`
  : [NonNullable<T>] extends [object]
    ? T | string
    : T;

/** What a tag of the element `E` takes in a template. */
export type TagProps<E> = Omit<HTMLAttributes, Settable<E> & string> &
  VNodeProps &
  EventProps & { readonly [K in Settable<E>]?: Written<E[K]> | undefined };

type Tags = {
  readonly [K in 'help-desk' | 'ticket-list' | 'ticket-thread' | 'ticket-form' | 'topic-picker']: new () => {
    $props: TagProps<HTMLElementTagNameMap[K]>;
  };
};

declare module 'vue' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- declaration merging wants an interface
  interface GlobalComponents extends Tags {}
}
