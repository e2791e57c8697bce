import type { Plugin } from 'vite';

/** For Vite. */
export function litPolicy(): Plugin;
