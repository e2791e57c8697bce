/** Where focus is. */

/** The element that has focus, through shadow roots. */
export function focused(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

/** True where a person can see that this element has focus: by its own outline, or by that of its label or field. */
export function focusVisible(element: Element): boolean {
  return [element, element.closest('label'), element.closest('.field')].some((shown) => {
    if (!shown) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
  });
}
