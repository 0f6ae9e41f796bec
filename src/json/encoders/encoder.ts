/*
 * The encoder of a type is composed of closures when it is first used. Each knows the text that
 * precedes its value, such as `,"name":`, and a struct's knows its fields in the order of writing.
 *
 * Checking each short string for what must be escaped would take longer than everything else. So a
 * value is first written as if no string needed an escape, and all strings are checked at once. If
 * one does, or the value is refused, it is written again with each string checked in its turn.
 */

/**
 * The order in which the fields of structs are written: as declared, or by UTF-8 bytes as in a
 * sorted map.
 */
export type FieldOrder = 'declared' | 'sorted';

/**
 * Appends a value to a text, after the text that precedes it. Throws a `Refusal` if the value is
 * not of the type.
 *
 * @param unchecked receives the short strings that are written as they are; `undefined` if each
 * string must be checked.
 */
export type Encode<Value = unknown> = (text: string, value: Value, unchecked: string[] | undefined) => string;

/**
 * Composes the encoder of a type.
 *
 * @param before the text that precedes the value; `undefined` for a struct whose object has begun
 * with another member.
 */
export type ComposeEncoder = (before: string | undefined, order: FieldOrder) => Encode;

/** What has an encoder. */
export interface Encodable {
  readonly encoder: ComposeEncoder;
}
