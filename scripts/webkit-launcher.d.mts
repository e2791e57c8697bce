/** Types of what tests use of `webkit-launcher.mjs`. */

/** One MiniBrowser, driven by plain WebDriver: `get` and `post` take paths below the session's. */
export class WebDriver {
  start(binary: string, size: { width: number; height: number }): Promise<void>;
  get(path: string): Promise<unknown>;
  post(path: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}
