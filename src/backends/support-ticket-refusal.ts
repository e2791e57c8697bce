/** What refusals mean. Part of the back end `support-ticket`, loaded with the first of them: most people meet none. */
import { HelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import { own, parse, record, text } from './json.js';
import { problem } from './problem.js';
import { codes, type Answer } from './request.js';

/** Their field → ours. */
const fieldNames: Record<string, string> = {
  subject: 'subject',
  comment: 'message',
  category: 'topicId',
  priority: 'priority',
  attachment: 'files',
  tags: 'tags',
};

/** Words of a refusal that decide. A 401 need not be about signing in. */
const refusals: readonly (readonly [RegExp, HelpDeskErrorCode])[] = [
  [/limit exceed/i, 'limit-reached'],
  [/open or close/i, 'forbidden'],
  [/already (open|close|proc)/i, 'conflict'],
];

/** Who misses the number that each of our calls has reads it from a body that no browser sends with GET. */
const wantsBody = /"ticket_id"\W+[\w ]*\brequired\b/i;

/** Every text in a body whose form is not documented, with the field it stands under. */
const sentences = (value: unknown, field = '', depth = 9): (readonly [string, string])[] =>
  typeof value === 'string'
    ? [[field, value]]
    : depth && value && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, inner]) => sentences(inner, own(fieldNames, key) ?? field, depth - 1))
      : [];

/** What a refusal means. */
export function refusal(answer: Answer): HelpDeskError | undefined {
  let found: ReturnType<typeof sentences> = [];
  try {
    found = sentences(parse(answer.text));
  } catch {
    // A page: its status says what there is to say.
  }
  const code =
    refusals.find(([pattern]) => found.some(([, words]) => pattern.test(words)))?.[1] ??
    (wantsBody.test(answer.text) ? 'unsupported' : undefined);
  const named = found.filter(([field]) => field && !code).map(([field, words]) => [field, problem(words)] as const);
  return code || named.length
    ? new HelpDeskError(code ?? 'invalid', { fields: Object.fromEntries(named), cause: answer })
    : undefined;
}

/** What an answer means whose envelope says no where HTTP does not; undefined where it says nothing of the kind. */
export function refused(answer: Answer): HelpDeskError | undefined {
  let status = 0;
  try {
    status = Number(text(record(parse(answer.text))['status_code']));
  } catch {
    // No envelope.
  }
  if (status >= 400)
    return (
      refusal(answer) ??
      new HelpDeskError(codes[status] ?? (status < 500 ? 'invalid' : 'unavailable'), { cause: answer })
    );
  return;
}
