import { expect, fixtureCleanup } from '@open-wc/testing';
import { HelpDeskError } from '../../../src/errors.js';
import type { Attachment, ThreadEntry } from '../../../src/model.js';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { imageType } from '../../../src/elements/shared/images.js';
import { button, buttons, query, queryAll, said, until, words } from '../../support/screen.js';
import { cleanUp } from '../../support/widget.js';
import { audit, entry, file, htmlBody, ScriptedDesk, text } from '../shared/scripted-desk.js';
import { errors, fromEnd, many, opened, scroller, settled, top } from './opened.js';

const click = HTMLAnchorElement.prototype.click;
/** What was handed over: name and address. */
let saved: string[] = [];
let blobs: Blob[] = [];
const createObjectURL = URL.createObjectURL.bind(URL);

beforeEach(() => {
  saved = [];
  blobs = [];
  HTMLAnchorElement.prototype.click = function () {
    saved.push(`${this.download} ${this.protocol}`);
  };
  URL.createObjectURL = (blob: Blob) => {
    blobs.push(blob);
    return createObjectURL(blob);
  };
});
afterEach(async () => {
  HTMLAnchorElement.prototype.click = click;
  URL.createObjectURL = createObjectURL;
  fixtureCleanup();
  await cleanUp();
  expect(errors()).to.deep.equal([]);
});

/** A picture of this size, as this engine writes it. */
async function picture(width = 40, height = 30, type = 'image/png'): Promise<Blob> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#345';
  context.fillRect(0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob!), type));
}
const svg = new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: 'image/svg+xml' });

/** Files by their id; each reading waits while `held`. */
class FileDesk extends ScriptedDesk {
  readonly files: Map<string, Blob>;
  readonly reads: string[];
  most = 0;
  constructor(files: Readonly<Record<string, Blob>> = {}) {
    const reads: string[] = [];
    const known = new Map(Object.entries(files));
    let open = 0;
    super([], undefined, {
      readAttachment: async (_, { id }) => {
        reads.push(id);
        this.most = Math.max(this.most, ++open);
        await this.answered;
        open--;
        if (this.failure) throw new HelpDeskError(this.failure);
        const blob = known.get(id);
        if (!blob) throw new HelpDeskError('not-found');
        return { blob };
      },
    });
    this.files = known;
    this.reads = reads;
  }
  answered: Promise<void> = Promise.resolve();
  /** Files are not answered before the result is called. */
  wait(): () => void {
    let go: () => void = () => undefined;
    this.answered = new Promise((resolve) => (go = resolve));
    return go;
  }
}

const withFiles = (index: number, ...attachments: Attachment[]): ThreadEntry => entry(index, { attachments });
const pictures = (root: Node): HTMLImageElement[] => queryAll<HTMLImageElement>(root, 'img');
const shown = (thread: TicketThread, count: number): Promise<unknown> =>
  until(() => pictures(thread).length === count, `${count} pictures`);

