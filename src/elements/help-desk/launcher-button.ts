/**
 * The floating button. The script tag draws it before anything else is there, and the element takes over the same
 * node: nothing flickers, and neither focus nor a click on its way gets lost.
 */

// `css` only so that it is minified: the script tag has no Lit.
const css = String.raw;
/** How it looks: also among the styles of the element, which take the place of those that were there before it. */
export const launcherStyles = css`
  [part='launcher'] {
    --_edge: var(--help-desk-launcher-offset, 1rem);
    color-scheme: var(--help-desk-color-scheme, light dark);
    position: fixed;
    z-index: var(--help-desk-z-index, 999);
    inset-block: auto var(--_edge);
    inset-inline: auto var(--_edge);
    min-block-size: 3em;
    /* Physical, as the insets are. */
    margin: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
    padding: 0 1.25em;
    border: 1px solid transparent;
    border-radius: 3em;
    background: var(--help-desk-accent, light-dark(#1d5bbf, #94b8ff));
    color: var(--help-desk-on-accent, light-dark(#fff, #0d1730));
    /* Many pages make a rem 10px. */
    font: 550 max(16px, 1rem) a;
    /* Inherited, where the page does not say. */
    font-family: var(--help-desk-font);
    box-shadow: 0 2px 16px #0004;
    cursor: pointer;
  }
  :host([placement^='top']) [part='launcher'] {
    inset-block: var(--_edge) auto;
  }
  :host([placement$='start']) [part='launcher'] {
    inset-inline: var(--_edge) auto;
  }
  [part='launcher'][aria-busy='true'] {
    opacity: 0.7;
  }
  @media print {
    [part='launcher'] {
      display: none;
    }
  }
`;

/** Where the page may put what the button shows; these words where it does not. */
export const launcherSlot = (textContent: string): HTMLSlotElement =>
  Object.assign(document.createElement('slot'), { name: 'launcher', textContent });

/** The button of a desk, drawn if it is not there yet, in the desk's shadow root. Its name is the desk's `label`. */
export function launcherButton(desk: Element): HTMLButtonElement {
  const root = desk.shadowRoot ?? desk.attachShadow({ mode: 'open' });
  let button = root.querySelector<HTMLButtonElement>('[part=launcher]');
  if (!button) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(launcherStyles);
    root.adoptedStyleSheets.push(sheet);
    button = Object.assign(document.createElement('button'), {
      part: 'launcher',
      ariaHasPopup: 'dialog',
      ariaExpanded: 'false',
    });
    button.append(launcherSlot(desk.getAttribute('label') || 'Help'));
    root.prepend(button);
  }
  return button;
}
