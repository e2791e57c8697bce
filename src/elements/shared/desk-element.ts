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
