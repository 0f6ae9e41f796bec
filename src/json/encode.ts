import { encodeValue, encodeVersioned, type FieldOrder } from './encode-value.ts';
import { type JsonEntry, TextNode, takeEntry } from './text/node.ts';
import { readJson } from './text/reader.ts';
import { refuseValue, reportingPaths } from './text/refusal.ts';
import { writeNode } from './text/write.ts';
import type { WireInput, WireType } from './type.ts';

/**
 * Writes a value as the reference does (abi/PROTOCOL.md, "JSON on the wire"): without white space,
 * and with maps and sets sorted by UTF-8 bytes.
 *
 * @param order `declared`: struct fields as declared. `sorted`: all keys at every depth sorted by
 * UTF-8 bytes, as in a dispatch request.
 * @throws JsonEncodeError that names the first place where the value is not of the type.
 */
export function encodeJson<T>(type: WireType<T>, value: WireInput<T>, order: FieldOrder): string {
  return reportingPaths(() => encodeValue(type, value, order));
}

/**
 * Writes a dispatch request: the value's object with `_v`, which replaces a `_v` of its own, and
 * all keys sorted (abi/PROTOCOL.md, Layer 5).
 *
 * @param version the value of `_v`.
 * @throws JsonEncodeError if the value is not of the type; its kind is `NotAnObject` if the type is
 * not written as an object.
 */
export function encodeEnvelope<T>(type: WireType<T>, value: WireInput<T>, version: number): string {
  return reportingPaths(
    () => encodeVersioned(type, value, version) ?? withVersion(encodeValue(type, value, 'sorted'), version),
  );
}

/** Inserts `_v` among the sorted keys of an object that is already written. */
function withVersion(text: string, version: number): string {
  if (!text.startsWith('{')) return refuseValue('NotAnObject', 'an object', 'another JSON value');
  if (text === '{}') return `{"_v":${version}}`;
  const node = readJson(text);
  if (node.kind !== 'object') return text;
  const { rest } = takeEntry(node, '_v');
  const entry: JsonEntry = { key: '_v', value: new TextNode('integer', version, text, 0) };
  return writeNode(new TextNode('object', [...rest.value, entry], text, 0));
}
