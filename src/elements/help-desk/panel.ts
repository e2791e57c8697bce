import { html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import { HelpDeskCloseEvent, HelpDeskOpenEvent } from '../../events/panel.js';
import { composing } from '../shared/composing.js';
import type { HelpDesk } from './help-desk.js';
import { launcherButton, launcherSlot } from './launcher-button.js';
import { panelStyles } from './panel.styles.js';
import { triggerOf } from './trigger.js';

/** What assistive technology is told of a button of the page. */
const states = ['haspopup', 'expanded', 'controls'];

/** A screen as narrow as this is filled, and what is behind waits. */
const narrow = '(max-width: 479.98px)';

/**
 * The floating button and the panel it opens, for a desk with `launcher`: beside the page where there is room for both,
 * and in front of everything in the page either way. The panel's content is drawn from its first opening on.
 */
export class Panel implements ReactiveController {
  static readonly styles = panelStyles;
  readonly #host: HelpDesk;
  readonly #screen = globalThis.matchMedia?.(narrow);
  /** Ends what is listened to outside the desk. */
  #away: AbortController | undefined;
  readonly #pressed = () => (this.#host.open = !this.#host.open);
  #button: HTMLButtonElement | undefined;
  /** The selector of the page's own buttons as it was checked, and what it is then: none where it cannot be one. */
  #checked: string | undefined;
  #selector: string | undefined;
  /** The page's own buttons that are marked as such, and the one pressed last. */
  #triggers: readonly Element[] = [];
  #trigger: Element | undefined;
  #isOpen = false;
  #used = false;
  /** True where focus is to go in, and false where it is not; else it does but at the desk's first drawing. */
  #asked: boolean | undefined;
  /** Where focus was before the panel had it. */
  #before: Element | null = null;

  constructor(host: HelpDesk, asked?: boolean) {
    this.#host = host;
    this.#asked = asked;
    host.addController(this);
    host.addEventListener('keydown', this.#onKey);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const host = this.#host;
    if (event.key !== 'Escape' || composing(event) || event.defaultPrevented || !host.open || !host.launcher) return;
    event.preventDefault();
    host.open = false;
  };

  hostConnected(): void {
    const { signal } = (this.#away = new AbortController());
    const on = (target: EventTarget | null | undefined, listener: (event: Event) => void, ...types: string[]): void =>
      types.forEach((type) => target?.addEventListener(type, listener, { signal }));
    on(this.#screen, this.#move, 'change');
    on(globalThis.visualViewport, this.#fit, 'resize', 'scroll');
    on(document, this.#onPage, 'click', 'focusin', 'keydown');
    // At once, before anything is painted: the button may be there already.
    this.#drawButton(this.#host.hasUpdated);
    // What leaves the page leaves the top layer with it.
    if (this.#isOpen) this.#put(true);
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#away?.abort();
    this.#mark();
  }

  hostUpdated(): void {
    const { open, launcher } = this.#host;
    this.#drawButton();
    const shown = open && launcher;
    if (shown === this.#isOpen || !this.#host.isConnected) return;
    this.#isOpen = shown;
    if (shown) this.#show();
    else this.#hide();
  }

  /** Opens, and takes focus in: a page that comes with an open panel keeps its focus. */
  show(): void {
    this.#asked = this.#host.open = true;
  }

  /** The panel with this in it. */
  render(content: () => unknown): TemplateResult {
    this.#used ||= this.#host.open;
    return html`<dialog part="panel" popover="manual" tabindex="-1" aria-label=${this.#word} @close=${this.#closed}>
      ${
        this.#used
          ? html`<button
                type="button"
                part="close"
                aria-label=${this.#host['text']('Close')}
                @click=${this.#pressed}
              ></button>
              ${content()}`
          : nothing
      }
    </dialog>`;
  }

  /** What the page shows in the button. */
  get #own(): Element | null {
    return this.#host.querySelector(':scope > [slot=launcher]');
  }

  get #word(): string {
    return this.#own?.textContent.trim() || this.#host['text'](this.#host.label || 'Help');
  }

  get #dialog(): HTMLDialogElement | null {
    return this.#host.renderRoot.querySelector('dialog');
  }

  /** What has focus in the desk's own shadow root. */
  get #focused(): Element | null {
    return (this.#host.renderRoot as ShadowRoot).activeElement;
  }

  /** A button that is there before the first drawing stays until then: Lit draws in front of it. */
  #drawButton(drawn = true): void {
    const host = this.#host;
    // Also one that has left the page is drawn a last time.
    this.#mark(host.launcher && host.isConnected ? host.trigger : undefined);
    if (!host.launcher || this.#selector) {
      // Also one that the script tag has drawn, to try again with.
      if (drawn) host.renderRoot.querySelector('[part=launcher]')?.remove();
      this.#button = undefined;
      return;
    }
    const button = launcherButton(host);
    if (button !== this.#button) (this.#button = button).addEventListener('click', this.#pressed);
    const unread = host.store?.unread.value.size;
    const name = this.#word;
    button.ariaExpanded = `${host.open}`;
    button.ariaLabel = unread ? host['text']('{name}, {count} unread', { name, count: unread }) : null;
    const next = button.cloneNode() as HTMLElement;
    next.append(launcherSlot(name));
    if (unread) next.append(Object.assign(document.createElement('span'), { part: 'unread', textContent: unread }));
    if (!next.isEqualNode(button)) button.replaceChildren(...next.childNodes);
  }

  /** Makes what matches the page's buttons, and nothing else any more. */
  #mark(trigger?: string): void {
    const host = this.#host;
    if (trigger !== this.#checked) {
      this.#checked = trigger;
      this.#selector = triggerOf(host, trigger) === undefined ? undefined : trigger;
      if (trigger && !this.#selector) console.warn(`<help-desk trigger="${trigger}"> is no selector`, host);
    }
    const now = this.#selector ? [...document.querySelectorAll(this.#selector)] : [];
    for (const one of this.#triggers)
      if (!now.includes(one)) for (const name of states) one.removeAttribute(`aria-${name}`);
    for (const one of now) {
      const values = ['dialog', `${host.open}`, (host.id ||= `help-desk-${host.name}`)];
      states.forEach((name, at) => one.setAttribute(`aria-${name}`, values[at]!));
    }
    this.#triggers = now;
  }

  readonly #onPage = (event: Event): void => {
    const pressed = triggerOf(event.target, this.#selector);
    if (!pressed) return;
    // It may have come after the last drawing.
    this.#drawButton();
    if (event.type === 'keydown') this.#onKey(event as KeyboardEvent);
    if (event.type !== 'click' || event.defaultPrevented) return;
    event.preventDefault();
    this.#trigger = pressed;
    this.#pressed();
  };

  /** Follows what is seen of the window: the keyboard of a phone lies over the rest. */
  readonly #fit = (): void => {
    if (!this.#isOpen || !globalThis.visualViewport) return;
    const { height, offsetTop, scale } = visualViewport!;
    const below = innerHeight - height - offsetTop;
    // What is small is no keyboard, and who looks closer with two fingers means to see a part.
    const covered = scale === 1 && below > 60;
    const set = (name: string, length: number): void =>
      this.#dialog?.style.setProperty(name, `${covered ? Math.round(length) : 0}px`);
    set('--_above', offsetTop);
    set('--_below', below);
    let focused = this.#focused;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    if (covered) focused?.scrollIntoView({ block: 'nearest' });
  };

  /** Puts the panel in the top layer, or takes it out. */
  #put(shown: boolean): void {
    const dialog = this.#dialog;
    if (!dialog) return;
    if (dialog.open) dialog.close();
    if (dialog.matches(':popover-open')) dialog.hidePopover();
    if (!shown) return;
    this.#fit();
    // Not by a media query of the styles: WebKit does not ask again what several elements share.
    if (dialog.classList.toggle('full', this.#screen?.matches)) dialog.showModal();
    else dialog.showPopover();
  }

  /** The screen got wider or narrower: the other kind of panel, and focus where it was. */
  readonly #move = (): void => {
    if (!this.#isOpen) return;
    const focused = this.#focused;
    this.#put(true);
    if (focused instanceof HTMLElement) focused.focus();
  };

  #show(): void {
    const host = this.#host;
    this.#before = (host.getRootNode() as Document | ShadowRoot).activeElement;
    this.#put(true);
    const dialog = this.#dialog;
    if (this.#asked ?? host.hasUpdated) dialog?.focus();
    // Opening has taken it.
    else if (!dialog?.open) this.#giveBack();
    this.#asked = undefined;
    host.dispatchEvent(new HelpDeskOpenEvent());
  }

  #hide(): void {
    const host = this.#host;
    // Chromium does not count what is in the top layer as within; to it the host itself has focus.
    const inside = host.matches(':focus, :focus-within');
    this.#put(false);
    if (inside) this.#giveBack(this.#button ?? (this.#trigger as HTMLElement | undefined));
    this.#before = null;
    host.dispatchEvent(new HelpDeskCloseEvent());
  }

  /** Focus goes where it was before; where that was nowhere, to the other place, or nowhere again. */
  #giveBack(other?: HTMLElement): void {
    const before = this.#before;
    if (before instanceof HTMLElement && before !== this.#host && before !== document.body) before.focus();
    else if (other) other.focus();
    else (this.#focused as HTMLElement | null)?.blur();
  }

  /** Closed by the browser: by a gesture, or by Escape where nothing else took it. */
  readonly #closed = (): void => {
    if (this.#isOpen && !this.#dialog?.open && !this.#dialog?.matches(':popover-open')) this.#host.open = false;
  };
}
