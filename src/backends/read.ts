/**
 * Tolerant readers of what ticket systems answer, for back ends of a page's own. Each takes anything and answers something
 * of its type; none throws but `parse` and `times`. Ours import what is here from where it is: what they need later would
 * else come with this file.
 */
export * from './json.js';
export { markup } from './markup.js';
export { problem } from './problem.js';
export { byTime, times } from './times.js';
export { unescape } from './words.js';
