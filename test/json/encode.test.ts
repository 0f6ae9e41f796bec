import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  augmentedMetadata,
  bool,
  compareUtf8,
  decodeJson,
  decodeNode,
  encodeEnvelope,
  encodeJson,
  f32,
  f64,
  fixedArray,
  handshakeOffer,
  i64,
  JsonEncodeError,
  type JsonEncodeFailure,
  list,
  map,
  OpaqueJson,
  opaque,
  opaqueObject,
  option,
  parseEnvelope,
  skippedWhenNone,
  string,
  stringSet,
  struct,
  u8,
  u16,
  u64,
  usize,
  type WireType,
  wire,
  wireTypes,
} from '../../src/protocol/messages/index.ts';
import { inner, nest, plain } from './serde/types.ts';
import { valuesOf } from './values.ts';

const encode = suite('json/encode');

const { RequestWire, ObserveEventWire, Principal, UpstreamWire } = wireTypes.v1;

const written: readonly [type: WireType, value: unknown, text: string][] = [
  [u8, 255, '255'],
  [u8, 7n, '7'],
  [u64, 2n ** 64n - 1n, '18446744073709551615'],
  [u64, Number.MAX_SAFE_INTEGER, '9007199254740991'],
  [usize, 2 ** 32, '4294967296'],
  [i64, -(2n ** 63n), '-9223372036854775808'],
  [f64, 1, '1.0'],
  [f64, -0, '-0.0'],
  [f64, Number.NaN, 'null'],
  [f64, Number.NEGATIVE_INFINITY, 'null'],
  [f32, 0.85, '0.85'],
  [list(f32), [0.1, 1, 1e16], '[0.1,1.0,1e+16]'],
  [f32, 1e39, 'null'],
  [bool, false, 'false'],
  [
    string,
    'é\u{1f600}\u2028\u007f/"\\\b\t\n\f\r\u0000\u001f',
    '"é\u{1f600}\u2028\u007f/\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u001f"',
  ],
  [string, `${'x'.repeat(300)}\n`, `"${'x'.repeat(300)}\\n"`],
  [option(u8), null, 'null'],
  [list(u8), [], '[]'],
  [list(u8), [1, 2], '[1,2]'],
  [fixedArray(u8, 2), [1, 2], '[1,2]'],
  [stringSet, ['b', '\u{1f600}', '\uffee', 'a', 'b'], '["a","b","\uffee","\u{1f600}"]'],
  [
    map(u8),
    { b: 1, a: 2, '\u{1f600}': 3, '\uffee': 4, 10: 5, 9: 6 },
    '{"10":5,"9":6,"a":2,"b":1,"\uffee":4,"\u{1f600}":3}',
  ],
  [map(u8), JSON.parse('{"__proto__":1,"constructor":2}'), '{"__proto__":1,"constructor":2}'],
  [plain, 'failure', '"failure"'],
  [inner, { c: undefined, b: null, a: 1 }, '{"a":1,"b":null}'],
  [inner, { a: 1, b: 1 }, '{"a":1,"b":1.0}'],
  [inner, { a: 1, b: null, c: 'x' }, '{"a":1,"b":null,"c":"x"}'],
  [nest, { kind: 'unit' }, '{"kind":"unit"}'],
  [nest, { array: [1, 2], kind: 'array' }, '{"kind":"array","array":[1,2]}'],
  [opaque, OpaqueJson.parse('{"b":1.0,"a":18446744073709551615}'), '{"a":18446744073709551615,"b":1.0}'],
  [opaque, { b: 1, a: [1.5, null, 5n] }, '{"a":[1.5,null,5],"b":1}'],
  [opaqueObject, { b: {}, a: 1 }, '{"a":1,"b":{}}'],
  [struct('Odd', { constructor: u8, b: u8, a: u8 }), { a: 1, b: 2, constructor: 3 }, '{"constructor":3,"b":2,"a":1}'],
];

encode('values are written as the reference writes them', () => {
  for (const [type, value, text] of written) assert.is(encodeJson(type, value, 'declared'), text);
});

