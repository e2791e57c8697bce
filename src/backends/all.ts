import { defineLazyBackend } from './backend.js';

/** Makes the back ends that come with the package known by name. Each one's file is loaded by the page that uses it. */
export function defineBackends(): void {
  defineLazyBackend('relay', () => import('./relay.js'));
  defineLazyBackend('osticket', () => import('./osticket.js'));
  defineLazyBackend('osticket-http', () => import('./osticket-http.js'));
  defineLazyBackend('jaze', () => import('./jaze.js'));
  defineLazyBackend('support-ticket', () => import('./support-ticket.js'));
}
