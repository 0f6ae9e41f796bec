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
  pluginIdentity,
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

const { ShapedRequestWire, ObserveEventWire } = wireTypes.v1;
const filterResponse = wire.v3.filter.schemas.response;

const refusals: readonly [type: WireType, text: string, failure: JsonDecodeFailure][] = [
  [
    selfCheckResponse,
    '{"status":"failure","failures":[["wire_function_test",""],{"stage":"wire_function_test",' +
      '"message":"é"},{"stage":"nope","message":""}],"completed_at":1}',
    {
      kind: 'UnknownVariant',
      path: '$.failures[2].stage',
      offset: 113,
      expected: 'one of request_preparation, wire_function_test, capability_verification, response_validation',
      found: 'a string',
    },
  ],
  [
    pluginIdentity,
    '[[204,27,112,16,0,1,0,256],1,"n","v"]',
    { kind: 'IntegerOutOfRange', path: '$.magic[7]', offset: 22, expected: 'an integer from 0 to 255', found: '256' },
  ],
  [
    pluginIdentity,
    '{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1.0,"plugin_name":"n","plugin_version":"v"}',
    {
      kind: 'WrongType',
      path: '$.abi_envelope',
      offset: 48,
      expected: 'an integer from 0 to 4294967295',
      found: '1.0',
    },
  ],
  [
    pluginIdentity,
    '[[1],1,"n","v"]',
    { kind: 'WrongLength', path: '$.magic', offset: 1, expected: 'an array of 8', found: 'an array of 1' },
  ],
  [
    handshakeAccept,
    '[1,1,{"secret":1,"b":"secret"},{},[],[]]',
    {
      kind: 'WrongType',
      path: '$.chosen_versions[1]',
      offset: 21,
      expected: 'an integer from 0 to 4294967295',
      found: 'a string',
    },
  ],
  [
    ShapedRequestWire,
    '{"url":"","method":"","headers":[],"secret":1}',
    {
      kind: 'UnknownField',
      path: '$',
      offset: 44,
      expected: 'one of url, method, headers, body_base64',
      found: 'another field',
    },
  ],
  [
    ShapedRequestWire,
    '{"url":"","method":"","headers":[]}',
    { kind: 'MissingField', path: '$.body_base64', offset: 0, expected: 'the field', found: 'nothing' },
  ],
  [
    filterResponse,
    ' {"results":[{"upstream_id":"","decision":"","decision":""}]}',
    {
      kind: 'RepeatedField',
      path: '$.results[0].decision',
      offset: 56,
      expected: 'the field once',
      found: 'the field again',
    },
  ],
  [
    ObserveEventWire,
    '{"kind":"upstream_chosen","upstream":{"kind":"secret"}}',
    {
      kind: 'UnknownVariant',
      path: '$.upstream.kind',
      offset: 45,
      expected: 'one of anthropic_direct',
      found: 'a string',
    },
  ],
  [
    ObserveEventWire,
    '{"code":""}',
    { kind: 'MissingField', path: '$.kind', offset: 0, expected: 'the field', found: 'nothing' },
  ],
  [list(string), '["",null]', { kind: 'WrongType', path: '$[1]', offset: 4, expected: 'a string', found: 'null' }],
  [list(u8), '[1', { kind: 'Syntax', path: '$', offset: 2, expected: "',' or ']'", found: 'the end of the text' }],
];

decode('a refusal has the place, what was expected, and what was found', () => {
  for (const [type, text, failure] of refusals)
    assert.equal(
      failureOf(() => decodeJson(type, text)),
      failure,
      text,
    );
});

decode('the message has the fields of the failure, and repeats no string and no undeclared key', () => {
  for (const [type, text, { kind, path, offset, expected, found }] of refusals) {
    const field = path.slice(path.lastIndexOf('.') + 1);
    const isField = kind === 'MissingField' || kind === 'RepeatedField';
    const said = isField ? [`field \`${field}\``] : [`expected ${expected}`, `found ${found}`];
    try {
      decodeJson(type, text);
      assert.unreachable();
    } catch (thrown) {
      assert.instance(thrown, JsonDecodeError);
      const message = thrown instanceof JsonDecodeError ? thrown.message : '';
      for (const part of [path, `byte ${offset}`, ...said]) assert.ok(message.includes(part), message);
      assert.not.ok(message.includes('secret'), message);
    }
  }
});

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