encode('an f32 is written with the digits of single precision; in sorted order with those of a double', () => {
  assert.is(encodeJson(inner, { a: 1, b: 0.85 }, 'declared'), '{"a":1,"b":0.85}');
  assert.is(encodeJson(inner, { a: 1, b: 0.85 }, 'sorted'), '{"a":1,"b":0.8500000238418579}');
  assert.is(encodeEnvelope(inner, { a: 1, b: 0.85 }, 1), '{"_v":1,"a":1,"b":0.8500000238418579}');
});

encode('sorted puts all keys at every depth in the order of their UTF-8 bytes', () => {
  const request = { ...wire.v2.route.dryRunRequest(), candidates: [{ ...candidate(), cache_score: null }] };
  const text = encodeJson(wire.v2.route.schemas.request, request, 'sorted');
  const check = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) assert.equal(Object.keys(value), Object.keys(value).sort(compareUtf8));
    Object.values(value).forEach(check);
  };
  check(JSON.parse(text));
  assert.ok(text.includes('"candidates":[{"kind":"anthropic_api_key","name":'), text);
  assert.is(
    encodeJson(ObserveEventWire, { kind: 'error', code: 'c', message: 'm', source: 's' }, 'sorted'),
    '{"code":"c","kind":"error","message":"m","source":"s"}',
  );
});

function candidate() {
  return {
    upstream_id: 'u',
    name: 'n',
    kind: 'anthropic_api_key',
    observed_rate_limits: [],
    subscription_quotas: [],
    observed_at_unix_secs: 0,
  };
}

const request = wire.v1.shape.dryRunRequest().request;

const refused: readonly [
  type: WireType,
  value: unknown,
  failure: Pick<JsonEncodeFailure, 'kind' | 'path' | 'found'>,
][] = [
  [u8, 256, { kind: 'IntegerOutOfRange', path: '$', found: '256' }],
  [u8, -1, { kind: 'IntegerOutOfRange', path: '$', found: '-1' }],
  [u8, 1.5, { kind: 'IntegerOutOfRange', path: '$', found: '1.5' }],
  [u8, Number.NaN, { kind: 'IntegerOutOfRange', path: '$', found: 'NaN' }],
  [u8, '1', { kind: 'WrongType', path: '$', found: 'a string' }],
  [u64, 2 ** 53, { kind: 'IntegerOutOfRange', path: '$', found: '9007199254740992' }],
  [u64, 2n ** 64n, { kind: 'IntegerOutOfRange', path: '$', found: '18446744073709551616' }],
  [u64, -1n, { kind: 'IntegerOutOfRange', path: '$', found: '-1' }],
  [i64, 2n ** 63n, { kind: 'IntegerOutOfRange', path: '$', found: '9223372036854775808' }],
  [f64, 1n, { kind: 'WrongType', path: '$', found: '1' }],
  [bool, 0, { kind: 'WrongType', path: '$', found: '0' }],
  [string, null, { kind: 'WrongType', path: '$', found: 'null' }],
  [string, 'a\ud800', { kind: 'LoneSurrogate', path: '$', found: 'a lone surrogate' }],
  [plain, 'secret', { kind: 'UnknownVariant', path: '$', found: 'another string' }],
  [list(string), ['', 1], { kind: 'WrongType', path: '$[1]', found: '1' }],
  [list(string), new Array(1), { kind: 'WrongType', path: '$[0]', found: 'undefined' }],
  [list(string), { length: 0 }, { kind: 'WrongType', path: '$', found: 'an object' }],
  [fixedArray(u8, 2), [1], { kind: 'WrongLength', path: '$', found: 'an array of 1' }],
  [stringSet, ['', '\udc00'], { kind: 'LoneSurrogate', path: '$[1]', found: 'a lone surrogate' }],
  [stringSet, new Set(['a']), { kind: 'WrongType', path: '$', found: 'an object of the class Set' }],
  [map(u8), { secret: 256 }, { kind: 'IntegerOutOfRange', path: '$[0]', found: '256' }],
  [map(u8), { '\ud800': 1 }, { kind: 'LoneSurrogate', path: '$[0]', found: 'a lone surrogate' }],
  [map(u8), new Map(), { kind: 'WrongType', path: '$', found: 'an object of the class Map' }],
  [RequestWire, { ...request, qurey: 1 }, { kind: 'UnknownField', path: '$.qurey', found: 'another property' }],
  [RequestWire, { ...request, query: undefined }, { kind: 'MissingField', path: '$.query', found: 'undefined' }],
  [
    RequestWire,
    { ...request, headers: [{ name: '' }] },
    { kind: 'MissingField', path: '$.headers[0].value_base64', found: 'undefined' },
  ],
  [RequestWire, Object.create(request), { kind: 'MissingField', path: '$.request_id', found: 'undefined' }],
  [RequestWire, [], { kind: 'WrongType', path: '$', found: 'an array' }],
  [RequestWire, null, { kind: 'WrongType', path: '$', found: 'null' }],
  [UpstreamWire, { kind: 'nope' }, { kind: 'UnknownVariant', path: '$.kind', found: 'another string' }],
  [UpstreamWire, {}, { kind: 'UnknownVariant', path: '$.kind', found: 'undefined' }],
  [UpstreamWire, { kind: 'anthropic_direct', x: 1 }, { kind: 'UnknownField', path: '$.x', found: 'another property' }],
  [Principal, { id: '', kind: '', claims: [] }, { kind: 'WrongType', path: '$.claims', found: 'another JSON value' }],
  [
    Principal,
    { id: '', kind: '', claims: { a: undefined } },
    { kind: 'WrongType', path: '$.claims[0]', found: 'undefined' },
  ],
  [opaque, undefined, { kind: 'WrongType', path: '$', found: 'undefined' }],
];

