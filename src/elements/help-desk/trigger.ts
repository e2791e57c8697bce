/**
 * The page's own button, by the selector `trigger`, that this is in; null where it is in none. Undefined where there is no
 * selector, or what is none; and where there is nothing to ask: an event may come from the document itself.
 */
export function triggerOf(
  target: EventTarget | null,
  trigger: string | null | undefined,
): HTMLElement | null | undefined {
  try {
    if (trigger) return (target as Element).closest<HTMLElement>(trigger);
  } catch {
    // As good as none.
  }
}
