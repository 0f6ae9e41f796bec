import type { JsonNode } from '../../json/text/node.ts';
import type { Declaration, Field } from '../../json/type.ts';
import { decodeFault } from './faults.ts';
import { arrayNode, booleanNode, nullNode, numberNode, objectNode, stringNode } from './json-document.ts';

/** Values of structs and enums, by the names of their types in Rust. */
export type NamedValues = ReadonlyMap<string, JsonNode>;

/**
 * Collects the first value of each struct and enum in a request. A form adds these to lists: a
 * candidate is added as a host knows it, and not as an empty one.
 *
 * @param type of the request.
 * @param into where the values are collected; those that it has stay.
 */
export function collectValues(type: Declaration, node: JsonNode, into: Map<string, JsonNode>): void {
  if (type.kind === 'option' && node.kind !== 'null') collectValues(type.of, node, into);
  if ((type.kind === 'list' || type.kind === 'fixedArray') && node.kind === 'array') {
    for (const item of node.value) collectValues(type.of, item, into);
  }
  if (type.kind === 'map' && node.kind === 'object') {
    for (const { value } of node.value) collectValues(type.of, value, into);
  }
  if (type.kind !== 'struct' && type.kind !== 'taggedUnion') return;
  if (!into.has(type.name)) into.set(type.name, node);
  if (type.kind !== 'struct' || node.kind !== 'object') return;
  for (const { name, type: of } of type.fields) {
    const entry = node.value.find(({ key }) => key === name);
    if (entry !== undefined) collectValues(of, entry.value, into);
  }
}

/**
 * Makes a value of a type to begin with: one that is known by the name of the type, or else the
 * least: no text, 0, null, no items.
 *
 * @param known one that is not of the type is not used: versions of the wire share names.
 */
export function firstValue(type: Declaration, known: NamedValues): JsonNode {
  switch (type.kind) {
    case 'string':
      return stringNode('');
    case 'bool':
      return booleanNode(false);
    case 'integer':
      return numberNode(String(type.minimum > 0 ? type.minimum : 0));
    case 'float':
      return numberNode('0');
    case 'stringEnum':
      return stringNode(type.values[0] ?? '');
    case 'struct':
      return knownValue(type, type.name, known) ?? objectNode(firstFields(type.fields, known));
    case 'taggedUnion': {
      const [variant] = type.variants;
      const plain =
        variant === undefined ? objectNode([]) : firstVariant(type.tag, variant.name, variant.fields, known);
      return knownValue(type, type.name, known) ?? plain;
    }
    case 'fixedArray':
      return arrayNode(Array.from({ length: type.length }, () => firstValue(type.of, known)));
    case 'list':
    case 'set':
      return arrayNode([]);
    case 'map':
    case 'opaqueObject':
      return objectNode([]);
    case 'option':
    case 'opaque':
      return nullNode;
  }
}

/** Makes a value of one variant of a union. */
export function firstVariant(
  tag: string,
  variant: string,
  fields: readonly Field[] | null,
  known: NamedValues,
): JsonNode {
  return objectNode([[tag, stringNode(variant)], ...firstFields(fields ?? [], known)]);
}

function firstFields(fields: readonly Field[], known: NamedValues): (readonly [string, JsonNode])[] {
  return fields
    .filter(({ whenMissing }) => whenMissing !== 'skipped')
    .map(({ name, type }) => [name, firstValue(type, known)] as const);
}

function knownValue(type: Declaration, name: string, known: NamedValues): JsonNode | undefined {
  const value = known.get(name);
  return value !== undefined && decodeFault(type, value) === undefined ? value : undefined;
}
