/** The public code of the package, free of side effects. */
export * from './model.js';
export * from './errors.js';
export * from './events.js';
export { defineBackend } from './backends/backend.js';
export type * from './backends/backend.js';
export type { Finding, FindingCode } from './backends/diagnose.js';
export { createStore } from './store/store.js';
export type * from './store/types.js';
export { define } from './elements/registration.js';
export { addLanguage, type LanguageTable } from './strings/strings.js';
