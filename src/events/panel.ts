/** What a desk with a launcher fires. */
import { HelpDeskEvent } from './event.js';

/** The panel has opened. */
export class HelpDeskOpenEvent extends HelpDeskEvent<Record<string, never>> {
  constructor() {
    super('help-desk-open', {});
  }
}

/** The panel has closed. */
export class HelpDeskCloseEvent extends HelpDeskEvent<Record<string, never>> {
  constructor() {
    super('help-desk-close', {});
  }
}