encode('a value of the wrong type is refused, and the error names the place', () => {
  for (const [type, value, expected] of refused) {
    try {
      encodeJson(type, value, 'declared');
      assert.unreachable(expected.path);
    } catch (thrown) {
      if (!(thrown instanceof JsonEncodeError)) throw thrown;
      const { kind, path, found } = thrown.failure;
      assert.equal({ kind, path, found }, expected);
      assert.ok(thrown.message.includes(path) && thrown.message.includes(found), thrown.message);
      assert.not.ok(thrown.message.includes('secret'));
    }
  }
});

encode('the first fault in the order of writing is reported, a lone surrogate like any other', () => {
  const pair = struct('Pair', { a: string, b: u8, c: string });
  const faults: readonly [value: unknown, path: string][] = [
    [{ a: '\ud800', b: '1', c: 2 }, '$.a'],
    [{ a: '"', b: '1', c: '\ud800' }, '$.b'],
    [{ a: '"', b: 1, c: '\ud800' }, '$.c'],
    [{ a: '\ud800', b: 1, c: '', d: 1 }, '$.a'],
    [{ a: '', d: 1, c: '' }, '$.d'],
    [{ a: 1, d: 1, c: '' }, '$.a'],
  ];
  for (const [value, path] of faults) {
    try {
      encodeJson<unknown>(pair, value, 'declared');
      assert.unreachable(path);
    } catch (thrown) {
      if (!(thrown instanceof JsonEncodeError)) throw thrown;
      assert.is(thrown.failure.path, path);
    }
  }
});

encode('objects of one type may have their properties in any order, and leave out others each time', () => {
  const values: readonly [value: unknown, text: string][] = [
    [{ a: 1, b: null, c: 'x' }, '{"a":1,"b":null,"c":"x"}'],
    [{ c: '"', b: null, a: 2 }, '{"a":2,"b":null,"c":"\\""}'],
    [{ b: null, a: 3 }, '{"a":3,"b":null}'],
    [{ b: null, a: 4, c: undefined }, '{"a":4,"b":null}'],
  ];
  for (const order of ['declared', 'sorted'] as const) {
    for (const [value, text] of [...values, ...[...values].reverse()]) {
      assert.is(encodeJson<unknown>(inner, value, order), text);
      assert.is(encodeJson<unknown>(list(inner), [value, value], order), `[${text},${text}]`);
    }
  }
  const allSkipped = struct('Skipped', { b: skippedWhenNone(u8), a: skippedWhenNone(u8) });
  assert.is(
    encodeJson(list(allSkipped), [{}, { a: 1 }, { b: 2 }, { a: 1, b: 2 }], 'sorted'),
    '[{},{"a":1},{"b":2},{"a":1,"b":2}]',
  );
});

