import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonDecodeError, JsonEncodeError, type JsonValue, OpaqueJson } from '../../src/protocol/messages/index.ts';

const opaqueJson = suite('json/opaque-json');

opaqueJson('a text is held as serde_json writes a generic value', () => {
  const held = OpaqueJson.parse(' { "b" : 1.0 , "a" : 18446744073709551615 , "b" : -0 } ');
  assert.is(held.text, '{"a":18446744073709551615,"b":-0.0}');
  assert.throws(
    () => OpaqueJson.parse('{'),
    (thrown: unknown) => thrown instanceof JsonDecodeError,
  );
});

const written: readonly [value: JsonValue, text: string][] = [
  [null, 'null'],
  [1, '1'],
  [-0, '-0.0'],
  [1.5, '1.5'],
  [2 ** 60, '1.152921504606847e+18'],
  [Number.NaN, 'null'],
  [2n ** 64n - 1n, '18446744073709551615'],
  [-(2n ** 63n), '-9223372036854775808'],
  [{ b: [], a: { d: 1, c: 'x' } }, '{"a":{"c":"x","d":1},"b":[]}'],
  [JSON.parse('{"__proto__":{"constructor":1}}'), '{"__proto__":{"constructor":1}}'],
];

opaqueJson('a value is held as its text', () => {
  for (const [value, text] of written) assert.is(OpaqueJson.from(value).text, text);
});

opaqueJson('an OpaqueJson is kept as it is', () => {
  const held = OpaqueJson.parse('1.0');
  assert.is(OpaqueJson.from(held), held);
});

opaqueJson('a value that is not JSON is refused', () => {
  const endless: unknown[] = [];
  endless.push(endless);
  const table: readonly [value: unknown, kind: string, path: string][] = [
    [undefined, 'WrongType', '$'],
    [{ a: [1, undefined] }, 'WrongType', '$[0][1]'],
    [() => 1, 'WrongType', '$'],
    [Symbol('a'), 'WrongType', '$'],
    [new Date(0), 'WrongType', '$'],
    [{ a: new Map() }, 'WrongType', '$[0]'],
    [{ a: OpaqueJson.from(1) }, 'WrongType', '$[0]'],
    [2n ** 64n, 'IntegerOutOfRange', '$'],
    ['\ud800', 'LoneSurrogate', '$'],
    [endless, 'TooDeep', `$${'[0]'.repeat(127)}`],
  ];
  for (const [value, kind, path] of table) {
    try {
      // These values do not type-check; the test is about them.
      OpaqueJson.from(value as JsonValue);
      assert.unreachable(path);
    } catch (thrown) {
      if (!(thrown instanceof JsonEncodeError)) throw thrown;
      assert.is(thrown.failure.kind, kind);
      assert.is(thrown.failure.path, path);
    }
  }
});

opaqueJson('a value is read back in JavaScript, anew each time', () => {
  const held = OpaqueJson.parse('{"a":[18446744073709551615,1.0],"__proto__":null}');
  assert.equal(Object.entries(held.parse() ?? {}), [
    ['__proto__', null],
    ['a', [18446744073709551615n, 1]],
  ]);
  assert.is.not(held.parse(), held.parse());
});

opaqueJson('equal values are equal', () => {
  assert.ok(OpaqueJson.parse('{"a":1,"b":2}').equals(OpaqueJson.from({ b: 2, a: 1 })));
  assert.not.ok(OpaqueJson.parse('1').equals(OpaqueJson.parse('1.0')));
});

opaqueJson('in a report it is the plain value', () => {
  assert.is(
    JSON.stringify({ state: OpaqueJson.parse('{"a":[1,"x"],"b":18446744073709551615}') }),
    '{"state":{"a":[1,"x"],"b":18446744073709552000}}',
  );
});

opaqueJson.run();
