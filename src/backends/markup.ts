/** What people write, as ticket systems take it. Loaded with what writes. */

/**
 * What was written, as HTML. A plain message shows the same words: lines break where they did and runs of spaces keep
 * their width; white space around it goes. Neither form can be taken for a `data:` address.
 */
export const markup = ({ message, format }: { message: string; format?: 'text' | 'html' }): string =>
  format === 'html'
    ? `<div>${message}</div>`
    : `<p>${message
        .trim()
        .replace(/&/g, '&amp;')
        .replace(/</g, '&lt;')
        .replace(/>/g, '&gt;')
        .replace(/\r?\n/g, '<br>')
        .replace(/ (?= )/g, '&nbsp;')}</p>`;
