import type { Topic } from '../../model.js';

/** A topic at its place in the hierarchy. */
export interface TopicRow {
  readonly id: string;
  /** Own name, without its parents'. */
  readonly leaf: string;
  /** Names of the parents, each followed by ` / `; empty at the top. */
  readonly before: string;
  /** 0 at the top. */
  readonly level: number;
  /** Whole path as `fold` makes it. */
  readonly key: string;
}

const separator = ' / ';

/** Text without case and accents, to search in. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * The topics with every child under its parent, else in their own order. A parent is named by `parentId`, or is the
 * topic whose name is the longest beginning of the child's before ` / `: a name may hold ` / ` without having a parent.
 */
export function toRows(topics: readonly Topic[]): TopicRow[] {
  // What comes from an attribute may hold anything: numbers as ids, names left out.
  const given = topics
    .filter(Boolean)
    .map(({ id, name, parentId }) => ({ id: `${id}`, name: `${name ?? id}`, parentId }));
  const ids = new Map(given.map((topic) => [topic.id, topic]));
  const names = new Map(given.map((topic) => [topic.name, topic]));
  const children = new Map<unknown, typeof given>();
  for (const topic of given) {
    const { name, parentId } = topic;
    let parent = ids.get(`${parentId ?? ''}`);
    for (let cut = name.lastIndexOf(separator); !parent && cut > 0; cut = name.lastIndexOf(separator, cut - 1)) {
      parent = names.get(name.slice(0, cut));
    }
    children.set(parent, [...(children.get(parent) ?? []), topic]);
  }
  const rows: TopicRow[] = [];
  const seen = new Set<unknown>();
  const add = (list: typeof given = [], before = '', level = 0): void => {
    for (const topic of list) {
      if (seen.has(topic)) continue;
      seen.add(topic);
      const { id, name } = topic;
      const leaf = name.startsWith(before) ? name.slice(before.length) : name;
      rows.push({ id, leaf, before, level, key: fold(before + leaf) });
      add(children.get(topic), before + leaf + separator, level + 1);
    }
  };
  add(children.get(undefined));
  // Parents that name each other in a circle have no top: shown nevertheless.
  add(given);
  return rows;
}
