import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { extend } from '../../src/json/declare.ts';
import {
  type Declaration,
  emptyWhenMissing,
  encodeJson,
  type Infer,
  list,
  type OpaqueJson,
  opaque,
  option,
  skippedWhenNone,
  string,
  struct,
  taggedUnion,
  u8,
  u64,
} from '../../src/protocol/messages/index.ts';

const declare = suite('json/declare');

const sample = struct('Sample', {
  plain: u8,
  maybe: option(u64),
  skipped: skippedWhenNone(string),
  filled: emptyWhenMissing(list(string)),
});

/** A declaration without its decoder and encoder. */
function withoutCoders(type: Declaration): unknown {
  const { decode, encoder, ...told } = type;
  assert.type(decode, 'function');
  assert.type(encoder, 'function');
  return told;
}

declare('a struct is data: its fields in order, and what the absence of each means', () => {
  assert.ok(sample.kind === 'struct');
  const fields = sample.fields.map((field) => ({ ...field, type: withoutCoders(field.type) }));
  assert.equal(withoutCoders({ ...sample, fields: [] }), { kind: 'struct', name: 'Sample', fields: [] });
  assert.equal(fields, [
    { name: 'plain', type: withoutCoders(u8), whenMissing: 'refused' },
    { name: 'maybe', type: { kind: 'option', of: u64 }, whenMissing: 'none' },
    { name: 'skipped', type: { kind: 'option', of: string }, whenMissing: 'skipped' },
    { name: 'filled', type: { kind: 'list', of: string }, whenMissing: 'empty' },
  ]);
});

declare('a tagged union is data: its variants in order', () => {
  assert.equal(withoutCoders(taggedUnion('Sample', { nothing: null, something: { a: u8 } })), {
    kind: 'taggedUnion',
    name: 'Sample',
    tag: 'kind',
    variants: [
      { name: 'nothing', fields: null },
      { name: 'something', fields: [{ name: 'a', type: u8, whenMissing: 'refused' }] },
    ],
  });
});

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

declare('the TypeScript type is that of the declaration', () => {
  // The compiler checks these: `true` is not assignable to an unequal type.
  const structs: Equal<
    Infer<typeof sample>,
    {
      readonly plain: number;
      readonly maybe: number | bigint | null;
      readonly filled: readonly string[];
      readonly skipped?: string | null | undefined;
    }
  > = true;
  const union = taggedUnion('Union', { nothing: null, something: { state: opaque } });
  const unions: Equal<
    Infer<typeof union>,
    { readonly kind: 'nothing' } | { readonly kind: 'something'; readonly state: OpaqueJson }
  > = true;
  assert.ok(structs && unions);
  // A plain value is accepted where a state is written. A field must be present unless it is
  // skipped when null.
  assert.is(
    encodeJson(union, { kind: 'something', state: { a: 1 } }, 'declared'),
    '{"kind":"something","state":{"a":1}}',
  );
  // @ts-expect-error `filled` is missing
  assert.throws(() => encodeJson(sample, { plain: 1, maybe: null }, 'declared'), /\$\.filled/);
});

declare.run();

const extended = suite('json/declare: extend');

extended('has the properties of both in order; the second wins', () => {
  const base = { a: 1, b: 2 };
  const both = extend(base, { b: 'other', c: 3 });
  assert.equal(Object.entries(both), [
    ['a', 1],
    ['b', 'other'],
    ['c', 3],
  ]);
  assert.equal(base, { a: 1, b: 2 });
});

extended.run();
