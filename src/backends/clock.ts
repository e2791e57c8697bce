/** The time of day where a ticket system is. */
import { HelpDeskError } from '../errors.js';

/**
 * Writes times as they are in this zone; undefined for UTC, which needs none.
 * @throws HelpDeskError `invalid` where the zone is unknown.
 */
export function clockIn(timeZone = 'UTC'): Intl.DateTimeFormat | undefined {
  // A page's first formatter costs a slow phone 50 ms: none where none is needed.
  if (timeZone === 'UTC') return;
  try {
    // Swedish is written as ISO 8601 is.
    return new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  } catch (cause) {
    throw new HelpDeskError('invalid', { fields: { timeZone }, cause });
  }
}
