import { decodeBase64, encodeBase64 } from '../base64.ts';
import {
  f64,
  list as jsonList,
  option as jsonOption,
  string as jsonString,
  struct as jsonStruct,
  taggedUnion,
  u16,
  u32,
  u64,
} from '../json/declare.ts';
import { decodeJson } from '../json/decode.ts';
import { decodeString } from '../json/decoders/scalars.ts';
import { encodeJson } from '../json/encode.ts';
import { encodeString } from '../json/encoders/scalars.ts';
import { refuseNodeValue } from '../json/text/decode-refusal.ts';
import type { Declaration, WireType } from '../json/type.ts';
import { composedOnce } from './archive/composed.ts';
import { planArchive } from './archive/encode.ts';
import type { ArchiveDeclaration, ArchiveField, ArchiveType, NumberName } from './archive/type.ts';

/*
 * The JSON form of a type is composed when it is first used: a declaration of src/json that decodes
 * to the values that archives hold, and a function that makes plain JSON values of these.
 */

/** The JSON form of a type of the hook ABI. */
export interface JsonForm<Value = unknown> {
  /** It decodes to the values of the type, and is encoded from their plain JSON values. */
  readonly type: WireType;
  /** Makes the plain JSON value: objects with the fields of the JSON, and bytes as base64. */
  readonly plain: (value: Value) => unknown;
}

/** Returns the JSON form of a type. */
export const jsonFormOf: (type: ArchiveDeclaration) => JsonForm = /* @__PURE__ */ composedOnce((type) =>
  // The table has the composer of this declaration's kind, which the compiler cannot follow. A form
  // only gets values of its type.
  (composers[type.kind] as Composer<ArchiveDeclaration, unknown>)(type),
);

/**
 * Writes a value as JSON, without white space. Fields have their declared order. Bytes are the
 * base64 of a field `NAME_base64`; an enum is an object with `kind`. A u64 has all its digits. A
 * number that is not finite becomes `null`, which reading refuses.
 *
 * @throws ArchiveEncodeError that names the first place where the value is not of the type.
 */
export function encodeArchiveJson<T>(type: ArchiveType<T>, value: T): string {
  planArchive(type, value);
  const form = jsonFormOf(type);
  return encodeJson(form.type, form.plain(value), 'declared');
}

/**
 * Reads what {@link encodeArchiveJson} writes. A field that may be null may also be missing.
 * Undeclared, repeated and other missing fields are refused, and so is base64 without padding.
 *
 * @returns a value that {@link encodeArchive} accepts.
 * @throws JsonDecodeError if the text is not JSON, or not of the type.
 */
export function decodeArchiveJson<T>(type: ArchiveType<T>, text: string): T {
  // The form is composed of the declaration that carries the type.
  return decodeJson(jsonFormOf(type).type, text) as T;
}

/** Bytes. It decodes to the bytes, and is encoded from their base64. */
export const base64: Declaration = {
  kind: 'string',
  encoder: encodeString,
  decode: (node) => decodeBase64(decodeString(node)) ?? refuseNodeValue(node, 'base64 with padding', 'another string'),
};

type Composer<Type, Value> = (type: Type) => JsonForm<Value>;
type Composers = {
  readonly [Kind in ArchiveDeclaration['kind']]: Composer<Extract<ArchiveDeclaration, { kind: Kind }>, never>;
};

const NUMBERS: Readonly<Record<NumberName, WireType>> = { u16, u32, u64, f64 };

const itself = (value: unknown): unknown => value;

const composers: Composers = {
  number: ({ name }) => ({ type: NUMBERS[name], plain: itself }),
  string: () => ({ type: jsonString, plain: itself }),
  bytes: () => ({ type: base64, plain: encodeBase64 }),
  list: ({ of }): JsonForm<readonly unknown[]> => {
    const { type, plain } = jsonFormOf(of);
    return { type: jsonList(type), plain: (items) => items.map(plain) };
  },
  option: ({ of }) => {
    const { type, plain } = jsonFormOf(of);
    return { type: jsonOption(type), plain: (value) => (value === null ? null : plain(value)) };
  },
  struct: ({ name, fields }): JsonForm<Fields> => {
    const members = membersOf(fields);
    const type = jsonStruct(name, tableOf(members));
    return {
      type: decodingTo(type, (decoded) => restored(members, decoded, {})),
      plain: (value) => plainFields(members, value, {}),
    };
  },
  enum: ({ name, variants }): JsonForm<Fields> => {
    const byName = new Map(variants.map((variant) => [variant.name, membersOf(variant.fields)]));
    const members = ({ kind }: Fields): readonly Member[] => byName.get(String(kind)) ?? [];
    const type = taggedUnion(name, Object.fromEntries([...byName].map(([variant, own]) => [variant, tableOf(own)])));
    return {
      type: decodingTo(type, (decoded) => restored(members(decoded), decoded, { kind: decoded.kind })),
      plain: (value) => plainFields(members(value), value, { kind: value.kind }),
    };
  },
};

type Fields = Readonly<Record<string, unknown>>;

/** A field of a struct or variant, and its name in JSON. */
interface Member extends JsonForm {
  readonly name: string;
  readonly jsonName: string;
}

function membersOf(fields: readonly ArchiveField[]): readonly Member[] {
  return fields.map(({ name, type }) => ({
    name,
    jsonName: holdsBytes(type) ? `${name}_base64` : name,
    ...jsonFormOf(type),
  }));
}

/** Whether a field's own value has bytes, also within options and lists. */
function holdsBytes(type: ArchiveDeclaration): boolean {
  return type.kind === 'bytes' || ((type.kind === 'option' || type.kind === 'list') && holdsBytes(type.of));
}

function tableOf(members: readonly Member[]): Readonly<Record<string, WireType>> {
  return Object.fromEntries(members.map(({ jsonName, type }) => [jsonName, type]));
}

/** Adds a step after the decoder of a struct or enum. */
function decodingTo(type: Declaration, step: (decoded: Fields) => unknown): Declaration {
  const { decode } = type;
  // The cast: structs and enums decode to objects.
  return { ...type, decode: (node, rules) => step(decode(node, rules) as Fields) };
}

/** Adds the fields of a decoded object to `value`, by their own names. */
function restored(members: readonly Member[], decoded: Fields, value: Record<string, unknown>): Fields {
  for (const { name, jsonName } of members) value[name] = decoded[jsonName];
  return value;
}

/** Adds the fields of a value to `json`, by their names in JSON. */
function plainFields(members: readonly Member[], value: Fields, json: Record<string, unknown>): Fields {
  for (const { name, jsonName, plain } of members) json[jsonName] = plain(value[name]);
  return json;
}
