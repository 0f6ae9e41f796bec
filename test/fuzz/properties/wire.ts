import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
  augmentedMetadata,
  decodeJson,
  decodeNode,
  encodeJson,
  handshakeAccept,
  handshakeOffer,
  JsonDecodeError,
  parseEnvelope,
  pluginIdentity,
  pluginRegistryRecord,
  selfCheckRequest,
  selfCheckResponse,
  type WireType,
  wire,
} from '../../../src/protocol/messages/index.ts';
import { valuesOf } from '../../json/values.ts';
import { unlessThrown } from '../../support/failure.ts';
import { property } from './property.ts';

const functions = { ...wire.v1, ...wire.v2, ...wire.v3 };

/** Every type of a whole message or record. */
const types: ReadonlyMap<string, WireType> = new Map<string, WireType>([
  ...Object.entries({
    augmentedMetadata,
    handshakeAccept,
    handshakeOffer,
    pluginIdentity,
    pluginRegistryRecord,
    selfCheckRequest,
    selfCheckResponse,
  }),
  ...Object.entries(functions).flatMap(([name, { schemas }]): [string, WireType][] => [
    [`${name} request`, schemas.request],
    [`${name} response`, schemas.response],
  ]),
]);

interface Text {
  readonly type: string;
  readonly text: string;
  /** Whether the codec wrote the text. */
  readonly whole: boolean;
}

const texts: fc.Arbitrary<Text> = fc.constantFrom(...types).chain(([name, type]) => {
  const written = valuesOf(type).map((value) => encodeJson(type, value, 'declared'));
  const marks = fc.constantFrom(
    '',
    '"',
    '\\',
    '\\u',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '-',
    '.',
    'e9',
    ' ',
    '\u0000',
    '\ud800',
    'null',
    '1e999',
  );
  const damaged = fc
    .tuple(written, fc.array(fc.tuple(fc.nat(), fc.nat(3), marks), { minLength: 1, maxLength: 3 }))
    .map(([text, damages]) =>
      damages.reduce((whole, [place, removed, mark]) => {
        const at = place % (whole.length + 1);
        return whole.slice(0, at) + mark + whole.slice(at + removed);
      }, text),
    );
  return fc.oneof(
    written.map((text) => ({ type: name, text, whole: true })),
    damaged.map((text) => ({ type: name, text, whole: false })),
    fc.string({ unit: 'binary', maxLength: 60 }).map((text) => ({ type: name, text, whole: false })),
  );
});

/**
 * The codec reads back what it writes. It reads any other text the same in both ways, or refuses it
 * with its own error.
 */
export const wireCodec = property<Text>({
  name: 'wire',
  oracle: 'the codec itself, both ways, and JSON.parse',
  values: texts,
  check: ({ type: name, text, whole }) => {
    const type = types.get(name);
    if (type === undefined) throw new Error(`there is no type ${name}`);
    const direct = unlessThrown(JsonDecodeError, () => decodeJson(type, text));
    const generic = unlessThrown(JsonDecodeError, () => decodeNode(type, parseEnvelope(text)));
    if (whole) assert.ok(direct !== undefined && generic !== undefined, 'a text that the codec wrote is refused');
    if (direct === undefined) return;
    const written = encodeJson(type, direct.value, 'declared');
    if (whole) assert.is(written, text);
    JSON.parse(text);
    assert.ok(generic !== undefined, 'refused only through a generic value');
    assert.is(encodeJson(type, generic?.value, 'declared'), written);
    assert.is(encodeJson(type, decodeJson(type, written), 'declared'), written);
  },
});
