/** Files that are sent or taken. Loaded with what writes. */
import { HelpDeskError } from '../errors.js';
import type { FileLimits } from './backend.js';

/** Throws `too-large` before anything is sent: some back ends drop such files without a word. */
export function checkFiles(limits: FileLimits | undefined, files: readonly File[] = []): void {
  if (limits && (files.length > limits.maxCount || files.some(({ size }) => size > limits.maxBytes)))
    throw new HelpDeskError('too-large', { fields: { files: 'This is too large.' } });
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
