/** The page's desks by name, and the desk around an element. Shared by every copy of the bundle in the page. */
import { notify, watch } from './cache.js';
import type { Store } from './types.js';

interface Registry {
  readonly desks: { readonly name: string; readonly store: Store }[];
  readonly listeners: Set<() => void>;
}

/** What an enclosing desk has as a property: its store, or undefined while there is none yet. */
export const storeKey = Symbol.for('helpdesk-elements.store');
const registryKey = Symbol.for('helpdesk-elements.desks');

/** An element that supplies what is inside it. */
interface Supplier {
  readonly [storeKey]?: Store | undefined;
}

const registry = (): Registry =>
  ((globalThis as { [registryKey]?: Registry })[registryKey] ??= { desks: [], listeners: new Set() });

/** Says that a desk has come, gone or changed: who looks for one looks again. */
export const announceDesk = (): void => notify(registry().listeners);

/** Makes a store known by a name. The last one of a name counts, until the answer is called. */
export function provideDesk(name: string, store: Store): () => void {
  const { desks } = registry();
  const desk = { name, store };
  desks.push(desk);
  announceDesk();
  return () => {
    const place = desks.indexOf(desk);
    if (place < 0) return;
    desks.splice(place, 1);
    announceDesk();
  };
}

/** The store of this name, or undefined. */
export function findDesk(name: string): Store | undefined {
  return registry().desks.findLast((desk) => desk.name === name)?.store;
}

/** Calls back after each change of the page's desks; the answer ends it. */
export const watchDesks = (listener: () => void): (() => unknown) => watch(registry().listeners, listener);

/**
 * The nearest desk around an element, through slots and shadow roots: also one whose tag is not defined yet, so that
 * nothing inside it takes another desk in the meantime.
 */
export function enclosingDesk(element: Element): Supplier | undefined {
  const up = (node: Node): Node | null | undefined =>
    (node as Element).assignedSlot ?? node.parentNode ?? (node as ShadowRoot).host;
  for (let node = up(element); node; node = up(node))
    if (storeKey in node || (node as Element).localName?.endsWith('help-desk')) return node as Supplier;
  return undefined;
}

/** The store of the nearest desk around an element, or undefined. */
export const enclosingStore = (element: Element): Store | undefined => enclosingDesk(element)?.[storeKey];
