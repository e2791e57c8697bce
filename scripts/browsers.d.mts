/** Types of what tests use of `browsers.mjs`. */

/** Path of a Chromium, or undefined. */
export const findChrome: () => string | undefined;
/** True for the program that knows only the old headless mode. */
export const isHeadlessShell: (file: string) => boolean;
/** What Chromium is started with. */
export const chromeArgs: string[];
/** What to say where there is no browser. */
export const missing: string;
/** Finds a browser, or installs it where it may. */
export function ensureBrowser(name?: string, say?: (words: string) => void): string | undefined;
/** Path of a Firefox, or undefined. */
export const findFirefox: () => string | undefined;
/** Path of WebKitGTK's MiniBrowser, or undefined where it, its driver or a display is missing. */
export const findWebKit: () => string | undefined;
