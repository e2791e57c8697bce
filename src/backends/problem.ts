/** Our words for what a back end says is wrong with a field. */
export const problem = (words: string): string =>
  /required|blank|empty|null/i.test(words)
    ? 'This field is required.'
    : /char|long|size|large|exceed/i.test(words)
      ? 'This is too large.'
      : 'This is not valid.';
