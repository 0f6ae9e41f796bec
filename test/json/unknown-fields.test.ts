import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyWhenMissing, list, map, string, struct, u8 } from '../../src/json/declare.ts';
import { decodeJsonBytes } from '../../src/json/decode.ts';
import { JsonDecodeError } from '../../src/json/text/decode-error.ts';
import { withoutUnknownFields } from '../../src/json/unknown-fields.ts';
import { failureOf, unlessThrown } from '../support/failure.ts';

const unknown = suite('json/unknown-fields');

const Inner = struct('Inner', { a: u8, b: string });
const Outer = struct('Outer', { inner: Inner, many: emptyWhenMissing(map(Inner)), items: list(Inner) });
const Only = struct('Only', { a: u8 });

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Each character is a byte, so that a text can have bytes that are not UTF-8. */
const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const read = (bytes: Uint8Array): { readonly a: number } => decodeJsonBytes(Only, withoutUnknownFields(Only, bytes));

/** Fails the test unless the codec refuses something. */
function refused(run: () => unknown, about?: string): void {
  assert.is(unlessThrown(JsonDecodeError, run), undefined, about);
}

unknown('undeclared fields are overwritten, wherever a struct is', () => {
  const text =
    '{"x":[1,{"inner":2}],"inner":{"b":"t","y":null,"a":1},"many":{"k":{"a":1,"z":{},"b":""},"l":[2,"m"]},' +
    '"items":[{"q":"","a":3,"b":"]}"},[4,"n"]] , "inn\\u0065r2":1}';
  const bytes = bytesOf(text);
  const cleaned = withoutUnknownFields(Outer, bytes);
  assert.is(cleaned.length, bytes.length);
  assert.equal(decodeJsonBytes(Outer, cleaned), {
    inner: { a: 1, b: 't' },
    many: Object.assign(Object.create(null), { k: { a: 1, b: '' }, l: { a: 2, b: 'm' } }),
    items: [
      { a: 3, b: ']}' },
      { a: 4, b: 'n' },
    ],
  });
  assert.is(new TextDecoder().decode(bytes), text, 'the original is as it was');
});

unknown('a field is declared if its name is, however it is written', () => {
  assert.equal(read(bytesOf('{"\\u0061":1}')), { a: 1 });
  assert.equal(read(bytesOf('{"A":2,"a":1,"":0,"aa":3}')), { a: 1 });
});

unknown('a map that is missing is empty', () => {
  const type = struct('M', { many: emptyWhenMissing(map(u8)) });
  assert.equal(Object.keys(decodeJsonBytes(type, bytesOf('{}')).many), []);
  assert.equal(Object.keys(decodeJsonBytes(type, bytesOf('[]')).many), []);
  refused(() => decodeJsonBytes(type, bytesOf('{"many":null}')));
});

unknown('of an ignored value only the grammar is checked', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  // The kinds of brackets alternate beyond 32, which share a number.
  const mixed = `${'{"":['.repeat(100)}${']}'.repeat(100)}`;
  const accepted = [
    '"\xff"',
    '"\\ud800"',
    '1e999',
    '-0.0E+1',
    '10e-07',
    '2E9',
    '"\\u00Aa\\uFf09"',
    mixed,
    '12345678901234567890123',
    deep,
    '{"\xff":{"\\udc00":[]}}',
    ' [ ] ',
    '{ }',
    '[[],{},"",null , true,false]',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000"',
    '{"a":1,"a":2}',
  ];
  for (const value of accepted) {
    assert.equal(read(latin(`{"x":${value},"a":1}`)), { a: 1 }, value.slice(0, 40));
    assert.equal(read(latin(`{"a":1 , "x" : ${value} }`)), { a: 1 }, value.slice(0, 40));
  }
  const broken = [
    '',
    ',',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '1e+',
    '1E.5',
    '1.e5',
    '-',
    '--1',
    '-a',
    '1a',
    'tru',
    'trve',
    'nul',
    'nulll',
    'True',
    '"',
    '"\n"',
    '"\\x"',
    '"\\u12g4"',
    '"\\u12',
    '"\\u12"4"',
    '"\\u123`"',
    '"\\u123:"',
    '[',
    '[1',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1}',
    '{',
    '{"b"}',
    '{"b":}',
    '{"b":1,}',
    '{b:1}',
    '{1:1}',
    '{"b":1]',
    `${deep}]`,
    mixed.replace(']}]', ']]]'),
    mixed.replace('[]', '[}'),
    '1 2',
  ];
  for (const value of broken) {
    refused(() => read(latin(`{"x":${value},"a":1}`)), value.slice(0, 40));
    refused(() => read(latin(`{"a":1,"x":${value}}`)), value.slice(0, 40));
  }
});

unknown('keys of structs must be text, and declared fields are decoded strictly', () => {
  for (const text of ['{"\xff":1,"a":1}', '{"\\ud800":1,"a":1}', '{"a":1,"a":1}', '{"a":1}}', '\xef\xbb\xbf{"a":1}'])
    refused(() => read(latin(text)), text);
  for (const text of ['{"a":1,}', '{,"a":1}', '{"x":1,,"a":1}', '{"x":1 "a":1}', '{"x":1', '{"a":256}', '{"x":1}'])
    refused(() => read(latin(text)), text);
});

unknown('offsets are those of the original', () => {
  const { offset } = failureOf(JsonDecodeError, () => read(latin('{"x":"\xff\xff","a":-1}')));
  assert.is(offset, 14);
});

/** A JSON text of a struct with some undeclared fields between the declared ones. */
const texts = fc
  .record({
    before: fc.array(fc.json(), { maxLength: 2 }),
    after: fc.array(fc.json(), { maxLength: 2 }),
    a: fc.nat(255),
  })
  .map(({ before, after, a }) => {
    const member = (value: string, index: number): string => `"x${index}":${value}`;
    return { a, text: `{${[...before.map(member), `"a":${a}`, ...after.map(member)].join(',')}}` };
  });

unknown('any JSON is ignored, and a change that breaks it is noticed', () => {
  fc.assert(
    fc.property(
      texts,
      fc.nat(),
      fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '1', 'e', ' '),
      (valid, at, mark) => {
        assert.equal(read(bytesOf(valid.text)), { a: valid.a });
        const index = at % valid.text.length;
        const changed = valid.text.slice(0, index) + mark + valid.text.slice(index + 1);
        let isJson = true;
        try {
          JSON.parse(changed);
        } catch {
          isJson = false;
        }
        const found = unlessThrown(JsonDecodeError, () => read(bytesOf(changed)));
        if (!isJson) assert.is(found, undefined, changed);
      },
    ),
    { numRuns: 300 },
  );
});

unknown.run();
