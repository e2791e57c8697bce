/** What pictures begin with, for tests. */
export const starts = Object.fromEntries(
  Object.entries({
    png: '\x89PNG\r\n\x1a\n',
    jpeg: '\xff\xd8\xff\xe0',
    gif: 'GIF89a',
    webp: 'RIFF\x04\0\0\0WEBP',
    heic: '\0\0\0\x18ftypheic',
  }).map(([kind, signs]) => [kind, Uint8Array.from(signs, (sign) => sign.charCodeAt(0))]),
) as Record<'png' | 'jpeg' | 'gif' | 'webp' | 'heic', Uint8Array<ArrayBuffer>>;
