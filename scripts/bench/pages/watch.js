// How long something takes until it is painted, and what is then in the page. The same for every page.

/** Right after a frame was painted. */
export const painted = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port2.onmessage = () => {
        port1.close();
        resolve(performance.now());
      };
      port1.postMessage(0);
    }),
  );

/** Milliseconds from the beginning of `act` until `look` succeeds and is painted. Begins right after a frame. */
export async function untilPainted(act, look) {
  await painted();
  const began = performance.now();
  act();
  for (let frame = 0; frame < 1200; frame++) {
    const now = await painted();
    if (look()) return now - began;
  }
  throw new Error('nothing was drawn');
}

/** Elements in this part of the page, shadow roots included. */
export const elementsIn = (root) =>
  [...root.querySelectorAll('*')].reduce((sum, one) => sum + 1 + (one.shadowRoot ? elementsIn(one.shadowRoot) : 0), 0);

/** Milliseconds from each key until it is painted. */
export function watchKeys() {
  const times = [];
  addEventListener('keydown', (event) => void painted().then((now) => times.push(now - event.timeStamp)), true);
  return times;
}
