import { html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import type { HelpDeskError } from '../../errors.js';
import { HelpDeskErrorEvent, IdentityRequiredEvent } from '../../events/desk.js';
import { loaded } from '../../late.js';
import type { Store } from '../../store/types.js';
import { translate } from '../../strings/strings.js';
import { tokens } from './tokens.styles.js';

/**
 * What all elements share: their words, their live region and how they tell of an error.
 *
 * @internal
 */
export abstract class HelpElement extends LitElement {
  /** Prefix of this page's tags; set where the elements are registered. */
  static prefix = '';
  /** Parts that are handed on by the element around it, so that `help-desk::part(item)` reaches into its list. */
  static parts = '';
  static override styles: CSSResultGroup = tokens;

  #said = '';
  /** What is said of being offline: by the last rendering, and by the one that is going on. */
  #offline: string | undefined;
  #nowOffline: string | undefined;
  /** Tags of elements that are being loaded, and why others could not be. */
  readonly #missing = new Map<string, Pick<HelpDeskError, 'message'> | undefined>();

  constructor() {
    super();
    // A page with shortcuts sees this element, not the field in it: what writes or moves there is nobody else's.
    for (const type of ['keydown', 'keypress', 'keyup'] as const)
      this.addEventListener(type, (event) => {
        if (
          !event.ctrlKey &&
          !event.metaKey &&
          !/^(Esc|Ent|Tab)/.test(event.key) &&
          this.shadowRoot?.activeElement?.matches('input,select,textarea')
        )
          event.stopPropagation();
      });
  }

  /** Language of the nearest `lang`, across shadow roots. Pages also write tags that are none: `en_US` is one of them. */
  protected get language(): string {
    for (let node: Node | null = this; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null) {
      const tag = node instanceof Element && node.getAttribute('lang');
      try {
        if (tag) return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0]!;
      } catch {
        break;
      }
    }
    return 'en';
  }

  /** A text in the element's language. */
  protected text(english: string, values?: Readonly<Record<string, string | number>>): string {
    return translate(this.language, english, values);
  }

  /** Says something in the polite live region. The same words twice are said twice. */
  protected announce(words: string): void {
    this.#said = this.#said === words ? `${words}\u00a0` : words;
    this.requestUpdate();
  }

  /** Tells the page of an error that the person is being told of. */
  protected report(error: HelpDeskError): void {
    this.dispatchEvent(new HelpDeskErrorEvent(error));
    if (error.code === 'unauthorized') this.dispatchEvent(new IdentityRequiredEvent());
  }

  /** An element of this page's prefix, not yet in the page; of use once it is defined. */
  protected make<K extends keyof HTMLElementTagNameMap>(tag: K): HTMLElementTagNameMap[K] {
    const { prefix } = this.constructor as typeof HelpElement;
    const element = document.createElement(prefix + tag) as HTMLElementTagNameMap[K];
    element.setAttribute('exportparts', (element.constructor as typeof HelpElement).parts);
    return element;
  }

  /** What stands in for an element while its file is loaded, or why it is not there; undefined once it is defined. */
  protected late({ localName }: Element, load: () => Promise<unknown>, standIn: unknown): unknown {
    const missing = this.#missing;
    if (customElements.get(localName)) return undefined;
    const fetch = (state?: Pick<HelpDeskError, 'message'>): void => {
      missing.set(localName, state);
      this.requestUpdate();
      loaded(load)
        .catch((error: HelpDeskError) => {
          missing.set(localName, error);
          this.report(error);
        })
        .finally(() => this.requestUpdate());
    };
    const failure = missing.get(localName);
    // What has failed stays until the element is there, and focus with it.
    if (failure) return this.alert(failure, () => fetch({ message: 'Loading' }));
    if (!missing.has(localName)) fetch();
    return standIn;
  }

  /** The failure in words, with what can be done. */
  protected alert(
    error: Pick<HelpDeskError, 'message'>,
    tryAgain?: () => void,
    more: unknown = nothing,
  ): TemplateResult {
    return html`<div class="notice alert row" role="alert" part="alert">
      <span class="grow">${this.text(error.message)}</span>
      ${tryAgain ? html`<button type="button" @click=${tryAgain}>${this.text('Try again')}</button>` : nothing}${more}
    </div>`;
  }

  /** A line that says that there is no network; nothing while there is. */
  protected offline(store: Store): unknown {
    if (store.online.value) return nothing;
    this.#nowOffline = this.text('You are offline. What you see may be out of date.');
    return html`<p class="notice offline">${this.#nowOffline}</p>`;
  }

  /** Grey lines in the place of what is being fetched. */
  protected skeleton(lines = 6): TemplateResult {
    return html`<div part="skeleton" aria-hidden="true">
        ${Array.from({ length: lines }, () => html`<div class="bone"></div>`)}
      </div>
      <span class="hidden">${this.text('Loading')}</span>`;
  }

  /** The live region. Each element renders it once, always, after everything else. */
  protected liveRegion(): TemplateResult {
    const offline = this.#nowOffline;
    if (offline !== this.#offline) this.#said = offline ?? this.text('You are online again.');
    this.#offline = offline;
    this.#nowOffline = undefined;
    return html`<p class="hidden" role="status">${this.#said}</p>`;
  }
}
