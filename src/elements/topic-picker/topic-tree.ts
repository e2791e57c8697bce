import type { Topic } from '../../model.js';

/** A topic at its place in the hierarchy. */
export interface TopicRow {
  readonly id: string;
  /** Own name, without its parents'. */
  readonly leaf: string;
  /** Names of the parents, each followed by ` / `; empty at the top. */
  readonly before: string;
  /** One wide space for each parent. */
  readonly indent: string;
  /** Whole path as `fold` makes it. */
  readonly key: string;
}

interface Node {
  readonly id: string;
  readonly name: string;
  readonly children: Node[];
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
export function toRows(topics: readonly Topic[] | undefined): TopicRow[] {
  const ids = new Map<string, Node>();
  const names = new Map<string, Node>();
  // What comes from an attribute may hold anything: no list, numbers as ids, names left out.
  const given: readonly Topic[] = Array.isArray(topics) ? topics : [];
  const known = given.filter(Boolean).map((topic) => {
    const id = `${topic.id}`;
    const node: Node = { id, name: `${topic.name ?? id}`, children: [] };
    ids.set(id, node);
    names.set(node.name, node);
    return [node, `${topic.parentId}`] as const;
  });
  const top: Node[] = [];
  for (const [node, parentId] of known) {
    let parent = ids.get(parentId);
    for (let cut = node.name.length; !parent && (cut = node.name.lastIndexOf(separator, cut - 1)) > 0;) {
      parent = names.get(node.name.slice(0, cut));
    }
    (parent?.children ?? top).push(node);
  }
  const rows = new Map<Node, TopicRow>();
  const add = (nodes: readonly Node[], before: string, indent: string): void => {
    for (const node of nodes) {
      if (rows.has(node)) continue;
      const { id, name, children } = node;
      const leaf = name.startsWith(before) ? name.slice(before.length) : name;
      const path = before + leaf;
      rows.set(node, { id, leaf, before, indent, key: fold(path) });
      add(children, path + separator, `${indent}\u2003`);
    }
  };
  add(top, '', '');
  // Parents that name each other in a circle have no top: shown nevertheless.
  for (const [node] of known) add([node], '', '');
  return [...rows.values()];
}