describe('ticket-thread: images', () => {
  it('passes the accessibility audit with images, enlarged, downloading and failed', async () => {
    const desk = new FileDesk({ 'a.png': await picture(), 'b.pdf': new Blob(['x']) });
    desk.open('a', [withFiles(0, file('a.png'), file('b.pdf'), file('gone.txt'))]);
    const thread = await opened(desk);
    await shown(thread, 1);
    await audit(thread);
    button(thread, 'Enlarge a.png').click();
    const go = desk.wait();
    button(thread, /^b\.pdf/).click();
    await until(() => query(thread, '.state progress'), 'downloading');
    await audit(thread);
    go();
    button(thread, /^gone\.txt/).click();
    await until(() => said(thread).includes('This could not be found.'), 'failed');
    await audit(thread);
  });

  it('shows what is an image by its bytes, whatever it is called, and nothing else', async () => {
    const jpeg = await picture(20, 20, 'image/jpeg');
    const desk = new FileDesk({
      'photo.png': await picture(),
      'really-jpeg.png': new Blob([jpeg], { type: 'text/html' }),
      'typed': await picture(10, 10),
      'page.png': new Blob(['<html><script>1</script></html>'], { type: 'image/png' }),
      'drawing.svg': svg,
      'drawing.png': svg,
      'broken.png': (await picture()).slice(0, 30),
      'notes.txt': await picture(),
    }); // prettier-ignore
    const names = [...desk.files.keys()];
    desk.open('a', [
      withFiles(0, ...names.map((id) => (id === 'typed' ? { id, name: 'x', type: 'image/png' } : { id, name: id }))),
    ]);
    const thread = await opened(desk);
    thread.style.blockSize = '1500px';
    thread.style.setProperty('--help-desk-block-size', 'none');
    await shown(thread, 3);
    await until(() => desk.reads.length === 6, 'every candidate was read');
    await until(() => blobs.length === 4, 'what is an image by its bytes was tried');
    await settled();
    expect(buttons(thread, /^Enlarge/).map(({ ariaLabel }) => ariaLabel)).to.deep.equal([
      'Enlarge photo.png',
      'Enlarge really-jpeg.png',
      'Enlarge x',
    ]);
    expect(pictures(thread).map(({ naturalWidth, src }) => [naturalWidth, src.slice(0, 5)])).to.deep.equal([
      [40, 'blob:'],
      [20, 'blob:'],
      [10, 'blob:'],
    ]);
    expect(blobs.map(({ type }) => type).sort()).to.deep.equal(['image/jpeg', 'image/png', 'image/png', 'image/png']);
    expect(desk.reads).not.to.include.members(['drawing.svg', 'notes.txt']);
    expect(said(thread)).to.equal('');
    // The address is of no use to anybody afterwards.
    const answer = await fetch(pictures(thread)[0]!.src).then(
      () => 'read',
      () => 'gone',
    );
    expect(answer).to.equal('gone');
  });

  it('knows the five formats, and nothing too large', async () => {
    const bytes = (...parts: (string | number[])[]): Blob =>
      new Blob(parts.map((part) => (typeof part === 'string' ? part : new Uint8Array(part))));
    expect(
      await Promise.all(
        [
          bytes([0x89], 'PNG\r\n', [0x1a], '\nmore'),
          bytes([0xff, 0xd8, 0xff, 0xe0]),
          bytes('GIF89a'),
          bytes('RIFF', [0, 10, 13, 255], 'WEBPVP8 '),
          bytes([0, 0, 0, 28], 'ftypavif', [0, 0, 0, 0]),
          bytes('GIF88a'),
          bytes('RIFF1234WAVE'),
          bytes('<svg'),
          bytes(),
          new Blob([bytes('GIF89a'), new Uint8Array(2 * 1024 * 1024)]),
        ].map(imageType),
      ),
    ).to.deep.equal([
      ...['png', 'jpeg', 'gif', 'webp', 'avif'].map((format) => `image/${format}`),
      ...Array<undefined>(5).fill(undefined),
    ]);
  });

  it('does not ask for what is said to be too large', async () => {
    const desk = new FileDesk({ 'a.png': await picture(), 'b.png': await picture() });
    desk.open('a', [withFiles(0, file('a.png', 2 * 1024 * 1024 + 1), file('b.png', 2 * 1024 * 1024))]);
    const thread = await opened(desk);
    await shown(thread, 1);
    expect(desk.reads).to.deep.equal(['b.png']);
  });

  it('reads images near what is seen only, five at a time, each once', async () => {
    const image = await picture(10, 10);
    const names = Array.from({ length: 12 }, (_, at) => `${at}.png`);
    const desk = new FileDesk(Object.fromEntries([...names, 'far.png'].map((name) => [name, image])));
    desk.open('a', [
      withFiles(0, file('far.png')),
      ...many(15).slice(1),
      withFiles(15, ...names.map((name) => file(name))),
    ]);
    const go = desk.wait();
    const thread = await opened(desk);
    await until(() => desk.reads.length === 5, 'five');
    await settled();
    expect(desk.reads.length).to.equal(5);
    go();
    await shown(thread, 12);
    expect([desk.most, [...desk.reads].sort()]).to.deep.equal([5, [...names].sort()]);
    button(thread, /^3\.png/).click();
    await until(() => saved.length, 'the download');
    expect([saved, desk.reads.length]).to.deep.equal([['3.png blob:'], 12]);
    await settled();
    scroller(thread).scrollTop = 0;
    await until(() => desk.reads.includes('far.png'), 'the one above');
    await shown(thread, 13);
  });

  it('does not move what is read, and stays at the newest', async () => {
    const desk = new FileDesk({ 'tall.png': await picture(60, 300) });
    desk.open('a', [...many(6), withFiles(7, file('tall.png'))]);
    const go = desk.wait();
    const thread = await opened(desk);
    await until(() => desk.reads.length, 'asked');
    await settled();
    expect(fromEnd(thread)).to.be.lessThan(2);
    go();
    await shown(thread, 1);
    await settled();
    expect([fromEnd(thread) < 2, pictures(thread)[0]!.clientHeight > 100]).to.deep.equal([true, true]);

    const other = new FileDesk({ 'tall.png': await picture(60, 300) });
    other.open('a', [...many(4), withFiles(4, file('tall.png')), ...many(18).slice(6)]);
    const open = other.wait();
    const second = await opened(other);
    await settled();
    const place = await until(() => query(second, 'article .picture'), 'its place');
    scroller(second).scrollTop += top(place) - top(scroller(second)) + 60;
    await until(() => other.reads.length, 'asked');
    await settled();
    const read = queryAll(second, 'article').find((article) => top(article) > top(scroller(second)))!;
    const before = top(read);
    open();
    await shown(second, 1);
    await settled();
    expect(Math.abs(top(read) - before)).to.be.at.most(1);
  });

  it('enlarges an image and makes it small again, in place', async () => {
    const desk = new FileDesk({ 'wide.png': await picture(900, 700) });
    desk.open('a', [withFiles(0, file('wide.png'))]);
    const thread = await opened(desk);
    await shown(thread, 1);
    const toggle = button(thread, 'Enlarge wide.png');
    const small = pictures(thread)[0]!.clientWidth;
    expect([toggle.ariaPressed, small <= 256]).to.deep.equal(['false', true]);
    toggle.click();
    expect([toggle.ariaPressed, pictures(thread)[0]!.clientWidth > small]).to.deep.equal(['true', true]);
    toggle.click();
    expect([toggle.ariaPressed, pictures(thread)[0]!.clientWidth]).to.deep.equal(['false', small]);
  });

  it('shows images that the words name by their content id, of this entry only, and not twice', async () => {
    const desk = new FileDesk({ in: await picture(), other: await picture(), svg });
    desk.open('a', [
      entry(0, {
        ...htmlBody(
          '<p>See</p><img src="cid:Shot@x" alt="shot"><img src="cid:shot%40x" alt="again"><img src="cid:else@x" alt="else"><img src="cid:s" alt="s">',
        ),
        attachments: [
          { id: 'in', name: 'in.png', contentId: '<Shot@x>' },
          { id: 'svg', name: 's.svg', contentId: 's' },
        ],
      }),
      entry(1, { ...text('no'), attachments: [{ id: 'other', name: 'other.png', contentId: 'else@x' }] }),
    ]);
    const thread = await opened(desk);
    await until(() => queryAll(thread, '.body img').length === 2, 'the image, twice');
    await until(() => queryAll(thread, '.picture img').length === 1, 'that of the other');
    await until(() => desk.reads.length === 3, 'the SVG was looked at');
    await settled();
    expect(queryAll(thread, '.body .image').map(words)).to.deep.equal(['[else]', '[s]']);
    expect(query<HTMLImageElement>(thread, '.body img')!.naturalWidth).to.equal(40);
    expect(desk.reads.filter((id) => id === 'in').length).to.equal(1);
  });

  it('shows nothing where the back end reads no files', async () => {
    const desk = new FileDesk({ 'a.png': await picture() });
    delete desk.store.backend.readAttachment;
    desk.open('a', [withFiles(0, file('a.png'), file('b.png'))]);
    const thread = await opened(desk);
    await import('../../../src/elements/ticket-thread/extras.js');
    await settled();
    expect([desk.reads, buttons(thread, /png|Download/).length]).to.deep.equal([[], 0]);
  });
});

