import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import '@awesome.me/webawesome/dist/styles/webawesome.css';

document.body.appendChild(document.createElement('form')).innerHTML =
  '<wa-select label="Topic"><wa-option value="1">General</wa-option><wa-option value="2">Billing</wa-option></wa-select><wa-input label="Your email"></wa-input><wa-input label="Subject"></wa-input><wa-textarea label="Message"></wa-textarea><wa-button>Send</wa-button>';
