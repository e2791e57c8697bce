import type { Rolldown } from 'vite';

export function shortExports(bundle: Rolldown.OutputBundle, name: string): void;
