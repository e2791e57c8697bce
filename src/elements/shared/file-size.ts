/** A number of bytes for people. Units are powers of 1,024, as the limits of the back ends are. */
export function fileSize(bytes: number, language: string): string {
  const power = bytes < 1024 ? 0 : bytes < 1048576 ? 1 : 2;
  const value = bytes / 1024 ** power;
  const unit = ['byte', 'kilobyte', 'megabyte'][power]!;
  // A form says its limits at once: without a formatter where that is easy, as a page's first costs a slow phone 50 ms.
  if (value < 999 && /^en\b/.test(language))
    return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${['byte', 'kB', 'MB'][power]}`;
  return value.toLocaleString(language, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 });
}
