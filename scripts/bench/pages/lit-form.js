// The floor: the fields of a ticket in bare Lit, with a draft kept while somebody writes.
import { html, LitElement } from 'lit';
import { topics } from './data.js';

class LitForm extends LitElement {
  #timer;
  #keep() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const values = Object.fromEntries(new FormData(this.renderRoot.querySelector('form')));
      localStorage.setItem('draft', JSON.stringify([Date.now(), values]));
    }, 250);
  }
  render() {
    return html`<form @input=${this.#keep} style="display:grid;gap:1rem;inline-size:24rem">
      <label>
        Topic
        <select name="topic">
          ${topics.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
        </select>
      </label>
      <label>Your email <input name="email" type="email" /></label>
      <label>Your name <input name="name" /></label>
      <label>Subject <input name="subject" /></label>
      <label>Message <textarea name="message" rows="5"></textarea></label>
      <label>Attachments <input type="file" multiple /></label>
      <button>Send</button>
    </form>`;
  }
}

export function fill(place) {
  if (!customElements.get('lit-form')) customElements.define('lit-form', LitForm);
  place.append(document.createElement('lit-form'));
}
