/** What the pages of all frameworks show, and how a test changes it. */
import {
  HelpDeskCloseEvent,
  HelpDeskError,
  HelpDeskErrorEvent,
  HelpDeskOpenEvent,
  HelpDeskReadyEvent,
  IdentityRequiredEvent,
  ReplySendEvent,
  ReplySentEvent,
  StatusChangedEvent,
  StatusChangeEvent,
  TicketCreatedEvent,
  TicketRatedEvent,
  TicketSelectEvent,
  TicketSubmitEvent,
  UnreadChangedEvent,
  type HelpDeskEventMap,
  type ThreadEntry,
  type Ticket,
} from 'helpdesk-elements';
import type { Driver, State } from '../driver.js';

export type { State };

export const start: State = {
  subject: 'A lamp',
  displayName: 'Jane Doe',
  pageSize: 2,
  noFilters: true,
  options: { apiKey: 'k' },
  prefill: { message: 'It blinks' },
  topics: [
    { id: '1', name: 'Orders' },
    { id: '2', name: 'Orders / Late' },
  ],
  backend: undefined,
  name: undefined,
  notes: ['one', 'two'],
  header: 'Write to us',
};

const heard: string[] = [];
/** The handler of every event: writes down what came, and cancels where that can be done. */
export function hear(event: HelpDeskEventMap[keyof HelpDeskEventMap]): void {
  const detail = Object.entries(event.detail);
  const same = detail.every(([name, value]) => (event as unknown as Record<string, unknown>)[name] === value);
  heard.push(`${event.type}: ${same ? detail.map(([name]) => name).join(' ') : 'detail differs'}`);
  event.preventDefault();
}

/** What `hear` has written down since it was last asked. */
export const takeHeard = (): string[] => heard.splice(0);

const ticket: Ticket = {
  id: '1',
  number: '1',
  subject: 'x',
  status: 'open',
  requester: { name: 'Jane', role: 'requester' },
};
const entry: ThreadEntry = {
  id: '2',
  kind: 'message',
  author: { name: 'Jane', role: 'requester' },
  body: { format: 'text', value: 'x' },
  attachments: [],
};

/** One of every event there is. */
export const everyEvent = (): HelpDeskEventMap[keyof HelpDeskEventMap][] =>
  Object.values({
    'ticket-select': new TicketSelectEvent(ticket),
    'ticket-submit': new TicketSubmitEvent({ subject: 'x', message: 'y' }),
    'ticket-created': new TicketCreatedEvent(ticket),
    'reply-send': new ReplySendEvent('1', { message: 'y' }),
    'reply-sent': new ReplySentEvent('1', entry),
    'status-change': new StatusChangeEvent('1', 'closed'),
    'status-changed': new StatusChangedEvent(ticket),
    'ticket-rated': new TicketRatedEvent('1', 5),
    'unread-changed': new UnreadChangedEvent(3),
    'help-desk-ready': new HelpDeskReadyEvent('default'),
    'help-desk-open': new HelpDeskOpenEvent(),
    'help-desk-close': new HelpDeskCloseEvent(),
    'identity-required': new IdentityRequiredEvent(),
    'help-desk-error': new HelpDeskErrorEvent(new HelpDeskError('timeout')),
  } satisfies HelpDeskEventMap);

/** Mounts a page, before or after the elements are defined, as its address says; `mount` answers how to change its state. */
export async function drive(mount: (place: HTMLElement) => (change: Partial<State>) => void): Promise<void> {
  const define = (): Promise<unknown> => import('helpdesk-elements/define');
  if (location.search !== '?late') await define();
  const set = mount(document.querySelector<HTMLElement>('#app')!);
  (window as unknown as { page: Driver }).page = {
    set,
    clear: (names) => set(Object.fromEntries(names.map((name) => [name, undefined]))),
    takeHeard,
    everyEvent,
    define,
  };
}
