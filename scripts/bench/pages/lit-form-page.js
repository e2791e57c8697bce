import { fill } from './lit-form.js';
import { watchKeys } from './watch.js';

fill(document.body);
const form = document.querySelector('lit-form');
window.bench = {
  look: () => !!form.shadowRoot.querySelector('textarea'),
  focus: () => form.shadowRoot.querySelector('textarea').focus(),
  typed: () => form.shadowRoot.querySelector('textarea').value,
  keys: watchKeys(),
};
