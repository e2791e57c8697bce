/**
 * HTTP for back ends of a page's own. Ours import what is here from where it is: what they need later would else come with
 * this file.
 */
import { narrow, type BackendOptions, type FileLimits } from './backend.js';
import { checkFiles } from './files.js';

export { createHttp } from './client.js';
export { fileName } from './files.js';
export { loaded } from '../late.js';
export { codes, type Answer, type Ask, type Http, type HttpDefaults } from './request.js';
export { wordsOf } from './words.js';

/**
 * A back end's limits for files, narrowed by its options. `check` throws `too-large` before anything is sent: some back
 * ends drop such files without a word.
 */
export function fileLimits(
  options: BackendOptions,
  maxCount: number,
  maxBytes: number,
): FileLimits & { check(files: readonly File[]): void } {
  const limits = narrow({ maxCount, maxBytes }, options);
  return { ...limits, check: (files) => checkFiles(limits, files) };
}
