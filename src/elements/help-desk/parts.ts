/** What a desk shows. Whoever bundles gets a file of its own for each. */
export const files = {
  'ticket-list': (): Promise<unknown> => import('../ticket-list/define.js'),
  'ticket-thread': (): Promise<unknown> => import('../ticket-thread/define.js'),
  'ticket-form': (): Promise<unknown> => import('../ticket-form/define.js'),
};

/** Tag of an element that a desk shows. */
export type Part = keyof typeof files;
/** Elements of a desk, those there are. */
export type Made = { [K in Part]?: HTMLElementTagNameMap[K] };

/** Calls back when the page has nothing else to do. */
export const whenIdle = (callback: () => void): unknown =>
  globalThis.requestIdleCallback?.(callback) ?? setTimeout(callback, 200);

/** Loads the file of an element beforehand. Whether that works counts only once it is to be shown. */
export const loadAhead = (tag: Part): void => void (navigator.onLine && files[tag]().catch(() => undefined));
