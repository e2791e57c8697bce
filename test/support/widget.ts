/** Puts elements on the test page, connected to a help desk of this test alone over HTTP. */
import '../../src/define.js';
import { fixtureCleanup } from '@open-wc/testing';
import type { HelpDesk } from '../../src/elements/help-desk/help-desk.js';
import { openTestDesk, type DialectName, type TestDesk } from './desk.js';

export const jane = 'jane@example.test';
export const omar = 'omar@example.test';
export const mia = 'mia@example.test';

/** The dialects that every flow is tried with. */
export const dialects = ['osticket', 'support-ticket'] as const satisfies readonly DialectName[];

const open: { desks: TestDesk[]; places: HTMLElement[] } = { desks: [], places: [] };

/** The attributes of a `<help-desk>` for this dialect and person, as a page would write them. */
export function attributes(desk: TestDesk, dialect: DialectName, person = jane): string {
  const { url, ...options } = desk.backendOptions(dialect, person);
  return `backend="${dialect}" url="${url}" email="${person}" options='${JSON.stringify(options)}'`;
}

/** Puts HTML on the page. It is gone after `cleanUp`. */
export function place(html: string): HTMLElement {
  const element = document.createElement('div');
  element.innerHTML = html;
  document.body.append(element);
  open.places.push(element);
  return element;
}

/** A desk with the small seed (or as told), closed by `cleanUp`. */
export async function testDesk(options?: Parameters<typeof openTestDesk>[0]): Promise<TestDesk> {
  const desk = await openTestDesk(options);
  open.desks.push(desk);
  return desk;
}

/** The whole widget over HTTP. */
export async function widget(
  dialect: DialectName = 'osticket',
  { person = jane, extra = '', options = {} } = {},
): Promise<{ desk: TestDesk; page: HTMLElement; element: HelpDesk }> {
  const desk = await testDesk(options);
  const page = place(`<help-desk ${attributes(desk, dialect, person)} ${extra}></help-desk>`);
  return { desk, page, element: page.querySelector('help-desk')! };
}

/** Takes everything off the page, closes the desks, forgets what was kept on the device. For `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const element of open.places.splice(0)) element.remove();
  fixtureCleanup();
  localStorage.clear();
  await Promise.all(open.desks.splice(0).map((desk) => desk.close()));
}
