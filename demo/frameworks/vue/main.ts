import { createApp, createSSRApp } from 'vue';
import App from './app.vue';

const place = document.querySelector('#app')!;
// What a server has written is taken over.
const app = (place.firstElementChild ? createSSRApp : createApp)(App, { person: 'jane' });
app.mount(place);
// By now the elements have what only code can give them.
void import('helpdesk-elements/define');
