/** What a desk fires, and any element that tells of an error. */
import type { HelpDeskError } from '../errors.js';
import { HelpDeskEvent } from './event.js';

/** The number of tickets with news has changed. */
export class UnreadChangedEvent extends HelpDeskEvent<{ count: number }> {
  declare readonly count: number;
  constructor(count: number) {
    super('unread-changed', { count });
  }
}

/** The desk is connected to its back end. */
export class HelpDeskReadyEvent extends HelpDeskEvent<{ name: string }> {
  declare readonly name: string;
  constructor(name: string) {
    super('help-desk-ready', { name });
  }
}

/** A (new) proof of who asks is needed and none can be had. */
export class IdentityRequiredEvent extends HelpDeskEvent<Record<string, never>> {
  constructor() {
    super('identity-required', {});
  }
}

/** Something failed and the person was told. */
export class HelpDeskErrorEvent extends HelpDeskEvent<{ error: HelpDeskError }> {
  declare readonly error: HelpDeskError;
  constructor(error: HelpDeskError) {
    super('help-desk-error', { error });
  }
}
