import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBase64, encodeBase64 } from '../../src/base64.ts';
import { decodeArchive } from '../../src/hooks/archive/decode.ts';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { ArchiveEncodeError } from '../../src/hooks/archive/encode-error.ts';
import type { ArchiveDeclaration, ArchiveType } from '../../src/hooks/archive/type.ts';
import { hooks } from '../../src/hooks/hook.ts';
import { decodeArchiveJson, encodeArchiveJson } from '../../src/hooks/json-form.ts';
import { FilterRequest } from '../../src/hooks/messages/filter.ts';
import { ShapeRequest, TransformResponseResult } from '../../src/hooks/messages/shape.ts';
import { filterSample, shapeSample } from '../../src/hooks/samples.ts';
import { JsonDecodeError } from '../../src/json/text/decode-error.ts';
import { failureOf } from '../support/failure.ts';
import { types, valuesOf } from './archive/values.ts';
import { messages } from './messages.ts';

const form = suite('hooks/json-form');

/** The eight messages. */
const exchanged = hooks.flatMap(({ request, response }) => [request, response]);

/** Whether a value has a number that JSON cannot hold. */
function hasNonFinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return Object.values(value).some(hasNonFinite);
}

const typed = (type: ArchiveDeclaration) => fc.record({ type: fc.constant(type), value: valuesOf(type) });

/** A message or any other type, with one of its values. */
const anyTyped = fc.oneof(
  ...exchanged.map(typed),
  fc.oneof(fc.constantFrom<ArchiveDeclaration>(...messages), types).chain(typed),
);

form('a value that is written as JSON and read is the same', () => {
  fc.assert(
    fc.property(anyTyped, ({ type, value }) => {
      fc.pre(!hasNonFinite(value));
      const read = decodeArchiveJson<unknown>(type, encodeArchiveJson<unknown>(type, value));
      assert.equal(read, value);
      assert.equal(encodeArchive<unknown>(type, read), encodeArchive<unknown>(type, value));
    }),
    { numRuns: 1000 },
  );
});

form('a JSON text that is read and written has the same value, with its fields in declared order', () => {
  fc.assert(
    fc.property(anyTyped, ({ type, value }) => {
      fc.pre(!hasNonFinite(value));
      const text = encodeArchiveJson<unknown>(type, value);
      assert.is(encodeArchiveJson<unknown>(type, decodeArchiveJson<unknown>(type, text)), text);
      const archived = decodeArchive<unknown>(type, encodeArchive<unknown>(type, value));
      assert.is(encodeArchiveJson<unknown>(type, archived), text);
    }),
    { numRuns: 300 },
  );
});

form('bytes are base64 in a field with that name, and enums have a kind', () => {
  const request = { ...shapeSample(), query: 'a=b', body: Uint8Array.of(0, 0xff, 0xfe) };
  assert.is(
    encodeArchiveJson(ShapeRequest, request),
    '{"request_id":"probe-req-1","method":"POST","path":"/v1/messages","query":"a=b",' +
      '"headers":[{"name":"content-type","value_base64":"YXBwbGljYXRpb24vanNvbg=="}],"body_base64":"AP/+",' +
      '"principal":{"id":"probe-principal","kind":"api_key","claims":[]},' +
      '"upstream":{"kind":"AnthropicDirect","base_url":"https://example.test"}}',
  );
  const replace = { kind: 'Replace', status: null, headers: null, body: Uint8Array.of(1) } as const;
  const written = '{"kind":"Replace","status":null,"headers":null,"body_base64":"AQ=="}';
  assert.is(encodeArchiveJson(TransformResponseResult, replace), written);
  assert.equal(decodeArchiveJson(TransformResponseResult, written), replace);
  assert.equal(decodeArchiveJson(TransformResponseResult, '{"kind":"Unchanged"}'), { kind: 'Unchanged' });
});

form('a u64 keeps all its digits', () => {
  const sample = filterSample();
  const cache_pricing = { ...sample.cache_pricing, input_micros_per_million: 2n ** 64n - 1n };
  const text = encodeArchiveJson(FilterRequest, { ...sample, cache_pricing });
  assert.match(text, '"input_micros_per_million":18446744073709551615,');
  assert.equal(decodeArchiveJson(FilterRequest, text).cache_pricing, cache_pricing);
});

