import type { CSSResult } from 'lit';

/**
 * Styles as Lit takes them: a sheet that is made where it is first needed and shared by all elements that have it. Lit's
 * own tag also brings what puts styles together from parts; here they are whole.
 */
export function css([cssText]: readonly string[] | TemplateStringsArray): CSSResult {
  let sheet: CSSStyleSheet | undefined;
  const styles: Pick<CSSResult, 'cssText' | 'styleSheet'> = {
    cssText: cssText!,
    get styleSheet() {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(cssText!);
      return sheet;
    },
  };
  return styles as CSSResult;
}
