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

const ours = /^on(Ticket|Reply|Status|Help|Unread|Identity)[A-Z]\w+$/;

function component<K extends keyof HTMLElementTagNameMap>(
  tag: K,
): (props: ElementProps<HTMLElementTagNameMap[K]>) => JSX.Element {
  return (props) =>
    createElement(
      tag as string,
      Object.fromEntries(
        Object.entries(props).map(([name, value]) => [
          ours.test(name)
            ? `on${name
                .slice(2)
                .replace(/\B[A-Z]/g, '-$&')
                .toLowerCase()}`
            : name,
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
