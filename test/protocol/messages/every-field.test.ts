// Every field of every type of the protocol: missing, repeated, unknown, null, of each other type,
// at each bound and one past it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Declaration,
  decodeJson,
  decodeNode,
  encodeJson,
  type Field,
  JsonDecodeError,
  type JsonDecodeFailure,
  parseEnvelope,
  type StructDeclaration,
  type Variant,
} from '../../../src/protocol/messages/index.ts';
import { protocolTypes } from './protocol-types.ts';

const everyField = suite('every field');

type Decode = (type: Declaration, text: string) => unknown;
const direct: Decode = decodeJson;
const generic: Decode = (type, text) => decodeNode(type, parseEnvelope(text));

/** Why a text is refused; undefined if it is accepted. */
function failureOf(decode: Decode, type: Declaration, text: string): JsonDecodeFailure | undefined {
  try {
    decode(type, text);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof JsonDecodeError) return thrown.failure;
    throw thrown;
  }
}

/** The shortest text of a type. */
function leastText(type: Declaration): string {
  switch (type.kind) {
    case 'string':
      return '""';
    case 'bool':
      return 'true';
    case 'integer':
      return '0';
    case 'float':
      return '0.5';
    case 'stringEnum':
      return JSON.stringify(type.values[0]);
    case 'struct':
      return objectText(entriesOf(type.fields));
    case 'taggedUnion':
      return variantText(type.tag, type.variants[0] ?? { name: '', fields: null });
    case 'list':
    case 'set':
      return '[]';
    case 'fixedArray':
      return `[${Array.from({ length: type.length }, () => leastText(type.of)).join()}]`;
    case 'map':
    case 'opaqueObject':
      return '{}';
    case 'option':
    case 'opaque':
      return 'null';
  }
}

type Entry = readonly [key: string, text: string];

const entriesOf = (fields: readonly Field[]): Entry[] => fields.map(({ name, type }) => [name, leastText(type)]);
const objectText = (entries: readonly Entry[]): string =>
  `{${entries.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join()}}`;
const variantText = (tag: string, { name, fields }: Variant): string =>
  objectText([[tag, JSON.stringify(name)], ...entriesOf(fields ?? [])]);

/** Texts of every JSON type, and numbers in every form. */
const tokens = ['null', 'true', '0', '1.0', '1e0', '-0', '-1', '1e400', '""', '"x"', '[]', '{}', '"\\ud800"'];

/** Whether a type accepts one of these; serde's rules, stated a second time. */
function takes(type: Declaration, token: string): boolean {
  if (token === '1e400' || token === '"\\ud800"') return false;
  switch (type.kind) {
    case 'string':
      return token.startsWith('"');
    case 'bool':
      return token === 'true';
    case 'integer':
      return token === '0' || (token === '-1' && type.minimum < 0);
    case 'float':
      return ['0', '1.0', '1e0', '-0', '-1'].includes(token);
    case 'struct':
      return (token === '{}' || token === '[]') && type.fields.length === 0;
    case 'list':
    case 'set':
      return token === '[]';
    case 'map':
    case 'opaqueObject':
      return token === '{}';
    case 'option':
      return token === 'null' || takes(type.of, token);
    case 'opaque':
      return true;
    case 'stringEnum':
    case 'taggedUnion':
    case 'fixedArray':
      return false;
  }
}

/** An object of a type: a struct, or one variant of a union. */
interface ObjectType {
  readonly title: string;
  readonly type: Declaration;
  readonly tag: Entry[];
  readonly fields: readonly Field[];
}

const structs = protocolTypes.filter((type): type is StructDeclaration => type.kind === 'struct');
const objectTypes: readonly ObjectType[] = [
  ...structs.map((type) => ({ title: type.name, type, tag: [], fields: type.fields })),
  ...protocolTypes.flatMap((type) =>
    type.kind !== 'taggedUnion'
      ? []
      : type.variants.flatMap(({ name, fields }): ObjectType[] => {
          const tag: Entry[] = [[type.tag, JSON.stringify(name)]];
          return fields === null ? [] : [{ title: `${type.name} ${name}`, type, tag, fields }];
        }),
  ),
];

