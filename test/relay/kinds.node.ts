import { expect } from 'chai';
import { accepts } from '../../src/relay/kinds.js';
import { starts } from './pictures.js';

describe('kinds of files', () => {
  it('are refused where name, type and bytes say different things, and only there', async () => {
    const cases: [accept: string, name: string, type: string, bytes: string | Uint8Array, fine: boolean][] = [
      ['image/*', 'evil.html', 'image/png', '<script>1</script>', false],
      ['image/*', 'evil.html', 'image/png', starts.png, false],
      ['image/*', 'evil.png', 'image/png', '<script>1</script>', false],
      ['image/*', 'evil.svg', 'image/png', starts.png, false],
      ['image/*', 'evil.php', 'image/png', starts.png, false],
      ['image/*', 'evil.pdf', 'image/heic', '', false],
      ['.png', 'evil.png', 'text/html', starts.png, false],
      ['.png', 'evil.png', '', '<script>1</script>', false],
      ['.txt', 'evil.txt', 'text/html', '<script>1</script>', false],
      ['text/plain', 'evil.txt', 'text/plain', starts.png, false],
      ['image/png', 'a.png', 'image/png', starts.jpeg, false],
      ['image/*', 'a.bin', 'application/octet-stream', starts.png, false],
      ['image/*', 'evil.php', '', starts.png, false],
      ['image/*', 'a', '', '<script>1</script>', false],
      ...(['png', 'jpeg', 'gif', 'webp'] as const).map((kind): (typeof cases)[number] => [
        'image/*',
        `a.${kind}`,
        `image/${kind}`,
        starts[kind],
        true,
      ]),
      ['image/png,.jpg', 'A.JPG', 'image/jpeg', starts.jpeg, true],
      // Saved by a program that took another kind.
      ['image/*', 'a.jpg', 'image/jpeg', starts.webp, true],
      // As phones send them.
      ['image/*', 'image', '', starts.jpeg, true],
      ['image/*', 'IMG_1.HEIC', 'image/heic', starts.heic, true],
      ['image/*', 'IMG_1.heic', '', starts.heic, true],
      ['image/*', 'IMG_1.heic', 'application/octet-stream', starts.heic, true],
      ['image/*', 'IMG_1.jpg', 'image/jpeg', starts.heic, true],
      ['image/*', 'image', 'image/jpeg', starts.jpeg, true],
      ['image/*', '2026-01-02 12.30.45', 'image/jpeg', starts.jpeg, true],
      ['image/*', 'raw.dng', 'image/x-adobe-dng', 'II*', true],
      // As systems name what they do not know better.
      ['.csv', 'a.csv', 'application/vnd.ms-excel', 'a;b', true],
      ['.csv', 'a.csv', 'text/plain', 'a;b', true],
      ['text/plain', 'a.conf', 'text/plain', 'a=b', true],
      ['.mpo', 'a.mpo', '', starts.jpeg, true],
      ['application/pdf', 'a.pdf', 'application/pdf', '\n%PDF-1.7', true],
      ['', 'a.html', 'image/png', '<script>1</script>', true],
    ];
    const found: unknown[] = [];
    for (const [accept, name, type, bytes] of cases)
      found.push([accept, name, type, bytes, await accepts(accept, new File([bytes as BlobPart], name, { type }))]);
    expect(found).to.deep.equal(cases);
  });
});
