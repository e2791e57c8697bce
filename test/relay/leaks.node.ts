/** That the search for what must not leave relays would find it. */
import { expect } from 'chai';
import type { LogLine } from '../../src/relay/index.js';
import { beyond, key, planted } from './leaks.js';
import { createScanner } from './scanner.js';

const scan = createScanner(...planted);
const bytes = Buffer.from(key);
const hexOf = (text: string, before: string): string =>
  [...text].map((sign) => before + sign.charCodeAt(0).toString(16).padStart(2, '0')).join('');

/** The key as it might leave, and the coding that is to be named. */
const forms: readonly (readonly [coding: string, text: string])[] = [
  ['plain', key],
  ['plain', `X-API-Key: ${key}`],
  ['plain', key.toUpperCase()],
  // Cut off, or with its end hidden.
  ['plain', `${key.slice(0, 17)}…`],
  ['URL-encoded', encodeURIComponent(key).replace(/-/g, '%2D')],
  ['URL-encoded', hexOf(key, '%')],
  ['URL-encoded', encodeURIComponent(hexOf(key, '%'))],
  ['JSON-escaped', hexOf(key, '\\u00')],
  ['JSON-escaped', JSON.stringify(hexOf(key, '\\u00'))],
  ['JSON-escaped', hexOf(key, '\\x')],
  ['HTML-escaped', [...key].map((sign) => `&#${sign.charCodeAt(0)};`).join('')],
  ['HTML-escaped', [...key].map((sign) => `&#x${sign.charCodeAt(0).toString(16)};`).join('')],
  ['UTF-16', Buffer.from(key, 'utf16le').toString('latin1')],
  ['UTF-16', Buffer.from(key, 'utf16le').swap16().toString('latin1')],
  ['reversed', [...key].reverse().join('')],
  ['hex', bytes.toString('hex')],
  ['hex', bytes.toString('hex').toUpperCase()],
  ['hex', hexOf(key, ':')],
  ['hex', hexOf(key, ' ')],
  ...['', 'a', 'ab', 'abc', 'abcd'].flatMap((before) => {
    const all = Buffer.from(`${before}${key}${before} and more`);
    return [
      ['base64', all.toString('base64')],
      ['base64', all.toString('base64url')],
      ['base64', encodeURIComponent(all.toString('base64'))],
      ['base64', all.toString('base64').replace(/.{10}/g, '$&\r\n')],
    ] as const;
  }),
];

describe('the search for what must not leave', () => {
  for (const [at, [coding, text]] of forms.entries())
    it(`finds the key: ${coding}, ${at}`, () => {
      expect(scan(`{"before": 1, "x": ${text}, "after": 2}`)).to.include(coding);
    });

  it('tells which codings it knows', () => {
    expect(new Set(forms.map(([coding]) => coding)).size).to.equal(8);
  });

  it('finds nothing where nothing is', () => {
    for (const text of ['', 'planted', 'KEY-3f9a', '%41%zz%', '\\u00', '&#x;', '\0\0', 'cGxhbnRlZC'])
      expect(scan(text), text).to.deep.equal([]);
  });

  it('finds each secret of the host', () => {
    for (const secret of planted) expect(scan(`<p>${encodeURIComponent(secret)}</p>`)).to.have.lengthOf.at.least(1);
  });

  it('lets a log line say what it may and nothing else', () => {
    const line: LogLine = {
      time: '2026-11-22T08:00:00.000Z',
      id: '0b9f1f0e-7d0c-4a41-9b52-0a0a0a0a0a0a',
      route: 'reply',
      method: 'POST',
      status: 503,
      code: 'unavailable',
      upstream: 'network',
      ms: 3,
      received: 10,
      sent: 100,
      subject: '0123456789abcdef',
    };
    expect(beyond(line)).to.deep.equal([]);
    for (const [name, value] of [
      ['method', 'JANE'],
      ['route', '/v1/tickets/309214'],
      ['code', 'jane@example.test'],
      ['upstream', 'Valid API key required'],
      ['subject', 'jane@example.test'],
      ['subject', 'Printer on fire'],
      ['id', 'eyJhbGciOiJIUzI1NiJ9.e30.x'],
      ['ms', '3'],
      ['email', 'x'],
      ['body', ''],
      ['toString', 1],
    ] as const)
      expect(beyond({ ...line, [name]: value })).to.deep.equal([`${name}: ${JSON.stringify(value)}`]);
  });
});
