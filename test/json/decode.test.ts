import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeJson,
  decodeJsonBytes,
  decodeNode,
  encodeJson,
  handshakeAccept,
  JsonDecodeError,
  type JsonDecodeFailure,
  list,
  map,
  parseEnvelope,
  selfCheckResponse,
  string,
  takeEntry,
  u8,
  type WireType,
  wire,
  wireTypes,
} from '../../src/protocol/messages/index.ts';
import { inner, nest } from './serde/types.ts';
import { valuesOf } from './values.ts';

const decode = suite('json/decode');

function failureOf(run: () => unknown): JsonDecodeFailure {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof JsonDecodeError) return thrown.failure;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

const { ShapedRequestWire } = wireTypes.v1;

decode('bytes must be UTF-8 without a byte order mark', () => {
  const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
  const table: readonly [bytes: readonly number[], offset: number, kind: JsonDecodeFailure['kind']][] = [
    [[0xef, 0xbb, 0xbf, ...ascii('"a"')], 0, 'Syntax'],
    [[...ascii('"a'), 0xff, ...ascii('"')], 2, 'InvalidUtf8'],
    [[...ascii('"'), 0xc3, 0xa9, 0xc3, 0x28, ...ascii('"')], 3, 'InvalidUtf8'],
    [[...ascii('"'), 0xed, 0xa0, 0x80, ...ascii('"')], 1, 'InvalidUtf8'],
    [[...ascii('"'), 0xef, 0xbf, 0xbd, 0xef, 0xbf], 4, 'InvalidUtf8'],
    [[...ascii('"'), 0xc0, 0x80, ...ascii('"')], 1, 'InvalidUtf8'],
    [[...ascii('"'), 0xf4, 0x90, 0x80, 0x80, ...ascii('"')], 1, 'InvalidUtf8'],
    [[], 0, 'Syntax'],
  ];
  for (const [bytes, offset, kind] of table) {
    const failure = failureOf(() => decodeJsonBytes(string, Uint8Array.from(bytes)));
    assert.is(failure.kind, kind);
    assert.is(failure.offset, offset);
    assert.is(failure.path, '$');
  }
  assert.is(decodeJsonBytes(string, new TextEncoder().encode('"\ufeffé\u{1f600}"')), '\ufeffé\u{1f600}');
});

decode('offsets count UTF-8 bytes', () => {
  assert.is(failureOf(() => decodeJson(list(u8), '["é\u{1f600}",1]')).offset, 1);
  assert.is(failureOf(() => decodeJson(map(u8), '{"é\u{1f600}":1,"b":null}')).offset, 16);
});

decode('one key can be taken out of an envelope, and the rest decodes without it', () => {
  const envelope = parseEnvelope('{"_v":2,"url":"u","_v":1,"method":"m","headers":[],"body_base64":"","url":"w"}');
  if (envelope.kind !== 'object') throw new Error('no object');
  const { value, rest } = takeEntry(envelope, '_v');
  assert.is(value?.kind, 'integer');
  assert.is(value?.value, 1);
  assert.equal(decodeNode(ShapedRequestWire, rest), { url: 'w', method: 'm', headers: [], body_base64: '' });
  assert.is(takeEntry(rest, '_v').value, undefined);
});

decode('a node may be decoded straight into its type', () => {
  const node = parseEnvelope('{"url":"u","method":"m","headers":[],"body_base64":"","url":"w"}');
  assert.is(failureOf(() => decodeNode(ShapedRequestWire, node, 'refused')).kind, 'RepeatedField');
  assert.is(decodeNode(ShapedRequestWire, node, 'last wins').url, 'w');
});

const types: readonly [name: string, type: WireType][] = [
  ['nest', nest],
  ['inner', inner],
  ['handshakeAccept', handshakeAccept],
  ['selfCheckResponse', selfCheckResponse],
  ['filterRequest', wire.v3.filter.schemas.request],
  ['observeRequest', wire.v1.observe.schemas.request],
  ['buildSignerResponse', wire.v1.buildSigner.schemas.response],
];

