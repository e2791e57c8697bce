import type { MinifyOptions } from 'terser';

/** For terser. */
export const terser: MinifyOptions;
