import { encodeValue, encodeVersioned, type FieldOrder } from './encode-value.ts';
import type { JsonEntry } from './text/node.ts';
import { readJson } from './text/reader.ts';
import { refuseValue, reportingPaths } from './text/refusal.ts';
import { compareUtf8 } from './text/utf8.ts';
import { quote } from './text/write.ts';
import type { WireInput, WireType } from './type.ts';

const VERSION_KEY = '_v';

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
  const node = text.startsWith('{') ? readJson(text) : undefined;
  if (node?.kind !== 'object') return refuseValue('NotAnObject', 'an object', 'another JSON value');
  const entries = node.value;
  /** Where an entry begins, with its key: no white space was written. */
  const startOf = ({ key, value }: JsonEntry): number => value.start - quote(key).length - 1;
  const next = entries.find(({ key }) => compareUtf8(key, VERSION_KEY) > 0);
  const replaced = entries.find(({ key }) => key === VERSION_KEY);
  const end = text.length - 1;
  const after = next === undefined ? end : startOf(next);
  const before = text.slice(0, replaced === undefined ? after : startOf(replaced));
  const comma = next === undefined && replaced === undefined && entries.length > 0 ? ',' : '';
  return `${before}${comma}"${VERSION_KEY}":${version}${next === undefined ? '' : ','}${text.slice(after)}`;
}
