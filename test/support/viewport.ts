/** The size of the window a test runs in. */
import { setViewport } from '@web/test-runner-commands';
import { until } from './screen.js';

/** A window's width and height, in CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

export const wide: Size = { width: 1000, height: 700 };
export const phone: Size = { width: 360, height: 640 };

/**
 * Gives the window a size. The engine says that it is done before the page has it, so that is waited for too, with what
 * the styles of the elements ask of the window, and a frame in which they are drawn. WebKit's window is never as narrow
 * as a phone.
 */
export async function resize({ width, height }: Size): Promise<void> {
  await setViewport({ width, height });
  await until(
    () =>
      innerHeight === height &&
      (innerWidth === width || (width < 480 && innerWidth < 480)) &&
      matchMedia('(max-width: 479.98px)').matches === width < 480 &&
      matchMedia('(max-height: 480px)').matches === height <= 480,
    `a window of ${width} × ${height}`,
  );
  await new Promise(requestAnimationFrame);
}
