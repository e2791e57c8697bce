import type { DeskElement } from './desk-element.js';

type ElementClass = typeof HTMLElement & { prefix?: string };

/**
 * Registers an element once; a second time, or a name the page has taken, is left alone. A class can have one name
 * only, so a prefixed name gets a class of its own.
 */
export function register(
  tag: string,
  element: ElementClass | (typeof DeskElement & CustomElementConstructor),
  prefix = '',
): void {
  if (customElements.get(prefix + tag)) return;
  const Base = element as unknown as new () => HTMLElement;
  customElements.define(
    prefix + tag,
    prefix
      ? class extends Base {
          static prefix = prefix;
        }
      : Base,
  );
}
