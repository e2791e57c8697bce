/** What comes in: bodies and parameters, counted, checked against the protocol and cleaned. */
import { safeParse } from 'valibot';
import type { Backend, FileLimits } from '../backends/backend.js';
import type { ReplyDraft, TicketQuery, TicketStatus } from '../model.js';
import type { Subject } from './identity.js';
import { accepts } from './kinds.js';
import { readBody } from './limits.js';
import type { Trace } from './log.js';
import { isTopicId, takesHtml, toFileName } from './policy.js';
import { invalidField, Problem } from './problem.js';
import { listQuery, mostEntries, type Route, type RouteName } from './protocol.js';

/** A request on its way through the relay. */
export interface Way {
  readonly request: Request;
  readonly url: URL;
  readonly name: RouteName;
  readonly id: string;
  readonly attachmentId: string;
  readonly who: Subject;
  /** Names the person to caches, rates and claims. */
  readonly person: string;
  readonly backend: Backend;
  readonly address: string | undefined;
  readonly trace: Trace;
}

/** A draft as it came. */
export interface Draft {
  readonly words: Record<string, unknown>;
  readonly files: File[];
}

/** Limits of bodies: bytes of one with files, and milliseconds without anything more, and in all. */
export interface BodyLimits {
  readonly maxRequest: number;
  readonly stallMs: number;
  readonly totalMs: number;
}

const maxJson = 512 * 1024;
/** Parts of a form: twenty files and the draft. */
const mostParts = 21;

/** The same object without what is undefined. */
export const optional = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const nameOf = (key: unknown): string => (typeof key === 'string' ? key.slice(0, 64) : 'body');

const isLong = (inner: unknown): boolean =>
  typeof inner === 'object' && (Array.isArray(inner) ? inner : Object.keys(inner ?? {})).length > mostEntries;

/** What a schema makes of a value. Throws `invalid` with the fields that are wrong. */
export function check<T extends Record<string, unknown>>(schema: Parameters<typeof safeParse>[0], value: unknown): T {
  // Or the schema would say of each of a hundred thousand what is wrong with it.
  const long = Object.entries(value ?? {}).find(([, inner]) => isLong(inner));
  if (long) throw new Problem('invalid', { fields: { [nameOf(long[0])]: 'This is too large.' } });
  const result = safeParse(schema, value);
  if (result.success) return result.output as T;
  const fields = result.issues.map(({ path, input: given }): [string, string] => [
    nameOf(path?.[0]?.key),
    given === undefined || given === '' || (typeof given === 'string' && !given.trim())
      ? 'This field is required.'
      : typeof given === 'string' && given.length > 400
        ? 'This is too large.'
        : 'This is not valid.',
  ]);
  throw new Problem('invalid', { fields: Object.fromEntries(fields) });
}

/**
 * A message as it goes on: text as it is, HTML without what could do harm, and as text where the back end would keep its
 * tags as words. What is stored is then what is looked for by its words.
 */
export async function toWords(
  { message, format }: ReplyDraft,
  { name }: Backend,
): Promise<Pick<ReplyDraft, 'message' | 'format'>> {
  if (format !== 'html') return optional({ message, format: format! });
  const { cleanHtml } = await import('./html.js');
  const { html, text } = cleanHtml(message);
  if (!text.trim()) throw new Problem('invalid', { fields: { message: 'This field is required.' } });
  return html !== undefined && takesHtml(name) ? { message: html, format } : { message: text };
}

/** Names beyond the known ones, and names that come twice, are refused: who asks is not said there. */
export function checkParameters({ searchParams }: URL, { query }: Route): void {
  const names = [...searchParams.keys()];
  const wrong = names.filter((name, at) => names.indexOf(name) < at || !Object.hasOwn(query?.entries ?? {}, name));
  if (wrong.length) throw invalidField(...wrong.map((name) => name.slice(0, 64)));
}

function parse(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Said below.
  }
  if (!value || typeof value !== 'object' || Array.isArray(value)) throw new Problem('invalid');
  return value;
}

async function read({ request, trace }: Way, most: number, { stallMs, totalMs }: BodyLimits): Promise<Uint8Array> {
  const bytes = await readBody(request, most, stallMs, totalMs);
  trace.received = bytes.length;
  return bytes;
}

/** A body of JSON, which must say that it is. */
export async function readJson(way: Way, limits: BodyLimits): Promise<unknown> {
  if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(way.request.headers.get('content-type') ?? ''))
    throw new Problem('invalid', { status: 415 });
  return parse(await read(way, maxJson, limits));
}

