import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import App from './app.vue';

/** The app as HTML, for the place where `main.ts` takes it over. */
export const render = (): Promise<string> => renderToString(createSSRApp(App, { person: 'jane' }));
