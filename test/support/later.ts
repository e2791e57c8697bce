/** Time that a test lets pass without waiting for it. */
const now = Date.now.bind(Date);
let ahead = 0;

/** So many milliseconds have passed for whatever looks at the clock. Timers run as they do. Until the end of the test. */
export function pass(milliseconds: number): void {
  ahead += milliseconds;
  Date.now = () => now() + ahead;
}

afterEach(() => {
  ahead = 0;
  Date.now = now;
});
