import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeJson,
  decodeNode,
  encodeJson,
  f32,
  i64,
  JsonDecodeError,
  map,
  parseEnvelope,
  u8,
  u64,
  type WireType,
} from '../../../src/protocol/messages/index.ts';
import { type SerdeCase, same } from '../serde/case.ts';
import { containers } from '../serde/containers.ts';
import { namedTypes } from '../serde/named-types.ts';
import { numbers } from '../serde/numbers.ts';
import { structs } from '../serde/structs.ts';
import { inner } from '../serde/types.ts';
import { unions } from '../serde/unions.ts';

const decodeValue = suite('json/decoders');

type Decode = (type: WireType, text: string) => unknown;

/** The outcome of a text: the value written again, or null if it was refused as expected. */
function answer(decode: Decode, type: WireType, text: string): string | null {
  try {
    return encodeJson(type, decode(type, text), 'sorted');
  } catch (thrown) {
    if (thrown instanceof JsonDecodeError) return null;
    throw thrown;
  }
}

const direct: Decode = decodeJson;
const generic: Decode = (type, text) => decodeNode(type, parseEnvelope(text));

function agrees(type: WireType, [text, first, second = first]: SerdeCase): void {
  const expected = (answer: string | typeof same | null) => (answer === same ? text : answer);
  assert.is(answer(direct, type, text), expected(first), `direct: ${text}`);
  assert.is(answer(generic, type, text), expected(second), `generic: ${text}`);
}

for (const [group, table] of Object.entries({ numbers, containers, structs, unions })) {
  for (const [name, cases] of Object.entries(table)) {
    decodeValue(`${group}: ${name} is decoded as serde decodes it`, () => {
      const type = namedTypes[name];
      if (type === undefined) throw new Error(`no type ${name}`);
      for (const one of cases) agrees(type, one);
    });
  }
}

decodeValue('a map has no prototype, and its keys are in the order of their UTF-8 bytes', () => {
  const decoded = decodeJson(map(u8), '{"toString":1,"\\ud83d\\ude00":2,"\\uffee":3,"__proto__":4}');
  assert.is(Object.getPrototypeOf(decoded), null);
  assert.equal(Object.keys(decoded), ['__proto__', 'toString', '\uffee', '\u{1f600}']);
});

decodeValue('a 64-bit integer is a number if that is exact, else a bigint', () => {
  assert.is(decodeJson(u64, '9007199254740991'), 9007199254740991);
  assert.is(decodeJson(u64, '9007199254740992'), 9007199254740992n);
  assert.is(decodeJson(i64, '-9007199254740992'), -9007199254740992n);
});

decodeValue('an f32 is the double of the same value, rounded once', () => {
  assert.is(decodeJson(f32, '0.85'), 0.8500000238418579);
  assert.is(decodeJson(f32, '1152921573326323713'), 2 ** 60 + 2 ** 37);
  assert.is(decodeJson(f32, '-1152921573326323713'), -(2 ** 60 + 2 ** 37));
  assert.is(decodeJson(f32, '1e39'), Number.POSITIVE_INFINITY);
});

decodeValue('every field is set, in declared order', () => {
  assert.equal(Object.entries(decodeJson(inner, '{"b":null,"a":1}')), [
    ['a', 1],
    ['b', null],
    ['c', null],
  ]);
});

decodeValue.run();
