import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { DeskController } from '../../store/controllers.js';
import type { Store } from '../../store/types.js';
import { HelpElement } from './help-element.js';

/**
 * An element that belongs to a desk, wherever in the page that is.
 *
 * @internal
 */
export abstract class DeskElement extends HelpElement {
  static override properties: PropertyDeclarations = { desk: {}, store: { attribute: false } };

  /** Name of the desk to belong to, where it is not the enclosing one or the page's `default`. */
  declare desk: string | undefined;
  /** Store to use instead of a desk's. */
  declare store: Store | undefined;

  protected readonly connection: DeskController = new DeskController(this);

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    root.addEventListener('click', submit);
    return root;
  }

  /** What the element shows once it has a desk. */
  protected abstract content(store: Store): unknown;

  protected override render(): TemplateResult {
    const { store, missing } = this.connection;
    return html`${
      store
        ? this.content(store)
        : missing
          ? html`<p class="empty">${this.text('No help desk is connected to this page.')}</p>`
          : this.skeleton(3)
    }${this.liveRegion()}`;
  }
}

/**
 * Submits a form where its button is pressed, also by Enter in a field. A frame that may send no forms would not even tell
 * the form that it was to be sent; and ours are never sent by the browser.
 */
function submit(event: Event): void {
  const button = (event.target as Element).closest('button');
  const form = button?.form;
  if (!form || button.type !== 'submit') return;
  event.preventDefault();
  if (form.noValidate || form.reportValidity())
    form.dispatchEvent(new SubmitEvent('submit', { submitter: button, bubbles: true, cancelable: true }));
}