encode('a property that an object inherits is not a field of it', () => {
  class Named {
    readonly own = 1;
    get name(): string {
      return 'inherited';
    }
  }
  assert.throws(() => encodeJson<unknown>(struct('Named', { name: string }), new Named(), 'declared'), /\$\.own/);
});

encode('a string of any length is written as the engine writes it', () => {
  for (const length of [0, 1, 255, 256, 257, 4_095, 4_096, 4_097, 70_000]) {
    for (const end of ['', 'x', '"', '\\', '\n', '\u0000', 'é', '\u{1f600}']) {
      const text = 'x'.repeat(length) + end;
      assert.is(encodeJson(string, text, 'declared'), JSON.stringify(text));
      assert.is(encodeJson(list(string), ['a', text, 'b'], 'declared'), JSON.stringify(['a', text, 'b']));
    }
  }
});

encode('an envelope has its version among the sorted keys', () => {
  const table: readonly [type: WireType, value: unknown, text: string][] = [
    [wire.v1.observe.schemas.request, { events: [] }, '{"_v":3,"events":[]}'],
    [struct('Empty', {}), {}, '{"_v":3}'],
    [map(u8), { a: 1, Z: 2 }, '{"Z":2,"_v":3,"a":1}'],
    [map(u8), { _v: 1, a: 2 }, '{"_v":3,"a":2}'],
    [map(u8), { A: 1, _v: 1 }, '{"A":1,"_v":3}'],
    [map(u8), { A: 1, _v: 1, a: 2 }, '{"A":1,"_v":3,"a":2}'],
    [map(u8), { _v: 1 }, '{"_v":3}'],
    [map(u8), { _u: 1, a: 2 }, '{"_u":1,"_v":3,"a":2}'],
    [map(u8), { '"': 1 }, '{"\\"":1,"_v":3}'],
    [map(u8), { '\\': 1 }, '{"\\\\":1,"_v":3}'],
    [map(u8), { '`\n': 1 }, '{"_v":3,"`\\n":1}'],
    [opaque, OpaqueJson.parse('{"A":1.0,"b":18446744073709551615}'), '{"A":1.0,"_v":3,"b":18446744073709551615}'],
  ];
  for (const [type, value, text] of table) assert.is(encodeEnvelope(type, value, 3), text);
  for (const [type, value] of [
    [list(u8), [1]],
    [opaque, null],
    [string, '{'],
  ] as const) {
    try {
      encodeEnvelope<unknown>(type, value, 3);
      assert.unreachable();
    } catch (thrown) {
      if (!(thrown instanceof JsonEncodeError)) throw thrown;
      assert.is(thrown.failure.kind, 'NotAnObject');
    }
  }
});

const types: readonly [name: string, type: WireType][] = [
  ['nest', nest],
  ['u16', u16],
  ['augmentedMetadata', augmentedMetadata],
  ['handshakeOffer', handshakeOffer],
  ...[wire.v2.shape, wire.v1.sign, wire.v1.onUnauthorized, wire.v1.observe, wire.v2.route, wire.v3.filter].flatMap(
    ({ name, schemas }): [string, WireType][] => [
      [`${name} request`, schemas.request],
      [`${name} response`, schemas.response],
    ],
  ),
];

for (const [name, type] of types) {
  encode(`${name} is read back unchanged, in either order and through either decoder`, () => {
    fc.assert(
      fc.property(valuesOf(type), fc.constantFrom('declared', 'sorted'), (value, order) => {
        const text = encodeJson(type, value, order);
        const again = decodeJson(type, text);
        assert.is(encodeJson(type, again, order), text);
        assert.equal(normal(again), normal(value));
        assert.equal(normal(decodeNode(type, parseEnvelope(text))), normal(value));
        JSON.parse(text);
      }),
      { numRuns: 100 },
    );
  });
}

/**
 * The value with sorted sets, maps without a prototype and -0 kept, so that equal values are deeply
 * equal.
 */
function normal(value: unknown): unknown {
  if (value instanceof OpaqueJson) return value.text;
  if (Array.isArray(value)) {
    const strings = value.every((item) => typeof item === 'string');
    return strings ? [...value].sort(compareUtf8) : value.map(normal);
  }
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : value;
  return Object.entries(value)
    .map(([key, item]) => [key, normal(item)])
    .sort(([a], [b]) => compareUtf8(String(a), String(b)));
}

encode.run();
