import { keyStep } from '../../json/text/names.ts';
import type { JsonEntry, JsonNode } from '../../json/text/node.ts';
import { TextNode } from '../../json/text/node.ts';

/** The way from the root of a document to a value: keys of objects, and indices of arrays. */
export type FormPath = readonly (string | number)[];

/** Writes a path as errors do: `$.candidates[0].name`. */
export function pathText(path: FormPath): string {
  return `$${path.map((step) => (typeof step === 'number' ? `[${step}]` : keyStep(step))).join('')}`;
}

/** Finds the value at a path; of a repeated key the last. `undefined` if there is none. */
export function nodeAt(root: JsonNode, path: FormPath): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>((node, step) => node && childOf(node, step), root);
}

/** Finds a part of an array or object; of a repeated key the last. */
export function childOf(node: JsonNode, step: string | number): JsonNode | undefined {
  if (typeof step === 'number') return node.kind === 'array' ? node.value[step] : undefined;
  return node.kind === 'object' ? node.value.findLast(({ key }) => key === step)?.value : undefined;
}

/**
 * Puts a value at a path. A key that its object lacks is added at the end. A repeated key stays
 * once, in its first place.
 *
 * @param value what replaces the value; `undefined` removes it.
 * @returns the new root. If the path leads through a value that has no such part, the root is
 * returned as it is.
 */
export function withNodeAt(root: JsonNode, path: FormPath, value: JsonNode | undefined): JsonNode {
  const [step, ...rest] = path;
  if (step === undefined) return value ?? root;
  const child = childOf(root, step);
  if (rest.length === 0) return withPart(root, step, value);
  const changed = child && withNodeAt(child, rest, value);
  return changed === child ? root : withPart(root, step, changed);
}

function withPart(node: JsonNode, step: string | number, value: JsonNode | undefined): JsonNode {
  const { source, start } = node;
  if (node.kind === 'array' && typeof step === 'number') {
    const added = value === undefined ? [] : [value];
    return new TextNode('array', node.value.toSpliced(step, 1, ...added), source, start);
  }
  if (node.kind === 'object' && typeof step === 'string') {
    return new TextNode('object', withEntry(node.value, step, value), source, start);
  }
  return node;
}

function withEntry(entries: readonly JsonEntry[], key: string, value: JsonNode | undefined): JsonEntry[] {
  const first = entries.findIndex((entry) => entry.key === key);
  const others = entries.filter((entry) => entry.key !== key);
  return value === undefined ? others : others.toSpliced(first === -1 ? others.length : first, 0, { key, value });
}

/** Renames a key of an object. A key that the object has already is left as it is. */
export function withKey(root: JsonNode, path: FormPath, from: string, to: string): JsonNode {
  const node = nodeAt(root, path);
  if (node?.kind !== 'object' || node.value.some(({ key }) => key === to)) return root;
  const renamed = node.value.map(({ key, value }) => ({ key: key === from ? to : key, value }));
  return withNodeAt(root, path, new TextNode('object', renamed, node.source, node.start));
}

/** Moves an item of an array by one place; at the end of the array it stays. */
export function withItemMoved(root: JsonNode, path: FormPath, index: number, by: 1 | -1): JsonNode {
  const node = nodeAt(root, path);
  if (node?.kind !== 'array') return root;
  const item = node.value[index];
  const other = node.value[index + by];
  if (item === undefined || other === undefined) return root;
  const items = node.value.with(index, other).with(index + by, item);
  return withNodeAt(root, path, new TextNode('array', items, node.source, node.start));
}