form('a field that may be null may be missing', () => {
  const text = encodeArchiveJson(FilterRequest, filterSample());
  const shorter = text.replace('"thread_id":null,', '').replace('"query":null,', '');
  assert.is(shorter.length, text.length - '"thread_id":null,"query":null,'.length);
  assert.equal(decodeArchiveJson(FilterRequest, shorter), filterSample());
});

const shape = encodeArchiveJson(ShapeRequest, shapeSample());
const refused: readonly (readonly [what: string, text: string, kind: string, path: string])[] = [
  ['text other than JSON', '{', 'Syntax', '$'],
  ['a missing field', shape.replace('"method":"POST",', ''), 'MissingField', '$.method'],
  ['a missing field of bytes', shape.replace(/"body_base64":"[^"]*",/, ''), 'MissingField', '$.body_base64'],
  ['an unknown field', shape.replace('"method"', '"methods":1,"method"'), 'UnknownField', '$'],
  ['bytes without their ending', shape.replace('"body_base64"', '"body"'), 'UnknownField', '$'],
  ['a repeated field', shape.replace('"method"', '"method":"","method"'), 'RepeatedField', '$.method'],
  ['an unknown kind', shape.replace('"AnthropicDirect"', '"Other"'), 'UnknownVariant', '$.upstream.kind'],
  ['a missing kind', shape.replace('"kind":"AnthropicDirect",', ''), 'MissingField', '$.upstream.kind'],
  ['a field of another enum', shape.replace('"base_url"', '"url"'), 'UnknownField', '$.upstream'],
  [
    'bytes as an array',
    shape.replace(/"value_base64":"[^"]*"/, '"value_base64":[1]'),
    'WrongType',
    '$.headers[0].value_base64',
  ],
  ...['YQ', 'YQ=', 'YQ== ', 'YR==', 'Y_==', 'Y=Q=', '====', 'YWJ='].map(
    (text) =>
      [
        `${text} as bytes`,
        shape.replace('YXBwbGljYXRpb24vanNvbg==', text),
        'WrongType',
        '$.headers[0].value_base64',
      ] as const,
  ),
];
for (const [what, text, kind, path] of refused) {
  form(`${what} is refused`, () => {
    const failure = failureOf(JsonDecodeError, () => decodeArchiveJson(ShapeRequest, text));
    assert.equal([failure.kind, failure.path], [kind, path]);
  });
}

form('other fields beside a kind without fields are refused', () => {
  const text = '{"kind":"Unchanged","status":1}';
  assert.is(failureOf(JsonDecodeError, () => decodeArchiveJson(TransformResponseResult, text)).kind, 'UnknownField');
});

form('a number that is not finite is written as null, which is refused', () => {
  const type: ArchiveType<number> = { kind: 'number', name: 'f64' };
  assert.is(encodeArchiveJson(type, Number.NaN), 'null');
  assert.is(failureOf(JsonDecodeError, () => decodeArchiveJson(type, 'null')).kind, 'WrongType');
});

form('a value of another type is refused as by the archive', () => {
  const headers = [{ name: 'x', value: 'YQ==' }];
  // The cast: a mistake that the compiler would find.
  const request = { ...shapeSample(), headers } as unknown as ShapeRequest;
  const failure = failureOf(ArchiveEncodeError, () => encodeArchiveJson(ShapeRequest, request));
  assert.equal([failure.kind, failure.path], ['WrongType', '$.headers[0].value']);
});

form('base64 of any length is read and written', () => {
  for (const size of [0, 1, 2, 3, 4, 0x7fff, 0x8000, 0x8001, 300_000]) {
    const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 167) % 256);
    const text = encodeBase64(bytes);
    assert.is(text.length, Math.ceil(size / 3) * 4);
    assert.equal(decodeBase64(text), bytes);
  }
  assert.is(encodeBase64(new TextEncoder().encode('any carnal pleas')), 'YW55IGNhcm5hbCBwbGVhcw==');
});

form.run();