/** What stands between the parts of a form. */
const boundaryPattern = /;\s*boundary=(?:"([\w'()+,./:=?-]{1,70})"|([\w'+.-]{1,70})(?=\s*(?:;|$)))/i;

/**
 * A form, of no more parts than it may have: they are counted before any is made. `invalid` where it is none.
 * @param type The request's `Content-Type`.
 */
async function toForm(bytes: Uint8Array, type: string): Promise<FormData> {
  const [, quoted, plain] = boundaryPattern.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw new Problem('invalid');
  // One before each part, and one at the end. Not every runtime wants lines of them.
  if (countOf(bytes, `--${boundary}`, mostParts + 2) > mostParts + 1)
    throw new Problem('too-large', { fields: { files: 'This is too large.' } });
  // Whatever else is said of its type, it is read by what was counted.
  const headers = { 'Content-Type': `multipart/form-data; boundary="${boundary}"` };
  try {
    return await new Response(bytes as Uint8Array<ArrayBuffer>, { headers }).formData();
  } catch {
    throw new Problem('invalid');
  }
}

/** How often these words are there, `most` at most. Each byte is looked at once, however the words repeat themselves. */
function countOf(bytes: Uint8Array, words: string, most: number): number {
  const signs = new TextEncoder().encode(words);
  // How many of the signs before still fit where one does not (Knuth, Morris and Pratt).
  const kept = [0];
  for (let at = 1, fit = 0; at < signs.length; at++) {
    while (fit && signs[at] !== signs[fit]) fit = kept[fit - 1]!;
    if (signs[at] === signs[fit]) fit++;
    kept.push(fit);
  }
  let count = 0;
  for (let at = 0, fit = 0; at < bytes.length && count < most; at++) {
    while (fit && bytes[at] !== signs[fit]) fit = kept[fit - 1]!;
    if (bytes[at] === signs[fit]) fit++;
    if (fit < signs.length) continue;
    count++;
    fit = 0;
  }
  return count;
}

/** JSON, or a form with `draft` and `files`, where files are taken at all. */
export async function readDraft(way: Way, limits: BodyLimits, taken: FileLimits | undefined): Promise<Draft> {
  const type = way.request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type))
    return { words: (await readJson(way, limits)) as Draft['words'], files: [] };
  const bytes = await read(way, taken ? limits.maxRequest : maxJson, limits);
  const form = await toForm(bytes, type);
  const parts = [...form.entries()];
  const drafts = form.getAll('draft');
  const others = parts.find(([name]) => name !== 'draft' && name !== 'files');
  if (others) throw invalidField(others[0].slice(0, 64));
  const [draft] = drafts;
  if (drafts.length !== 1 || draft === undefined) throw invalidField('draft');
  if ((typeof draft === 'string' ? draft.length : draft.size) > maxJson) throw new Problem('too-large');
  const words = parse(
    typeof draft === 'string' ? new TextEncoder().encode(draft) : new Uint8Array(await draft.arrayBuffer()),
  ) as Draft['words'];
  const given = form.getAll('files');
  const attached = given.filter((part) => typeof part !== 'string');
  if (attached.length < given.length) throw invalidField('files');
  if (attached.length && !taken) throw new Problem('unsupported', { fields: { files: 'This is not valid.' } });
  const { maxCount = 0, maxBytes = 0, accept } = taken ?? {};
  if (attached.length > maxCount || attached.some(({ size }) => size > maxBytes))
    throw new Problem('too-large', { fields: { files: 'This is too large.' } });
  const cleaned = attached.map(
    (file) => new File([file], toFileName(file.name), { type: /^[\w.+-]+\/[\w.+-]+/.exec(file.type)?.[0] ?? '' }),
  );
  const fine = await Promise.all(cleaned.map((file) => accepts(accept, file)));
  if (fine.includes(false)) throw invalidField('files');
  return { words, files: cleaned };
}

/** What a list is asked for. */
export function toQuery({ url, who, backend }: Way): TicketQuery & { limit: number; cursor?: string } {
  const query = check<Record<string, string>>(listQuery, Object.fromEntries(url.searchParams));
  const scope = query['scope'] as TicketQuery['scope'];
  if (scope && scope !== 'mine' && who.role !== 'agent') throw new Problem('forbidden');
  const { topic } = query;
  if (topic !== undefined && !isTopicId(backend.name, topic)) throw invalidField('topic');
  return optional({
    status: query['status'] as TicketStatus,
    topicId: topic!,
    search: query['search']?.slice(0, 200) as string,
    scope: scope!,
    cursor: query['cursor']!,
    limit: Math.min(Number(query['limit'] ?? 25), 100),
  });
}

/** The back end's own cursor, and how many of its page were shown already. */
export function toCursor(cursor?: string): [upstream: string | undefined, skip: number] {
  if (cursor === undefined) return [undefined, 0];
  try {
    const [upstream, skip] = JSON.parse(atob(cursor.replace(/-/g, '+').replace(/_/g, '/'))) as unknown[];
    if (
      (upstream === null || (typeof upstream === 'string' && /^[\w.:=-]{1,200}$/.test(upstream))) &&
      Number.isSafeInteger(skip)
    )
      return [upstream ?? undefined, Math.max(0, skip as number)];
  } catch {
    // Said below.
  }
  throw invalidField('cursor');
}

/** The cursor that a page is given. */
export const fromCursor = (upstream: string | undefined, skip: number): string =>
  btoa(JSON.stringify([upstream ?? null, skip])).replace(/[+/=]/g, (sign) => ({ '+': '-', '/': '_' })[sign] ?? '');
