/**
 * Words on the screen. English stands where it is used and is the key of every other language's table, so that a page
 * in English loads no table and each element carries only its own words.
 */

/** English text → the same in another language. Placeholders `{name}` stay as they are. */
export type LanguageTable = Readonly<Record<string, string>>;

const tables = new Map<string, LanguageTable>();

/** Adds (or replaces) a language by its primary tag, e.g. `de`. Elements show it from their next rendering on. */
export function addLanguage(language: string, table: LanguageTable): void {
  tables.set(language, table);
}

/** The text in a language, with its placeholders filled. */
export function translate(
  language: string,
  english: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const table = tables.get(language) ?? tables.get(language.split('-')[0]!);
  return (table?.[english] ?? english).replace(
    /\{(\w+)\}/g,
    (whole, name: string) => (values[name] as string) ?? whole,
  );
}
