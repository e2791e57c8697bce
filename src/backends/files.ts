/** Files that are sent or taken. Loaded with what writes. */
import { HelpDeskError } from '../errors.js';
import { narrow, type BackendOptions, type FileLimits } from './backend.js';

/**
 * Throws `too-large` before anything is sent: some back ends drop such files without a word.
 * @param page Has the page's own class of errors.
 */
export function checkFiles(
  page: { readonly HelpDeskError: typeof HelpDeskError },
  limits: FileLimits | undefined,
  files: readonly File[] = [],
): void {
  if (limits && (files.length > limits.maxCount || files.some(({ size }) => size > limits.maxBytes)))
    throw new page.HelpDeskError('too-large', { fields: { files: 'This is too large.' } });
}

/** A back end's limits for files, narrowed by its options, with `checkFiles` of them. */
export function fileLimits(
  options: BackendOptions,
  maxCount: number,
  maxBytes: number,
): FileLimits & { check(files: readonly File[]): void } {
  const limits = narrow({ maxCount, maxBytes }, options);
  return { ...limits, check: (files) => checkFiles({ HelpDeskError }, limits, files) };
}

/** The name that a `Content-Disposition` gives a file; undefined without one. */
export function fileName(headers: Headers): string | undefined {
  const header = headers.get('content-disposition') ?? '';
  const coded = /filename\*=utf-8''([^;]+)/i.exec(header)?.[1];
  try {
    if (coded) return decodeURIComponent(coded);
  } catch {
    return coded;
  }
  return /filename="?([^";]+)/i.exec(header)?.[1];
}
