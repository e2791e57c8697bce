'use client';
/**
 * The elements as components of React 19, which sets properties and listens to events of custom elements by itself: what
 * is left to do are names and types. Events are `onTicketCreated` and so on, and bubble, so that every component takes all.
 */
import type { LitElement } from 'lit';
import { createElement, type HTMLAttributes, type JSX, type Ref } from 'react';
import './define.js';
import type { HelpDeskEventMap } from './events.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Names of what can be set: no methods, nothing read-only, nothing that every element has. */
type Settable<E> = {
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

/** What a component of the element `E` takes. */
export type ElementProps<E> = Omit<HTMLAttributes<E>, Settable<E> & string> &
  EventProps & { readonly [K in Settable<E>]?: E[K] | undefined } & { readonly ref?: Ref<E> };

/** The tags themselves in JSX: events by their own names, as `onticket-created`. */
type TagProps = {
  readonly [K in 'help-desk' | 'ticket-list' | 'ticket-thread' | 'ticket-form' | 'topic-picker']: Omit<
    ElementProps<HTMLElementTagNameMap[K]>,
    keyof EventProps
  > & { readonly [E in keyof HelpDeskEventMap as `on${E}`]?: (event: HelpDeskEventMap[E]) => void };
};

declare module 'react' {
  // eslint-disable-next-line no-restricted-syntax, @typescript-eslint/no-namespace -- the place where React looks for tags
  namespace JSX {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- declaration merging wants an interface
    interface IntrinsicElements extends TagProps {}
  }
}

const event = /^on(Ticket|Reply|Status|Help|Unread|Identity)[A-Z]/;
/** Settings whose attribute has another name. As attributes they are there in what a server writes, too. */
const hyphened = /^(userId|displayName|timeZone|tokenUrl|pageSize|readOnly|no[A-Z].*)$/;
const kebab = (name: string): string => name.replace(/\B[A-Z]/g, '-$&').toLowerCase();

function component<K extends keyof HTMLElementTagNameMap>(
  tag: K,
): (props: ElementProps<HTMLElementTagNameMap[K]>) => JSX.Element {
  return (props) =>
    createElement(
      tag as string,
      Object.fromEntries(
        Object.entries(props).map(([name, value]) => [
          event.test(name) ? `on${kebab(name.slice(2))}` : hyphened.test(name) ? kebab(name) : name,
          value as unknown,
        ]),
      ),
    );
}

/** `<help-desk>` */
export const HelpDesk = component('help-desk');
/** `<ticket-list>` */
export const TicketList = component('ticket-list');
/** `<ticket-thread>` */
export const TicketThread = component('ticket-thread');
/** `<ticket-form>` */
export const TicketForm = component('ticket-form');
/** `<topic-picker>` */
export const TopicPicker = component('topic-picker');

export type { HelpDesk as HelpDeskElement } from './elements/help-desk/help-desk.js';
export type { TicketForm as TicketFormElement } from './elements/ticket-form/ticket-form.js';
export type { TicketList as TicketListElement } from './elements/ticket-list/ticket-list.js';
export type { TicketThread as TicketThreadElement } from './elements/ticket-thread/ticket-thread.js';
export type { TopicPicker as TopicPickerElement } from './elements/topic-picker/topic-picker.js';