describe('ticket-thread: downloads', () => {
  it('says that a file is on its way, asks for it once, and says that it is there', async () => {
    const desk = new FileDesk({ 'a.pdf': new Blob(['x']) });
    desk.open('a', [withFiles(0, file('a.pdf'))]);
    const thread = await opened(desk);
    const go = desk.wait();
    button(thread, /^a\.pdf/).click();
    button(thread, /^a\.pdf/).click();
    await until(() => query(thread, '.state progress'), 'downloading');
    expect(said(thread)).to.equal('Downloading a.pdf');
    go();
    await until(() => said(thread) === 'Downloaded a.pdf', 'there');
    await thread.updateComplete;
    expect([saved, desk.reads, query(thread, '.state')]).to.deep.equal([['a.pdf blob:'], ['a.pdf'], undefined]);
    expect(blobs.map(({ type }) => type)).to.deep.equal(['application/octet-stream']);
  });

  it('saves a file as it was called beside the words, else as it is answered', async () => {
    const desk = new ScriptedDesk([], undefined, {
      readAttachment: async () => ({ blob: new Blob(['x']), name: 'theirs.pdf' }),
    });
    desk.open('a', [withFiles(0, file('mine.pdf'), { id: 'b' })]);
    const thread = await opened(desk);
    button(thread, /^mine\.pdf/).click();
    await until(() => saved.length === 1, 'the first');
    button(thread, 'attachment').click();
    await until(() => saved.length === 2, 'the second');
    expect(saved).to.deep.equal(['mine.pdf blob:', 'theirs.pdf blob:']);
  });

  it('says beside the file that it failed, tells the page, and tries again by the same button', async () => {
    const desk = new FileDesk({ 'a.pdf': new Blob(['x']), 'b.pdf': new Blob(['x']) });
    desk.open('a', [withFiles(0, file('a.pdf'), file('b.pdf'))]);
    const thread = await opened(desk);
    const codes: string[] = [];
    thread.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    desk.failure = 'forbidden';
    button(thread, /^b\.pdf/).click();
    await until(() => said(thread).includes('This is not allowed.'), 'failed');
    expect([words(query(thread, 'article li [role=alert]')!), codes]).to.deep.equal([
      'This is not allowed.',
      ['forbidden'],
    ]);
    expect(queryAll(thread, 'article li').findIndex((item) => query(item, '[role=alert]'))).to.equal(1);
    desk.failure = undefined;
    button(thread, /^b\.pdf/).click();
    await until(() => said(thread) === 'Downloaded b.pdf', 'there');
    expect(saved).to.deep.equal(['b.pdf blob:']);
  });

  it('takes away what is said above the composer once a file is asked for, or all of them are', async () => {
    const desk = new FileDesk({ 'a.pdf': new Blob(['x']), 'b.pdf': new Blob(['x']) });
    desk.open('a', [withFiles(0, file('a.pdf'), file('b.pdf'))]);
    desk.refusal = 'network';
    const thread = await opened(desk);
    for (const [name, last] of [
      [/^a\.pdf/, 'a.pdf'],
      ['Download all', 'b.pdf'],
    ] as const) {
      button(thread, 'Close ticket').click();
      await until(() => query(thread, '[part=alert]'), 'the alert');
      const go = desk.wait();
      (await until(() => button(thread, name), 'the button')).click();
      await until(() => said(thread) === 'Downloading a.pdf', 'on its way, and the alert gone');
      go();
      await until(() => said(thread) === `Downloaded ${last}`, 'there');
    }
  });

  it('hands over all files of an entry one after the other; what fails does not stop the rest', async () => {
    const desk = new FileDesk({ a: new Blob(['x']), c: new Blob(['y']) });
    desk.open('a', [
      withFiles(0, ...['a', 'b', 'c'].map((id) => ({ id, name: `${id}.txt` }))),
      withFiles(1, { id: 'a' }),
    ]);
    const thread = await opened(desk);
    await until(() => buttons(thread, 'Download all').length, 'the button');
    expect(buttons(thread, 'Download all').length).to.equal(1);
    button(thread, 'Download all').click();
    await until(() => said(thread).includes('Downloaded c.txt'), 'the last');
    expect([saved, desk.most, said(thread)]).to.deep.equal([
      ['a.txt blob:', 'c.txt blob:'],
      1,
      'This could not be found. | Downloaded c.txt',
    ]);
  });
});
