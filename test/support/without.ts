/** A page in a frame in which some of our files cannot be had, as on a network that has just gone. */

/** Shows this HTML with the module at `entry`; each of `missing` is a path below `src/` without its ending. */
export async function pageWithout(missing: readonly string[], entry: string, html: string): Promise<Document> {
  const frame = document.createElement('iframe');
  const imports = Object.fromEntries(
    missing.flatMap((path) => ['ts', 'js'].map((ending) => [`/src/${path}.${ending}`, '/__missing__.js'])),
  );
  frame.srcdoc = `<!doctype html><html lang="en"><title>Without</title>
    <script type="importmap">${JSON.stringify({ imports })}</script>
    <script type="module" src="/src/${entry}.ts"></script>${html}`;
  frame.style.cssText = 'inline-size: 600px; block-size: 700px';
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);
  frames.push(frame);
  await loaded;
  return frame.contentDocument!;
}

const frames: HTMLElement[] = [];

/** For `afterEach`. */
export function removePages(): void {
  for (const frame of frames.splice(0)) frame.remove();
}
