import '@vaadin/button';
import '@vaadin/combo-box';
import '@vaadin/text-area';
import '@vaadin/text-field';

const form = document.body.appendChild(document.createElement('form'));
form.innerHTML =
  '<vaadin-combo-box label="Topic"></vaadin-combo-box><vaadin-text-field label="Your email"></vaadin-text-field><vaadin-text-field label="Subject"></vaadin-text-field><vaadin-text-area label="Message"></vaadin-text-area><vaadin-button>Send</vaadin-button>';
form.querySelector('vaadin-combo-box').items = ['General', 'Billing'];
