/** A file name without path, control and direction characters; never empty. */
export function cleanName(name: string): string {
  const cleaned = name
    .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\\/:*?"<>|]/g, '_')
    .trim()
    .replace(/^\.+/, '');
  // What comes after the last dot says what it is: a long name loses its middle.
  return (cleaned.length > 200 ? `${cleaned.slice(0, 150)}…${cleaned.slice(-49)}` : cleaned) || 'file';
}
