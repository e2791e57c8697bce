/**
 * Registers an element once; a second time, or a name the page has taken, is left alone. A class can have one name
 * only, so a prefixed name gets a class of its own.
 */
export function register(tag: string, element: CustomElementConstructor, prefix = ''): void {
  if (customElements.get(prefix + tag)) return;
  customElements.define(
    prefix + tag,
    prefix
      ? class extends element {
          static prefix = prefix;
        }
      : element,
  );
}
