import { defineLazyBackend } from './backend.js';

/** Makes the back ends that come with the package known by name. Each one's file is loaded by the page that uses it. */
export function defineBackends(): void {
  defineLazyBackend('osticket', () => import('./osticket.js'));
  defineLazyBackend('support-ticket', () => import('./support-ticket.js'));
}
