/**
 * The one Trusted Types policy of this project, `helpdesk-elements`, and what happens where a page does not allow it.
 * The sanitiser uses it; in the script tag's files so does Lit, which by itself takes the name `lit-html` for it and does
 * not load where that is refused or taken (`scripts/lit-policy.mjs`).
 */
type Rules = Readonly<Record<'createHTML', (html: string) => string>>;

/** What may be given to a sink that asks for trusted markup. */
export type Policy = Rules & { readonly createScriptURL: (url: string) => unknown };

interface Page {
  readonly trustedTypes?: { createPolicy(name: string, rules: Rules): Policy };
  [shared]?: Policy | undefined;
}

const name = 'helpdesk-elements';
/**
 * A second copy of this code may not make the same policy again. Text that reaches a sink by mistake, which is what Trusted
 * Types are against, cannot find a symbol; a script that looks for it runs already.
 */
const shared = Symbol.for(name);
const page = globalThis as Page;

/** Markup that shows whether it came through whole: a page's own `default` policy may be strict, or refuse. */
const probe = '<i @a=""></i><!--?a-->';

function isEnforced(): boolean {
  try {
    return template(probe).innerHTML !== probe;
  } catch {
    return true;
  }
}

/** A template of this markup, signed where that is needed and can be had. */
function template(html: string): HTMLTemplateElement {
  const made = document.createElement('template');
  // eslint-disable-next-line no-restricted-syntax -- The one place: what is given is a template of ours.
  made.innerHTML = policy?.createHTML(html) ?? html;
  return made;
}

/** The policy; none where the browser knows none, or where it is refused. */
export let policy: Policy | undefined;
/** What to say where markup is refused because the policy is. */
export let refusal: Error | undefined;

try {
  policy = page[shared] ??= page.trustedTypes?.createPolicy(name, { createHTML: (html) => html });
} catch {
  // That only matters where the page also asks for trusted markup.
  if (isEnforced()) refusal = new Error(`Content-Security-Policy: trusted-types has to allow ${name}`);
}

let told = false;
/** Says once which name to allow. */
export function tellRefusal(): void {
  if (refusal && !told) console.warn('Help desk:', refusal.message);
  told = true;
}

interface Cleaner extends HTMLTemplateElement {
  /** The browser's own sanitiser: no sink, so that no policy is asked. WebKit has none yet. */
  setHTML(html: string, options: object): void;
}

/** For Lit, before it is used: without a policy and without the browser's own sanitiser nothing can be drawn. */
export function ready(): void {
  if (refusal && !('setHTML' in Element.prototype)) throw refusal;
  tellRefusal();
}

/** For Lit: a template of its markup. */
export function parse(html: string): HTMLTemplateElement {
  if (!refusal) return template(html);
  const made = document.createElement('template') as Cleaner;
  made.setHTML(html, { sanitizer: { comments: true, removeElements: [], removeAttributes: [] } });
  return made;
}
