import type { Encode, FieldOrder } from './encoders/encoder.ts';
import { Refusal } from './text/refusal.ts';
import { compareUtf8 } from './text/utf8.ts';
import type { Declaration } from './type.ts';

export type { FieldOrder } from './encoders/encoder.ts';

/** The encoders of whole values, and of structs whose object has begun with `_v`. */
const encoders: Readonly<Record<FieldOrder | 'versioned', WeakMap<Declaration, Encode>>> = {
  declared: new WeakMap(),
  sorted: new WeakMap(),
  versioned: new WeakMap(),
};

/** Writes one value of a declared type. Throws a `Refusal` if the value is not of the type. */
export function encodeValue(type: Declaration, value: unknown, order: FieldOrder): string {
  let encode = encoders[order].get(type);
  if (encode === undefined) {
    encode = type.encoder('', order);
    encoders[order].set(type, encode);
  }
  return write(encode, '', value);
}

/**
 * Writes a struct with sorted fields and the member `_v`, which comes first.
 *
 * @param version the value of `_v`.
 * @returns `undefined`, and reads nothing of the value, if the type is not a struct or one of its
 * fields does not sort after `_v`.
 */
export function encodeVersioned(type: Declaration, value: unknown, version: number): string | undefined {
  let encode = encoders.versioned.get(type);
  if (encode === undefined) {
    if (type.kind !== 'struct' || !type.fields.every(({ name }) => compareUtf8('_v', name) < 0)) return undefined;
    encode = type.encoder(undefined, 'sorted');
    encoders.versioned.set(type, encode);
  }
  return write(encode, `{"_v":${version}`, value);
}

function write(encode: Encode, text: string, value: unknown): string {
  return writeUnchecked(encode, text, value) ?? encode(text, value, undefined);
}

function writeUnchecked(encode: Encode, text: string, value: unknown): string | undefined {
  const unchecked: string[] = [];
  try {
    const written = encode(text, value, unchecked);
    return arePlain(unchecked) ? written : undefined;
  } catch (thrown) {
    // An earlier string may have to be refused.
    if (thrown instanceof Refusal) return undefined;
    throw thrown;
  }
}

/**
 * Whether strings are written as they are. An engine writes an array of strings several times as
 * fast as one by one, and each escape makes the text longer.
 */
function arePlain(strings: readonly string[]): boolean {
  let length = strings.length === 0 ? '[]'.length : '['.length;
  for (const text of strings) length += text.length + '"",'.length;
  return JSON.stringify(strings).length === length;
}
