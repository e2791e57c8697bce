import type { Plugin } from 'vite';

/** For Vite. */
export function leaveOut(): Plugin;
