import type { Plugin } from 'vite';

/** Folders of the packages that are needed at run time, directly or not, each once. */
export function dependencies(): string[];
/** Folders of the packages that these modules are of. */
export function packagesOf(modules: readonly string[]): string[];
/** What THIRD-PARTY.txt has to be. */
export function thirdParty(): string;
/** For Vite: `licences.txt` beside the files that are built. */
export function licencesFile(): Plugin;
