import { JsonDecodeError } from '../../json/text/decode-error.ts';
import type { JsonNode } from '../../json/text/node.ts';
import { readJson } from '../../json/text/reader.ts';
import type { Declaration, TaggedUnionDeclaration } from '../../json/type.ts';
import type { FormField } from './fields.ts';
import { firstValue, firstVariant, type NamedValues } from './first-values.ts';
import { childOf, type FormPath, nodeAt, withItemMoved, withKey, withNodeAt } from './form-path.ts';
import { arrayNode, nullNode, objectNode, writeDocument } from './json-document.ts';

/** What a reader does in a form. */
export type Edit =
  | { readonly kind: 'set'; readonly path: FormPath; readonly value: JsonNode }
  /** Gives a value to what is null or missing. */
  | { readonly kind: 'give'; readonly field: FormField }
  | { readonly kind: 'null'; readonly path: FormPath }
  | { readonly kind: 'remove'; readonly path: FormPath }
  /** Adds an item to the list at a path. */
  | { readonly kind: 'add'; readonly path: FormPath; readonly of: Declaration }
  | { readonly kind: 'move'; readonly path: FormPath; readonly index: number; readonly by: 1 | -1 }
  /** Adds an entry to the map at a path. */
  | { readonly kind: 'enter'; readonly path: FormPath; readonly of: Declaration }
  | { readonly kind: 'rename'; readonly path: FormPath; readonly from: string; readonly to: string }
  | {
      readonly kind: 'vary';
      readonly path: FormPath;
      readonly union: TaggedUnionDeclaration;
      readonly variant: string;
    };

/**
 * Applies an edit to a request.
 *
 * @param known values to begin with, by the names of their types.
 * @returns the text of the new request, with a line for each value.
 */
export function edited(root: JsonNode, edit: Edit, known: NamedValues): string {
  return writeDocument(apply(root, edit, known));
}

function apply(root: JsonNode, edit: Edit, known: NamedValues): JsonNode {
  switch (edit.kind) {
    case 'set':
      return withNodeAt(root, edit.path, edit.value);
    case 'give':
      return withNodeAt(root, edit.field.path, firstValue(edit.field.type, known));
    case 'null':
      return withNodeAt(root, edit.path, nullNode);
    case 'remove':
      return withNodeAt(root, edit.path, undefined);
    case 'add': {
      // A list that is empty may be left out.
      const list = nodeAt(root, edit.path);
      const items = list?.kind === 'array' ? list.value : [];
      return withNodeAt(root, edit.path, arrayNode([...items, firstValue(edit.of, known)]));
    }
    case 'move':
      return withItemMoved(root, edit.path, edit.index, edit.by);
    case 'enter': {
      const map = nodeAt(root, edit.path) ?? objectNode([]);
      return withNodeAt(root, edit.path, withNodeAt(map, [newKey(map)], firstValue(edit.of, known)));
    }
    case 'rename':
      return withKey(root, edit.path, edit.from, edit.to);
    case 'vary': {
      const { union, variant } = edit;
      const fields = union.variants.find(({ name }) => name === variant)?.fields ?? null;
      return withNodeAt(root, edit.path, firstVariant(union.tag, variant, fields, known));
    }
  }
}

/** A key that an object does not have. */
function newKey(map: JsonNode): string {
  let key = 'key';
  for (let count = 2; childOf(map, key) !== undefined; count++) key = `key${count}`;
  return key;
}

/**
 * Reads the JSON that was typed for one value.
 *
 * @returns `undefined` if it is none: what is typed is not JSON until its end is typed too.
 */
export function typedJson(text: string): JsonNode | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonDecodeError) return undefined;
    throw error;
  }
}
