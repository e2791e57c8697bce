/** What a page is warned of in the console, of each test that calls this in its `describe` or file. */
export function heardWarnings(): () => readonly unknown[][] {
  const { warn } = console;
  let warnings: unknown[][] = [];
  beforeEach(() => {
    warnings = [];
    console.warn = (...args: unknown[]) => void warnings.push(args);
  });
  afterEach(() => {
    console.warn = warn;
  });
  return () => warnings;
}
