// Keys that JavaScript objects inherit, in everything that accepts any key.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeJson,
  decodeNode,
  encodeJson,
  handshakeAccept,
  list,
  map,
  OpaqueJson,
  opaque,
  opaqueObject,
  parseEnvelope,
  u8,
  u32,
  type WireType,
  wireTypes,
} from '../../../src/protocol/messages/index.ts';

const keys = suite('wire keys');

const inherited = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'] as const;

/** Types that accept any key, and a text with the value of that key. */
const types: readonly [name: string, type: WireType, value: string][] = [
  ['map', map(u8), '1'],
  ['map of lists', map(list(u32)), '[1]'],
  ['map of maps', map(map(u8)), '{"__proto__":1}'],
  ['opaque', opaque, '{"constructor":null}'],
  ['opaqueObject', opaqueObject, '1.0'],
];

for (const [name, type, value] of types) {
  keys(`${name} has inherited names as keys of its own`, () => {
    const text = `{${inherited.map((key) => `"${key}":${value}`).join()}}`;
    const decoded = decodeJson(type, text);
    assert.is(encodeJson(type, decoded, 'declared'), text);
    assert.is(encodeJson(type, decodeNode(type, parseEnvelope(text)), 'sorted'), text);
    const plain: unknown = decoded instanceof OpaqueJson ? decoded.parse() : decoded;
    assert.equal(Object.keys(plain ?? {}), inherited);
    assert.is(Object.getPrototypeOf(plain), null);
  });

  keys(`${name} does not inherit what its text lacks`, () => {
    const decoded = decodeJson(type, '{}');
    const plain: unknown = decoded instanceof OpaqueJson ? decoded.parse() : decoded;
    for (const key of inherited) assert.is(Reflect.get(Object(plain), key), undefined);
  });
}

keys('the maps and sets of an accept may have them', () => {
  const names = JSON.stringify(inherited);
  const chosen = `{${inherited.map((key) => `"${key}":1`).join()}}`;
  const supported = `{${inherited.map((key) => `"${key}":[1]`).join()}}`;
  const text =
    `{"handshake_schema_version":1,"envelope_version":1,"chosen_versions":${chosen},` +
    `"plugin_supported":${supported},"implemented_functions":${names},"required_capabilities":${names}}`;
  assert.is(encodeJson(handshakeAccept, decodeJson(handshakeAccept, text), 'declared'), text);
});

keys('claims may have them, and change no prototype', () => {
  const { Principal } = wireTypes.v1;
  const text = '{"claims":{"__proto__":{"admin":true},"constructor":{"prototype":null}},"id":"i","kind":"k"}';
  const decoded = decodeJson(Principal, text);
  assert.is(encodeJson(Principal, decoded, 'sorted'), text);
  assert.is(Reflect.get({}, 'admin'), undefined);
  assert.is(Reflect.get(Object(decoded.claims.parse()), 'admin'), undefined);
});

keys.run();
