import { fixture, html } from '@open-wc/testing';
import '../../../src/elements/ticket-thread/define.js';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { query, queryAll, until, words } from '../../support/screen.js';
import { entry, ScriptedDesk, text } from '../shared/scripted-desk.js';

export const articles = (root: Node): HTMLElement[] => queryAll(root, 'article');
export const bodies = (root: Node): string[] => queryAll(root, 'article .body').map(words);
export const scroller = (root: Node): HTMLElement => query(root, '.scroller')!;
export const top = (element: Element): number => Math.round(element.getBoundingClientRect().top);
export const focused = (thread: TicketThread): Element | null => thread.shadowRoot!.activeElement;
/** How far the newest is away from the lower edge, in pixels. */
export const fromEnd = (root: Node): number => {
  const { scrollHeight, clientHeight, scrollTop } = scroller(root);
  return Math.round(scrollHeight - clientHeight - scrollTop);
};

/** Two tickets: one with a question and its answer, one with a question. It cannot do what `without` names. */
export function simple(without: ConstructorParameters<typeof ScriptedDesk>[0] = []): ScriptedDesk {
  const desk = new ScriptedDesk(without);
  desk.open('a', [entry(0), entry(1)]);
  desk.open('b', [entry(0)]);
  return desk;
}

/** What is fetched beside a thread that is drawn is there: nothing more comes by itself. */
export const complete = (thread: TicketThread): Promise<unknown> =>
  until(() => !query(thread, '[part=attachments]') || query(thread, '#files'), 'its field for files');

/** A thread of its own store in a place of 500 pixels, with its first answer. */
export async function opened(
  desk: ScriptedDesk,
  id = 'a',
  attributes: Partial<TicketThread> = {},
): Promise<TicketThread> {
  const thread = await fixture<TicketThread>(
    html`<ticket-thread .store=${desk.store} ticket=${id} style="block-size:500px"></ticket-thread>`,
  );
  Object.assign(thread, attributes);
  await until(() => !desk.store.thread(id).peek().fetching, 'the first answer');
  await thread.updateComplete;
  await complete(thread);
  return thread;
}

/** That many entries of several lines. */
export const many = (count: number): ReturnType<typeof entry>[] =>
  Array.from({ length: count }, (_, index) => entry(index, text(`Entry ${index}\n\nline\nline`)));

/** Two frames: what observers and scrolling had to do is done. */
export const settled = async (): Promise<void> => {
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
};

const failures: string[] = [];
const note = (event: ErrorEvent | PromiseRejectionEvent): void => {
  const message = String('reason' in event ? event.reason : event.message);
  if (!message.includes('ResizeObserver')) failures.push(message);
};

/** Errors that reached the page since this was last asked. */
export const errors = (): string[] => failures.splice(0);
addEventListener('error', note);
addEventListener('unhandledrejection', note);
