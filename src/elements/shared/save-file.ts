import { cleanName } from './file-name.js';

export { cleanName };

/** Hands bytes to the person as a download of an unspecific type, so that nothing in them can run as a page. */
export function saveFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = cleanName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
