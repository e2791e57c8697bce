import { defineBackends } from '../backends/all.js';
import { HelpDesk } from './help-desk/help-desk.js';
import { register } from './shared/register.js';
import { TicketForm } from './ticket-form/ticket-form.js';
import { TicketList } from './ticket-list/ticket-list.js';
import { TicketThread } from './ticket-thread/ticket-thread.js';
import { TopicPicker } from './topic-picker/topic-picker.js';

/** How the elements are registered. */
export interface DefineOptions {
  /** Put before each tag, e.g. `acme-`, for pages where a name is taken. */
  readonly prefix?: string;
}

/** Registers every element, and each back end's file to be loaded when it is asked for. Twice is harmless. */
export function define({ prefix = '' }: DefineOptions = {}): void {
  defineBackends();
  register('topic-picker', TopicPicker, prefix);
  register('ticket-list', TicketList, prefix);
  register('ticket-thread', TicketThread, prefix);
  register('ticket-form', TicketForm, prefix);
  register('help-desk', HelpDesk, prefix);
}
