/** Finds things as a person does, by their role and words, across shadow roots. */

/** Every element below, shadow roots included, in the order of the page. */
export function* everything(root: Node): Generator<Element> {
  const inside = root instanceof Element && root.shadowRoot ? [root.shadowRoot] : [];
  for (const part of [...inside, root]) {
    for (const child of part.childNodes) {
      if (!(child instanceof Element)) continue;
      yield child;
      yield* everything(child);
    }
  }
}

/** True where a person can see it. */
export function seen(element: Element): boolean {
  return element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
}

const squeeze = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();

/** Text as it is on the screen, shadow roots included. */
export function words(root: Node): string {
  if (root instanceof Text) return root.data;
  if (root instanceof HTMLSlotElement && root.assignedNodes().length) return root.assignedNodes().map(words).join(' ');
  if (root instanceof HTMLStyleElement || root instanceof HTMLScriptElement) return '';
  const from = root instanceof Element && root.shadowRoot ? root.shadowRoot : root;
  return squeeze([...from.childNodes].map(words).join(' '));
}

function nameOf(element: Element): string {
  const label = element.getAttribute('aria-label');
  if (label) return squeeze(label);
  if (
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement
  ) {
    return squeeze(words(element.labels?.[0] ?? element));
  }
  return words(element);
}

function find<T extends Element>(root: Node, selector: string, name: string | RegExp): T[] {
  return [...everything(root)].filter(
    (element) =>
      element.matches(selector) &&
      seen(element) &&
      (typeof name === 'string' ? nameOf(element) === name : name.test(nameOf(element))),
  ) as T[];
}

/** The visible buttons with this name. */
export const buttons = (root: Node, name: string | RegExp): HTMLButtonElement[] => find(root, 'button', name);

/** The one visible button with this name; throws where there is none. */
export function button(root: Node, name: string | RegExp): HTMLButtonElement {
  const [found] = buttons(root, name);
  if (!found) throw new Error(`No button "${String(name)}" in: ${words(root).slice(0, 500)}`);
  return found;
}

/** The one visible field with this label; throws where there is none. */
export function field<T extends Element = HTMLInputElement>(root: Node, name: string | RegExp): T {
  const [found] = find<T>(root, 'input, textarea, select', name);
  if (!found) throw new Error(`No field "${String(name)}" in: ${words(root).slice(0, 500)}`);
  return found;
}

/** The first element that matches, shadow roots included; further selectors look inside it. */
export function query<T extends Element = HTMLElement>(
  root: Node,
  selector: string,
  ...inside: string[]
): T | undefined {
  for (const element of everything(root)) {
    if (!element.matches(selector)) continue;
    const [next, ...rest] = inside;
    const found = next === undefined ? (element as T) : query<T>(element, next, ...rest);
    if (found) return found;
  }
  return undefined;
}

/** Every element that matches, shadow roots included. */
export const queryAll = <T extends Element = HTMLElement>(root: Node, selector: string): T[] =>
  [...everything(root)].filter((element) => element.matches(selector)) as T[];

/** Writes into a field as typing does. */
export function write(into: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string): void {
  into.focus();
  into.value = value;
  into.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  into.dispatchEvent(new Event('change', { bubbles: true }));
}

/** What the live regions (polite and assertive) say now. */
export const said = (root: Node): string =>
  queryAll(root, '[role=status], [role=alert]')
    .map((region) => words(region))
    .filter(Boolean)
    .join(' | ');

/** Waits until it is so, looking each frame; throws with `what` after nine seconds. */
export async function until<T>(look: () => T | undefined | false | null, what: string): Promise<T> {
  const end = performance.now() + 9000;
  for (;;) {
    let problem: unknown;
    try {
      const found = look();
      if (found) return found;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > end) throw new Error(`Waited in vain: ${what}`, { cause: problem });
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
}
