import { createApp, nextTick, type ComponentPublicInstance } from 'vue';
import { drive, type State } from './state.js';
import Page from './vue-prop.vue';

void drive((place) => {
  const page = createApp(Page).mount(place) as ComponentPublicInstance<object, { set(change: Partial<State>): void }>;
  return (change) => {
    page.set(change);
    void nextTick();
  };
});
