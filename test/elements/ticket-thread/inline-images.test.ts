/** Images that stand within the words of osTicket, over HTTP: where the extension gives their bytes, and where not. */
import { expect } from '@open-wc/testing';
import type { DialectName, TestDesk } from '../../support/desk.js';
import { query, queryAll, until, words } from '../../support/screen.js';
import { cleanUp, jane, omar, place, testDesk } from '../../support/widget.js';

const key = '4kQ2vXw8Rb1ZsUo6NmTe9cLyHa3GpJd7';

afterEach(cleanUp);

async function thread(
  dialect: DialectName,
  shape: string,
  { number = '309214', person = jane, desk = undefined as TestDesk | undefined, more = {} } = {},
): Promise<{ page: HTMLElement; from: TestDesk; files: () => Promise<string[]> }> {
  const from = desk ?? (await testDesk());
  const { url, ...options } = from.backendOptions(dialect, person);
  const page = place(
    `<help-desk backend="osticket" url="${url}" email="${person}" options='${JSON.stringify({ ...options, shape, ...more })}'>
      <ticket-thread ticket="${number}"></ticket-thread>
    </help-desk>`,
  );
  if ('staffUserName' in more) page.querySelector('help-desk')!.removeAttribute('email');
  await until(() => queryAll(page, 'article').length > 1, 'the thread');
  const files = async () => (await from.log()).flatMap(({ path }) => (path.startsWith('/file.php') ? [path] : []));
  return { page, from, files };
}
const image = (page: Node): HTMLImageElement | undefined =>
  query<HTMLImageElement>(page, 'img[alt="Where to find the switch"]');

for (const [name, shape, more] of [
  ['2020', '2020', {}],
  ['auto', 'auto', {}],
  ['2020, for an agent', '2020', { staffUserName: 'nora' }],
] as const)
  it(`shows an image where its words name it, and reads it once (${name})`, async () => {
    const { page, files } = await thread('osticket-2020', shape, { more });
    const shown = await until(() => image(page), 'the image');
    await until(() => shown.complete && shown.naturalWidth > 0, 'its picture');
    expect(shown.src).to.match(/^blob:/);
    const asked = await files();
    expect(asked.filter((path) => path.includes(key.toLowerCase()))).to.have.lengthOf(1);
    const article = queryAll(page, 'article').find((each) => query(each, 'img'))!;
    // Not a second time below the words; no placeholder is left.
    expect(queryAll(article, 'img')).to.have.lengthOf(1);
    expect(words(article)).not.to.contain('[Where to find the switch]');
  });

for (const [shape, dialect] of [
  ['readme', 'osticket'],
  ['2018', 'osticket-2018'],
] as const)
  it(`says what an image shows where there is no way to read it (${shape})`, async () => {
    const { page, files } = await thread(dialect, shape);
    await until(() => words(page).includes('[Where to find the switch]'), 'the placeholder');
    expect([image(page), await files()]).to.deep.equal([undefined, []]);
  });

it("resolves no other ticket's image, though an entry names it", async () => {
  const desk = await testDesk();
  await desk.control({
    op: 'entry',
    number: '680431',
    kind: 'reply',
    body: `<p>Look <img src="cid:${key.toLowerCase()}" data-image="${key}" alt="Where to find the switch"></p>`,
    format: 'html',
  });
  const { page, files } = await thread('osticket-2020', '2020', { number: '680431', person: omar, desk });
  await until(() => words(page).includes('[Where to find the switch]'), 'the placeholder');
  expect([image(page), await files()]).to.deep.equal([undefined, []]);
});

it('leaves the words where osTicket gives files only to who is signed in there', async () => {
  const desk = await testDesk({ filesNeedSignIn: true });
  const { page, files } = await thread('osticket-2020', '2020', { desk });
  await until(() => words(page).includes('[Where to find the switch]'), 'the placeholder');
  while (!(await files()).length) await new Promise(requestAnimationFrame);
  await until(() => words(page).includes('[Where to find the switch]'), 'the placeholder still');
  expect(image(page)).to.equal(undefined);
});
