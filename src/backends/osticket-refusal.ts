/**
 * What osTicket's refusals mean. Part of the back ends `osticket` and `osticket-http`, loaded with the first of them: most
 * people meet none. *Recorded* means: by a real osTicket 1.18.1.
 */
import { HelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import { own, parse, record, text } from './json.js';
import { strange } from './osticket-ticket.js';
import type { Answer } from './request.js';

const labels: Record<string, string> = { 'Issue Summary': 'subject', 'Issue Details': 'message' };

/** A refusal's words → what they mean (recorded). Their statuses are 400, 401 or 500 and say less. */
const refusals: readonly (readonly [RegExp, HelpDeskErrorCode])[] = [
  [strange, 'not-found'],
  [/URL not supported/, 'unsupported'],
  [/key not authorized/, 'forbidden'],
  [/invalid ticket|does not exist/, 'not-found'],
  [/open ticket/i, 'limit-reached'],
  [/email must be/, 'unauthorized'],
  [/malformed/, 'unexpected'],
];

/** What a refusal of osTicket means. */
export function refusal(answer: Answer): HelpDeskErrorCode | HelpDeskError | undefined {
  let words = answer.text;
  // One shape writes it as JSON (recorded): a text, or an object with one.
  if (/^["{]/.test(words))
    try {
      const raw = parse(words);
      words = text(raw) || text(record(raw)['error']) || words;
    } catch {
      // As it stands.
    }
  const fields: Record<string, string> = {};
  if (/Incomplete client/.test(words)) fields['email'] = 'This is not valid.';
  // Form fields are named by their label: the API has no list of them.
  for (const [, label] of words.matchAll(/^(?:\w+: )?(.+) is a required field/gm)) {
    fields[own(labels, label!) ?? label!] = 'This field is required.';
  }
  return Object.keys(fields).length
    ? new HelpDeskError('invalid', { fields, cause: answer })
    : refusals.find(([pattern]) => pattern.test(words))?.[1];
}
