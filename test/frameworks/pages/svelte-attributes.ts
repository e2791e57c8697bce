import { flushSync, mount } from 'svelte';
import { drive, type State } from './state.js';
import Page from './svelte-attributes.svelte';

void drive((target) => {
  const page = mount(Page, { target }) as { set(change: Partial<State>): void };
  return (change) => flushSync(() => page.set(change));
});
