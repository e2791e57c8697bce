/** A theme: colours as [day, night], everything else as it is written in CSS. */
export type Theme = Readonly<Record<string, string | readonly [day: string, night: string]>>;

export interface Check {
  readonly time: 'light' | 'dark';
  readonly front: string;
  readonly back: string;
  readonly what: string;
  /** The least that is enough. */
  readonly least: number;
  /** Rounded down to one place. */
  readonly ratio: number;
  readonly enough: boolean;
}

export const colours: Readonly<Record<string, readonly [day: string, night: string, what: string]>>;
export const others: Readonly<Record<string, readonly [value: string, what: string]>>;
export const fonts: Readonly<Record<string, string>>;
export const themes: Readonly<Record<string, Theme & { readonly name: string }>>;
export function declarations(theme: Theme): readonly string[];
export function themeCss(theme: Theme, selector?: string): string;
export function contrast(one: string, other: string): number;
export function checks(theme: Theme): readonly Check[];
