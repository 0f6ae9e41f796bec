import { encodeStructAfter, encodeValue, type FieldOrder } from './encode-value.ts';
import { type JsonEntry, TextNode, takeEntry } from './text/node.ts';
import { readJson } from './text/reader.ts';
import { refuseValue, reportingPaths } from './text/refusal.ts';
import { compareUtf8 } from './text/utf8.ts';
import { writeNode } from './text/write.ts';
import type { WireInput, WireType } from './type.ts';

/**
 * Writes a value as the reference does (abi/PROTOCOL.md, "JSON on the wire"): no white space, maps and sets sorted by UTF-8 bytes,
 * struct fields as declared, or with `sorted` all keys at every depth by UTF-8 bytes, as a dispatch request has them.
 * Throws `JsonEncodeError` for a value that is not of the type; it names the first such place.
 */
export function encodeJson<T>(type: WireType<T>, value: WireInput<T>, order: FieldOrder): string {
  return reportingPaths(() => encodeValue(type, value, order));
}

/**
 * Writes a dispatch request: the value's object with `_v` added, or in the place of its own `_v`; all keys sorted
 * (abi/PROTOCOL.md, Layer 5). Throws `JsonEncodeError`, of kind `NotAnObject` when the value is written as no object.
 */
export function encodeEnvelope<T>(type: WireType<T>, value: WireInput<T>, version: number): string {
  return reportingPaths(
    () =>
      encodeStructAfter(type, value, '_v', `"_v":${version}`) ??
      withVersion(encodeValue(type, value, 'sorted'), version),
  );
}

/** Puts `_v` among the sorted keys of an object that is written already. */
function withVersion(text: string, version: number): string {
  if (!text.startsWith('{')) return refuseValue('NotAnObject', 'an object', 'another JSON value');
  if (text === '{}') return `{"_v":${version}}`;
  // Mostly `_v` comes before every other key; then it is put in front of the text as it is.
  const [first] = /^\{"[^"\\]*"/.exec(text) ?? [];
  if (first !== undefined && compareUtf8('{"_v"', first) < 0) return `{"_v":${version},${text.slice(1)}`;
  const node = readJson(text);
  if (node.kind !== 'object') return text;
  const { rest } = takeEntry(node, '_v');
  const entry: JsonEntry = { key: '_v', value: new TextNode('integer', version, text, 0) };
  return writeNode(new TextNode('object', [...rest.value, entry], text, 0));
}
