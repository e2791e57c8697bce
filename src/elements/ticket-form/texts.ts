/** What is written in a form, by name. */

/** Name → text: values, or what is wrong with them. */
export type Texts = Record<string, string>;

/** Names of extra fields are kept apart from ours. */
export const extra = 'fields.';
/** Texts of a draft; the last two are of the form itself: what makes a second try the same one, and names of files. */
const ours = ['email', 'displayName', 'topicId', 'priority', 'subject', 'message', 'intent', 'files'];

/** What was given for each field, ours and others, by its name in the form. */
export function fieldsOf(from: object | null | undefined): Record<string, unknown> {
  const { fields, ...own } = (from ?? {}) as Record<string, unknown>;
  for (const [name, given] of Object.entries((typeof fields === 'object' && fields) || {})) own[extra + name] = given;
  return own;
}

/** The texts in a draft, in what was kept of one, or in what a page fills in. Whatever else is there is left out. */
export function textsOf(from: object | null | undefined): Texts {
  const texts: Texts = {};
  for (const [name, given] of Object.entries(fieldsOf(from))) {
    const value = (typeof given === 'object' ? (given as { value?: unknown } | null)?.value : given) ?? {};
    if (typeof value !== 'object' && (ours.includes(name) || name.startsWith(extra)))
      texts[name] = `${value as string}`;
  }
  return texts;
}
