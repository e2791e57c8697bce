/** What stays on this device: drafts, replies that are not sent yet, and what the person has seen. Never a secret. */
import type { Identity } from '../model.js';
import type { Drafts, DraftText } from './types.js';

const prefix = 'helpdesk-elements:';
/** 30 days in milliseconds. */
const life = 2_592_000_000;

/** A short mark of a text. It keeps addresses out of storage keys; it is no protection against guessing. */
export const mark = (text: string): string =>
  [0x811c9dc5, 0x9747b28c]
    .map((hash) => {
      for (const char of text) hash = Math.imul(hash ^ (hash >>> 13) ^ (char.codePointAt(0) ?? 0), 0x5bd1e995);
      return (hash >>> 0).toString(36);
    })
    .join('');

/** Who somebody is, as one text: two identities are the same person where it is equal. */
export const personOf = ({ email = '', userId = '', staff }: Identity = {}): string =>
  JSON.stringify([userId, email.trim().toLowerCase(), ...(staff ? [staff] : [])]);

/** One person's place in the browser's storage, or in memory where that is refused. Never throws. */
export interface Shelf {
  /** False where something is kept in memory only. */
  readonly durable: boolean;
  get(name: string): unknown;
  /** Keeps a value; none removes it. */
  set(name: string, value?: unknown): void;
  /** The names that begin so of everything that is kept. */
  names(start: string): string[];
  /** Gives what was written and not sent to another shelf; its texts take the place of the same ones there. */
  give(to: Shelf): void;
  /** Removes everything of this person at this desk. */
  wipe(): void;
}

/** What the browser's own storage would not take, for as long as the page lives: a desk may be connected anew meanwhile. */
const refused = new Map<string, unknown>();

/** `storage` null is memory only, undefined the browser's own. Anything of ours that is older than 30 days goes. */
export function openShelf(desk: string, person: string, storage?: Storage | null): Shelf {
  const own = `${prefix}${mark(desk)}:${mark(person)}:`;
  /** What the storage would not take. On a server no store has anything of another. */
  const memory = storage === undefined && globalThis.document ? refused : new Map<string, unknown>();

  const keys = (start: string) => {
    const all = [...memory.keys()];
    try {
      for (let at = storage?.length ?? 0; at--;) all.push(storage?.key(at) ?? '');
    } catch {
      // As with every read: what cannot be read is not there.
    }
    return [...new Set(all)].filter((key) => key.startsWith(start));
  };

  /** The value under a whole key; undefined for none, for rubbish and for what is too old. */
  const parse = (key: string): unknown => {
    try {
      const [at, value] = JSON.parse(storage?.getItem(key) ?? '[]') as [number, unknown];
      if (Date.now() - at < life) return value;
    } catch {
      // Rubbish.
    }
  };

  try {
    storage = storage === undefined ? globalThis.localStorage : storage;
    // First, since it may be what fills the storage.
    for (const key of keys(prefix)) if (parse(key) === undefined) storage?.removeItem(key);
    storage?.setItem(prefix, '');
    storage?.removeItem(prefix);
  } catch {
    storage = null;
  }

  const get = (name: string) => memory.get(own + name) ?? parse(own + name);

  const set = (name: string, value?: unknown) => {
    const key = own + name;
    memory.delete(key);
    try {
      if (value === undefined) storage?.removeItem(key);
      else if (storage) storage.setItem(key, JSON.stringify([Date.now(), value]));
      else memory.set(key, value);
    } catch {
      if (value !== undefined) memory.set(key, value);
    }
  };

  const names = (start: string) => keys(own + start).map((key) => key.slice(own.length));

  return {
    get durable() {
      return !!storage && ![...memory.keys()].some((key) => key.startsWith(own));
    },
    get,
    set,
    names,
    give(to) {
      for (const name of names('draft:')) {
        to.set(name, { ...(to.get(name) as DraftText), ...(get(name) as DraftText) });
        set(name);
      }
    },
    wipe() {
      for (const name of names('')) set(name);
    },
  };
}

/** Removes what anybody has left at this desk on this device. */
export function forget(desk: string): void {
  const start = `${prefix}${mark(desk)}:`;
  for (const key of refused.keys()) if (key.startsWith(start)) refused.delete(key);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(start)) localStorage.removeItem(key);
  } catch {
    // Nothing is kept where it cannot be read.
  }
}

/** Drafts on the shelf of whoever is there now. `onWrite` hears of each that is kept. */
export function createDrafts(shelf: () => Shelf, onWrite: () => void): Drafts {
  const set = (key: string, draft?: DraftText) => shelf().set(`draft:${key}`, draft);
  return {
    get durable() {
      return shelf().durable;
    },
    read(key) {
      const draft = shelf().get(`draft:${key}`);
      // Whatever else writes to this storage: only texts come out.
      const texts = Object.entries((typeof draft === 'object' && draft) || {}).filter(
        ([, value]) => typeof value === 'string',
      );
      return texts.length ? Object.fromEntries(texts) : undefined;
    },
    write(key, draft) {
      set(key, Object.values(draft).some(Boolean) ? draft : undefined);
      onWrite();
    },
    remove: (key) => set(key),
  };
}
