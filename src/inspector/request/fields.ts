import { decodeBase64, encodeBase64 } from '../../base64.ts';
import { formatCount } from '../../digits.ts';
import { string } from '../../json/declare.ts';
import type { JsonNode, ObjectNode } from '../../json/text/node.ts';
import { decodeUtf8 } from '../../json/text/utf8.ts';
import type { Declaration, Field, TaggedUnionDeclaration } from '../../json/type.ts';
import { childOf, type FormPath, pathText } from './form-path.ts';
import { arrayNode, numberToken, objectNode, stringNode, writeDocument } from './json-document.ts';

/** What a form shows of one request at most. The text has all of it. */
export const SHOWN_MAX = {
  /** Items of one list or map. */
  items: 50,
  /** Fields of the whole form. */
  fields: 1_000,
  /** Characters of one text, or of the JSON of one value. */
  characters: 10_000,
} as const;

/** What a field is edited with. */
export type Control =
  | { readonly kind: 'text'; readonly value: string }
  /** `text` is missing if the bytes are not UTF-8; `base64` is what the JSON has. */
  | { readonly kind: 'bytes'; readonly base64: string; readonly text?: string }
  /** `token` is what was typed, also if that is not a number. */
  | { readonly kind: 'number'; readonly token: string; readonly range: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `value` may be none of the values. */
  | { readonly kind: 'choice'; readonly value: string; readonly values: readonly string[] }
  | { readonly kind: 'fields'; readonly fields: readonly FormField[] }
  | {
      readonly kind: 'variant';
      readonly union: TaggedUnionDeclaration;
      readonly value: string;
      readonly fields: readonly FormField[];
    }
  /** `hidden` is how many items are not shown. A fixed array neither grows nor shrinks. */
  | {
      readonly kind: 'items';
      readonly of: Declaration;
      readonly items: readonly FormField[];
      readonly hidden: number;
      readonly isFixed: boolean;
    }
  | {
      readonly kind: 'entries';
      readonly of: Declaration;
      readonly entries: readonly FormField[];
      readonly hidden: number;
    }
  /** JSON that the protocol passes on unread. */
  | { readonly kind: 'json'; readonly text: string }
  /** The value cannot be edited here: it is of another type, or too long. */
  | { readonly kind: 'other'; readonly what: string };

/** One field of a form, as a request has it. */
export interface FormField {
  readonly path: FormPath;
  /** {@link path} as errors name it. */
  readonly pathText: string;
  /** What it is called: a field's name, a key, or `[0]`. */
  readonly label: string;
  /** Its type: `u64`, `string or null`, `list of HeaderWire`. */
  readonly typeName: string;
  /** Its type, for a value to begin with. */
  readonly type: Declaration;
  /** Whether null may stand for the value. */
  readonly isOptional: boolean;
  /**
   * `missing` if the request lacks the field, and may not; `null` also for a field that is left
   * out and means null.
   */
  readonly state: 'given' | 'null' | 'missing';
  /** Missing unless {@link state} is `given`. */
  readonly control?: Control;
}

/** How many fields may still be shown. */
interface Room {
  left: number;
}

/**
 * Makes the form of a request.
 *
 * @param type of the request.
 * @param node its value, which need not be of the type.
 */
export function formOf(type: Declaration, node: JsonNode): FormField {
  return fieldAt([], 'request', type, node, false, { left: SHOWN_MAX.fields });
}

function fieldAt(
  path: FormPath,
  label: string,
  declared: Declaration,
  node: JsonNode | undefined,
  mayBeNull: boolean,
  room: Room,
): FormField {
  const type = declared.kind === 'option' ? declared.of : declared;
  const isOptional = mayBeNull || declared.kind === 'option';
  room.left--;
  const facts = { path, pathText: pathText(path), label, typeName: nameOf(declared), type, isOptional };
  if (node === undefined) return { ...facts, state: isOptional ? 'null' : 'missing' };
  if (node.kind === 'null' && isOptional) return { ...facts, state: 'null' };
  return { ...facts, state: 'given', control: controlOf(type, node, path, label, room) };
}

function controlOf(type: Declaration, node: JsonNode, path: FormPath, label: string, room: Room): Control {
  switch (type.kind) {
    case 'string':
      return node.kind === 'string' ? textControl(node.value, label.endsWith('_base64')) : otherControl(node);
    case 'bool':
      return node.kind === 'boolean' ? { kind: 'boolean', value: node.value } : otherControl(node);
    case 'integer':
      return numberControl(node, `${type.minimum} to ${type.maximum}`);
    case 'float':
      return numberControl(node, type.name);
    case 'stringEnum':
      return node.kind === 'string' ? { kind: 'choice', value: node.value, values: type.values } : otherControl(node);
    case 'struct':
      return node.kind === 'object'
        ? { kind: 'fields', fields: fieldsOf(type.fields, node, path, room) }
        : otherControl(node);
    case 'taggedUnion':
      return variantControl(type, node, path, room);
    case 'list':
    case 'fixedArray':
      return itemsControl(type.of, node, path, room, type.kind === 'fixedArray');
    case 'set':
      return itemsControl(string, node, path, room, false);
    case 'map':
      return entriesControl(type.of, node, path, room);
    case 'opaque':
    case 'opaqueObject':
      return jsonControl(node);
    case 'option':
      return otherControl(node);
  }
}

function textControl(value: string, isBytes: boolean): Control {
  if (value.length > SHOWN_MAX.characters) return tooLongToEdit(value.length);
  if (!isBytes) return { kind: 'text', value };
  const bytes = decodeBase64(value);
  if (bytes === undefined) return { kind: 'bytes', base64: value };
  const text = textOf(bytes);
  return text === undefined ? { kind: 'bytes', base64: value } : { kind: 'bytes', base64: value, text };
}

/** The bytes as a text that a text field can show and give back as it is. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = decodeUtf8(bytes);
    // A text field has only line feeds, and browsers do not show most other control characters.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    return /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    // Bytes that are not UTF-8 are edited as base64.
    return undefined;
  }
}

/** Makes the base64 of a text that was typed for bytes. */
export function bytesOfText(text: string): string {
  return encodeBase64(new TextEncoder().encode(text));
}

function numberControl(node: JsonNode, range: string): Control {
  if (node.kind === 'integer' || node.kind === 'float') return { kind: 'number', token: numberToken(node), range };
  // What was typed and is not a number is a string in the text.
  return node.kind === 'string' && node.value.length < SHOWN_MAX.characters
    ? { kind: 'number', token: node.value, range }
    : otherControl(node);
}

function fieldsOf(fields: readonly Field[], node: ObjectNode, path: FormPath, room: Room): FormField[] {
  return fields.map(({ name, type, whenMissing }) =>
    fieldAt([...path, name], name, type, fieldValue(node, name, type, whenMissing), whenMissing === 'skipped', room),
  );
}

/** The value of a field; of one that is empty when it is missing, that. */
function fieldValue(
  node: ObjectNode,
  name: string,
  type: Declaration,
  whenMissing: Field['whenMissing'],
): JsonNode | undefined {
  const value = childOf(node, name);
  return value === undefined && whenMissing === 'empty' ? emptyOf(type) : value;
}

/** The empty string, list or map: only such fields are empty when they are missing. */
function emptyOf(type: Declaration): JsonNode {
  if (type.kind === 'string') return stringNode('');
  return type.kind === 'map' ? objectNode([]) : arrayNode([]);
}

function variantControl(union: TaggedUnionDeclaration, node: JsonNode, path: FormPath, room: Room): Control {
  const tag = childOf(node, union.tag);
  if (node.kind !== 'object' || (tag !== undefined && tag.kind !== 'string')) return otherControl(node);
  const value = tag?.value ?? '';
  const variant = union.variants.find(({ name }) => name === value);
  return { kind: 'variant', union, value, fields: fieldsOf(variant?.fields ?? [], node, path, room) };
}

function itemsControl(of: Declaration, node: JsonNode, path: FormPath, room: Room, isFixed: boolean): Control {
  if (node.kind !== 'array') return otherControl(node);
  const items = shown(node.value, room, (item, index) =>
    fieldAt([...path, index], `[${index}]`, of, item, false, room),
  );
  return { kind: 'items', of, items, hidden: node.value.length - items.length, isFixed };
}

function entriesControl(of: Declaration, node: JsonNode, path: FormPath, room: Room): Control {
  if (node.kind !== 'object') return otherControl(node);
  const keys = [...new Set(node.value.map(({ key }) => key))];
  const entries = shown(keys, room, (key) => fieldAt([...path, key], key, of, childOf(node, key), false, room));
  return { kind: 'entries', of, entries, hidden: keys.length - entries.length };
}

/** Shows the first parts, as many as there is room for. */
function shown<T>(parts: readonly T[], room: Room, show: (part: T, index: number) => FormField): FormField[] {
  const fields: FormField[] = [];
  for (const [index, part] of parts.slice(0, SHOWN_MAX.items).entries()) {
    if (room.left <= 0) break;
    fields.push(show(part, index));
  }
  return fields;
}

function jsonControl(node: JsonNode): Control {
  const text = writeDocument(node);
  return text.length > SHOWN_MAX.characters ? tooLongToEdit(text.length) : { kind: 'json', text };
}

const FOUND: Readonly<Record<JsonNode['kind'], string>> = {
  null: 'null',
  boolean: 'a boolean',
  integer: 'a number',
  float: 'a number',
  string: 'a string',
  array: 'an array',
  object: 'an object',
};

function otherControl(node: JsonNode): Control {
  return { kind: 'other', what: `The text has ${FOUND[node.kind]} here.` };
}

function tooLongToEdit(characters: number): Control {
  return { kind: 'other', what: `This value has ${formatCount(characters)} characters: edit it in the text.` };
}

/** The name of a type, as the protocol writes it. */
function nameOf(type: Declaration): string {
  switch (type.kind) {
    case 'integer':
    case 'float':
    case 'struct':
    case 'taggedUnion':
    case 'stringEnum':
      return type.name;
    case 'option':
      return `${nameOf(type.of)} or null`;
    case 'list':
      return `list of ${nameOf(type.of)}`;
    case 'fixedArray':
      return `${type.length} of ${nameOf(type.of)}`;
    case 'map':
      return `map of ${nameOf(type.of)}`;
    case 'set':
      return 'set of strings';
    case 'opaque':
      return 'any JSON';
    case 'opaqueObject':
      return 'any JSON object';
    case 'bool':
    case 'string':
      return type.kind;
  }
}
