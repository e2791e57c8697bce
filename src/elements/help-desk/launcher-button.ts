/**
 * The floating button. The script tag draws it before anything else is there, and the element takes over the same
 * node: nothing flickers, and neither focus nor a click on its way gets lost.
 */

// `css` only so that it is minified: the script tag has no Lit.
const css = String.raw;
const text = css`
  [part='launcher'] {
    color-scheme: var(--help-desk-color-scheme, light dark);
    position: fixed;
    z-index: var(--help-desk-z-index, 999);
    inset-block-end: calc(var(--help-desk-launcher-offset, 1rem) + env(safe-area-inset-bottom));
    inset-inline-end: var(--help-desk-launcher-offset, 1rem);
    box-sizing: border-box;
    min-block-size: 3rem;
    margin: 0;
    padding: 0.5rem 1.25rem;
    border: 1px solid transparent;
    border-radius: 1.5rem;
    background: var(--help-desk-accent, light-dark(#1d5bbf, #94b8ff));
    color: var(--help-desk-on-accent, light-dark(#fff, #0d1730));
    font: 550 1rem/1.5 var(--help-desk-font, inherit);
    box-shadow: 0 2px 12px #0004;
    cursor: pointer;
  }
  :host([placement^='top']) [part='launcher'] {
    inset-block: calc(var(--help-desk-launcher-offset, 1rem) + env(safe-area-inset-top)) auto;
  }
  :host([placement$='start']) [part='launcher'] {
    inset-inline: var(--help-desk-launcher-offset, 1rem) auto;
  }
  [part='launcher']:hover {
    filter: brightness(1.08);
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

let sheet: CSSStyleSheet | undefined;

/** Where the page may put what the button shows; these words where it does not. */
export const launcherSlot = (textContent: string): HTMLSlotElement =>
  Object.assign(document.createElement('slot'), { name: 'launcher', textContent });

/** The button of a desk, drawn if it is not there yet, in the desk's shadow root. Its name is the desk's `label`. */
export function launcherButton(desk: Element): HTMLButtonElement {
  const root = desk.shadowRoot ?? desk.attachShadow({ mode: 'open' });
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(text);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  let button = root.querySelector<HTMLButtonElement>('[part=launcher]');
  if (!button) {
    button = document.createElement('button');
    button.type = 'button';
    button.part.add('launcher');
    button.ariaHasPopup = 'dialog';
    button.ariaExpanded = 'false';
    button.append(launcherSlot(desk.getAttribute('label') || 'Help'));
    root.append(button);
  }
  return button;
}