decode('a damaged text is decoded or refused with a JsonDecodeError, never with another error', () => {
  const marks = ['', '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', ' ', '\u0000', '\ud800', 'null'];
  for (const [name, type] of types) {
    const damage = fc.tuple(valuesOf(type), fc.nat(), fc.nat({ max: 3 }), fc.constantFrom(...marks));
    fc.assert(
      fc.property(damage, ([value, place, removed, inserted]) => {
        const text = encodeJson(type, value, 'declared');
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + inserted + text.slice(at + removed);
        for (const run of [() => decodeJson(type, damaged), () => decodeNode(type, parseEnvelope(damaged))]) {
          try {
            run();
          } catch (thrown) {
            assert.instance(thrown, JsonDecodeError, `${name}: ${damaged}`);
          }
        }
      }),
      { numRuns: 100 },
    );
  }
});

decode(
  'a damaged text that is still accepted decodes to the same both ways, and is written as JSON with the same values',
  () => {
    for (const [name, type] of types) {
      const damage = fc.tuple(
        valuesOf(type),
        fc.nat(),
        fc.constantFrom('0', '1', '9', ' ', '-', '[]', ',', 'a', '"a":1,', 'null'),
      );
      fc.assert(
        fc.property(damage, ([value, place, inserted]) => {
          const text = encodeJson(type, value, 'declared');
          const at = place % (text.length + 1);
          const damaged = text.slice(0, at) + inserted + text.slice(at);
          const decoded = accepted(() => decodeJson(type, damaged));
          if (decoded === undefined) return;
          const written = encodeJson(type, decoded.value, 'sorted');
          assert.is(
            encodeJson(type, decodeNode(type, parseEnvelope(damaged)), 'sorted'),
            written,
            `${name}: ${damaged}`,
          );
          assert.is(encodeJson(type, decodeJson(type, written), 'sorted'), written, `${name}: ${damaged}`);
          // The engine's own reader also accepts it, and finds the same strings in it.
          assert.equal(stringsOf(JSON.parse(damaged)), stringsOf(JSON.parse(written)), `${name}: ${damaged}`);
        }),
        { numRuns: 100 },
      );
    }
  },
);

function accepted(run: () => unknown): { readonly value: unknown } | undefined {
  try {
    return { value: run() };
  } catch (thrown) {
    if (thrown instanceof JsonDecodeError) return undefined;
    throw thrown;
  }
}

/** The strings of a value, each once, because a set has lost its repeats. */
function stringsOf(value: unknown): string[] {
  const strings = new Set<string>();
  const walk = (item: unknown): void => {
    if (typeof item === 'string') strings.add(item);
    else if (typeof item === 'object' && item !== null) Object.values(item).forEach(walk);
  };
  walk(value);
  return [...strings].sort();
}

decode('an opaque value counts for the depth of the text that it stands in', () => {
  const { response } = wire.v1.buildSigner.schemas;
  const deep = (depth: number) => `{"signer_state":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const text = deep(126);
  assert.is(encodeJson(response, decodeJson(response, text), 'declared'), text);
  for (const run of [() => decodeJson(response, deep(127)), () => parseEnvelope(deep(127))]) {
    assert.equal([failureOf(run).kind, failureOf(run).path], ['TooDeep', '$']);
  }
});

decode('a very long string is decoded at any place, with escapes and faults at its end', () => {
  const { response } = wire.v1.normalizeError.schemas;
  const long = 'QUJD'.repeat(100_000);
  const text = (tail: string) => `{"body_base64":"${long}${tail}"}`;
  assert.equal(decodeJson(response, text('')), { body_base64: long });
  assert.equal(decodeJson(response, text('\\u00e9\\n')), { body_base64: `${long}é\n` });
  for (const tail of ['\\ud800', '\n', '\\x']) {
    const { kind, offset } = failureOf(() => decodeJson(response, text(tail)));
    assert.equal([kind, offset], ['Syntax', 16 + long.length]);
  }
  for (const after of ['x', '{}', ',', '\u0000']) {
    const { kind, offset } = failureOf(() => decodeJson(response, text('') + after));
    assert.equal([kind, offset], ['Syntax', text('').length]);
  }
});

decode.run();
