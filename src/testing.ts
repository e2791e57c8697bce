/** `helpdesk-elements/testing`: the contract of back ends as a suite for mocha, vitest or jest. Needs `chai`. */
export * from './testing/contract.js';
export * from './testing/sample.js';
export * from './testing/wire.js';
