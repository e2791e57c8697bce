declare module '*.vue' {
  import type { DefineComponent } from 'vue';

  const component: DefineComponent<{ person: string }>;
  export default component;
}
