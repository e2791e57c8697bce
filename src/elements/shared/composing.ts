/** True for a key that belongs to an input method. Safari says that the words are done before it tells of the key that did it. */
export const composing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;
