'use client';
/**
 * The elements as components of React 19. Settings are props; events are `onTicketCreated` and so on, and bubble, so that
 * every component takes all; a `ref` is the element. What a server has rendered is taken over whole.
 */
import type { LitElement } from 'lit';
import {
  createElement,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type HTMLAttributes,
  type JSX,
  type Ref,
} from 'react';
import { HelpDesk as HelpDeskElement } from './elements/help-desk/help-desk.js';
import { define } from './elements/registration.js';
import { TicketForm as TicketFormElement } from './elements/ticket-form/ticket-form.js';
import { TicketList as TicketListElement } from './elements/ticket-list/ticket-list.js';
import { TicketThread as TicketThreadElement } from './elements/ticket-thread/ticket-thread.js';
import { TopicPicker as TopicPickerElement } from './elements/topic-picker/topic-picker.js';
import type { HelpDeskEventMap } from './events.js';
import type { EventProps, Settable } from './settings.js';

export type { EventProps };

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
const kebab = (name: string): string => name.replace(/\B[A-Z]/g, '-$&').toLowerCase();
const isServer = typeof document === 'undefined';

if (!isServer) {
  if (!document.querySelector('help-desk,ticket-list,ticket-thread,ticket-form,topic-picker')) define();
  else {
    // What a server has written is defined by the component that takes it over; tags without a component later.
    const later = (): unknown => (globalThis.requestIdleCallback ?? setTimeout)(() => define());
    if (document.readyState === 'complete') later();
    else addEventListener('load', later);
  }
}

/** Settings as attributes, in what a server writes. */
function attributesOf(
  { elementProperties }: typeof LitElement,
  settings: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      const { attribute } = elementProperties.get(name)!;
      return attribute === false || typeof value === 'function'
        ? []
        : [
            [
              attribute === true || !attribute ? name : attribute,
              value && typeof value === 'object' ? JSON.stringify(value) : value,
            ],
          ];
    }),
  );
}

/**
 * React 19 sets properties of custom elements and adds listeners where it makes an element, but not where it takes over
 * one that a server has written. So components do both themselves, in either case, before the element asks for anything.
 */
function component<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  element: typeof LitElement,
): (props: ElementProps<HTMLElementTagNameMap[K]>) => JSX.Element {
  // Asking for them makes Lit know its properties.
  void element.observedAttributes;
  return ({ ref, ...props }) => {
    const handlers: Record<string, unknown> = {};
    const settings: Record<string, unknown> = {};
    const rest: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(props)) {
      if (event.test(name)) handlers[kebab(name.slice(2))] = value;
      else (element.elementProperties.has(name) ? settings : rest)[name] = value;
    }
    const own = useRef<HTMLElementTagNameMap[K]>(null);
    const known = useRef<Record<'handlers' | 'settings' | 'defaults', Record<string, unknown>>>({
      handlers,
      settings: {},
      defaults: {},
    });
    const [listener] = useState(() => (event: Event) => {
      (known.current.handlers[event.type] as ((event: Event) => void) | undefined)?.(event);
    });
    useLayoutEffect(() => {
      const node = own.current as unknown as typeof settings & Element;
      const { settings: before, defaults } = known.current;
      known.current = { handlers, settings, defaults };
      define();
      for (const type of Object.keys(handlers)) node.addEventListener(type, listener);
      for (const name of Object.keys({ ...before, ...settings })) {
        const value = settings[name];
        if (!(name in defaults)) defaults[name] = node[name];
        if (value !== before[name]) node[name] = value === undefined ? defaults[name] : value;
      }
    });
    useImperativeHandle(ref, () => own.current!, []);
    return createElement(tag as string, {
      ...rest,
      ...(isServer && attributesOf(element, settings)),
      ref: own,
      // The server's attributes, and those that elements write themselves.
      suppressHydrationWarning: true,
    });
  };
}

/** `<help-desk>` */
export const HelpDesk = component('help-desk', HelpDeskElement);
/** `<ticket-list>` */
export const TicketList = component('ticket-list', TicketListElement);
/** `<ticket-thread>` */
export const TicketThread = component('ticket-thread', TicketThreadElement);
/** `<ticket-form>` */
export const TicketForm = component('ticket-form', TicketFormElement);
/** `<topic-picker>` */
export const TopicPicker = component('topic-picker', TopicPickerElement);

export type { HelpDeskElement, TicketFormElement, TicketListElement, TicketThreadElement, TopicPickerElement };
