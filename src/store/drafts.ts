/** What stays on this device: drafts, replies that are not sent yet, and what the person has seen. Never a secret. */
import type { Identity } from '../model.js';
import type { Drafts, DraftText } from './types.js';

const prefix = 'helpdesk-elements:';
/** 30 days in milliseconds. */
const life = 2_592_000_000;

/** A short mark of a text (cyrb53). It keeps addresses out of storage keys; it is no protection against guessing. */
function mark(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

/** Who somebody is, as one text: two identities are the same person where it is equal. */
export const personOf = ({ email = '', userId = '' }: Identity = {}): string =>
  JSON.stringify([userId, email.trim().toLowerCase()]);

/** One person's place in the browser's storage, or in memory where that is refused. Never throws. */
export class Shelf {
  readonly #storage: Storage | null | undefined;
  readonly #prefix: string;
  /** What the storage would not take. */
  readonly #memory = new Map<string, unknown>();

  /** `storage` null is memory only, undefined the browser's own. Anything of ours that is older than 30 days goes. */
  constructor(desk: string, person: string, storage?: Storage | null) {
    this.#prefix = `${prefix}${mark(desk)}:${mark(person)}:`;
    try {
      this.#storage = storage === undefined ? globalThis.localStorage : storage;
      for (const key of this.#stored(prefix)) if (this.#parse(key) === undefined) this.#storage?.removeItem(key);
      this.#storage?.setItem(prefix, '');
      this.#storage?.removeItem(prefix);
    } catch {
      this.#storage = null;
    }
  }

  /** False where something is kept in memory only. */
  get durable(): boolean {
    return !!this.#storage && !this.#memory.size;
  }

  get(name: string): unknown {
    return this.#memory.get(name) ?? this.#parse(this.#prefix + name);
  }

  /** Keeps a value; undefined removes it. */
  set(name: string, value: unknown): void {
    this.#memory.delete(name);
    try {
      if (!this.#storage) throw 0;
      if (value === undefined) this.#storage.removeItem(this.#prefix + name);
      else this.#storage.setItem(this.#prefix + name, JSON.stringify([Date.now(), value]));
    } catch {
      if (value !== undefined) this.#memory.set(name, value);
    }
  }

  /** Every value whose name begins so. */
  list(start: string): unknown[] {
    const kept = [...this.#memory.keys()].filter((name) => name.startsWith(start));
    try {
      kept.push(...this.#stored(this.#prefix + start).map((key) => key.slice(this.#prefix.length)));
    } catch {
      // As with every read: what cannot be read is not there.
    }
    return [...new Set(kept)].map((name) => this.get(name));
  }

  /** Removes everything of this person at this desk. */
  wipe(): void {
    this.#memory.clear();
    try {
      for (const key of this.#stored(this.#prefix)) this.#storage?.removeItem(key);
    } catch {
      // Storage that was taken away holds nothing of ours that could be reached.
    }
  }

  #stored(start: string): string[] {
    const storage = this.#storage;
    const keys = Array.from({ length: storage?.length ?? 0 }, (_, index) => storage?.key(index) ?? '');
    return keys.filter((key) => key.startsWith(start));
  }

  /** The value under a whole key; undefined for none, for rubbish and for what is too old. */
  #parse(key: string): unknown {
    try {
      const [at, value] = JSON.parse(this.#storage?.getItem(key) ?? '[]') as [number, unknown];
      return Date.now() - at < life ? value : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Drafts on the shelf of whoever is there now. */
export function createDrafts(shelf: () => Shelf): Drafts {
  const set = (key: string, draft?: DraftText) => shelf().set(`draft:${key}`, draft);
  return {
    get durable() {
      return shelf().durable;
    },
    read(key) {
      const draft = shelf().get(`draft:${key}`);
      // Whatever else writes to this storage: only texts come out.
      const texts = Object.entries(draft && typeof draft === 'object' ? draft : {}).filter(
        ([, value]) => typeof value === 'string',
      );
      return texts.length ? (Object.fromEntries(texts) as DraftText) : undefined;
    },
    write: (key, draft) => set(key, Object.values(draft).some(Boolean) ? draft : undefined),
    remove: (key) => set(key),
  };
}