for (const { title, type, tag, fields } of objectTypes) {
  const entries = [...tag, ...entriesOf(fields)];
  const withText = (name: string, text: string) =>
    objectText(entries.map(([key, least]) => [key, key === name ? text : least]));

  everyField(`${title}: a missing field is refused, or becomes null or empty`, () => {
    for (const { name, whenMissing } of fields) {
      const text = objectText(entries.filter(([key]) => key !== name));
      for (const decode of [direct, generic]) {
        const failure = failureOf(decode, type, text);
        assert.is(failure?.kind, whenMissing === 'refused' ? 'MissingField' : undefined, text);
        if (failure !== undefined) assert.is(failure.path, `$.${name}`);
      }
    }
  });

  everyField(`${title}: a repeated field is refused where the text is decoded straight into the type`, () => {
    for (const { name, type: of } of fields) {
      const text = objectText([...entries, [name, leastText(of)]]);
      const failure = failureOf(direct, type, text);
      assert.equal([failure?.kind, failure?.path], ['RepeatedField', `$.${name}`], text);
      assert.is(failureOf(generic, type, text), undefined, text);
    }
  });

  everyField(`${title}: an undeclared field is refused, whatever its name`, () => {
    for (const name of ['unknown', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const text = objectText([...entries, [name, 'null']]);
      for (const decode of [direct, generic]) {
        const failure = failureOf(decode, type, text);
        assert.equal([failure?.kind, failure?.path], ['UnknownField', '$'], text);
        const field = name === '' ? '""' : name;
        assert.is(failure?.kind === 'UnknownField' && failure.field, field, text);
      }
    }
  });

  everyField(`${title}: each field accepts only its own JSON types`, () => {
    for (const { name, type: of } of fields) {
      for (const token of tokens) {
        const text = withText(name, token);
        for (const decode of [direct, generic]) {
          const failure = failureOf(decode, type, text);
          assert.is(failure === undefined, takes(of, token), text);
          const isSyntax = token === '1e400' || token === '"\\ud800"';
          if (failure !== undefined)
            assert.ok(isSyntax ? failure.path === '$' : failure.path.startsWith(`$.${name}`), text);
        }
      }
    }
  });

  everyField(`${title}: each integer is accepted up to its bounds`, () => {
    for (const { name, type: declared } of fields) {
      const of = declared.kind === 'option' ? declared.of : declared;
      if (of.kind !== 'integer') continue;
      const [minimum, maximum] = [BigInt(of.minimum), BigInt(of.maximum)];
      for (const bound of [minimum, maximum]) {
        const decoded = direct(type, withText(name, String(bound)));
        // A number of any size is written again unchanged.
        assert.ok(encodeJson(type, decoded, 'sorted').includes(`"${name}":${bound}`), `${name}: ${bound}`);
      }
      for (const past of [minimum - 1n, maximum + 1n]) {
        const failure = failureOf(direct, type, withText(name, String(past)));
        assert.equal([failure?.kind, failure?.path], ['IntegerOutOfRange', `$.${name}`], `${name}: ${past}`);
      }
    }
  });

  everyField(`${title}: an array with all elements is accepted as the object`, () => {
    const elements = entries.map(([, text]) => text);
    assert.is(failureOf(direct, type, `[${elements.join()}]`), undefined);
    assert.is(failureOf(direct, type, `[${[...elements, 'null'].join()}]`)?.kind, 'WrongLength');
    const last = fields.at(-1);
    if (last === undefined) return;
    const kinds = { refused: 'MissingField', none: 'WrongLength', empty: undefined, skipped: undefined } as const;
    assert.is(failureOf(direct, type, `[${elements.slice(0, -1).join()}]`)?.kind, kinds[last.whenMissing]);
  });
}

everyField.run();
