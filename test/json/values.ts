import * as fc from 'fast-check';
import { encodeBase64 } from '../../src/base64.ts';
import { base64 } from '../../src/hooks/json-form.ts';
import { type Declaration, type Field, OpaqueJson } from '../../src/protocol/messages/index.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ minLength: 45, maxLength: 60 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'kind', '\ufeff', '\u{1f600}', '\uffee', '10', '9'),
);

/** A double that JSON can hold, often without a fraction. */
const finite = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());

const opaque = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    text,
    finite,
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: false }),
}));

/** Whether the opaque type accepts a value; it accepts all generated values. */
const toOpaque = (value: unknown): OpaqueJson => OpaqueJson.from(value as Parameters<typeof OpaqueJson.from>[0]);

/**
 * Values of a declared type as decoding makes them, with at most `depth` nested unions. Bytes are
 * base64, as encoding takes them.
 */
export function valuesOf(type: Declaration, depth = 2): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'string':
      return type === base64 ? fc.uint8Array({ maxLength: 9 }).map(encodeBase64) : text;
    case 'bool':
      return fc.boolean();
    case 'integer':
      return fc
        .bigInt({ min: BigInt(type.minimum), max: BigInt(type.maximum) })
        .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
    case 'float':
      return type.name === 'f32' ? finite.map(Math.fround).filter(Number.isFinite) : finite;
    case 'stringEnum':
      return fc.constantFrom(...type.values);
    case 'struct':
      return fieldsOf(type.fields, depth);
    case 'taggedUnion': {
      const variants = depth === 0 ? type.variants.filter((variant) => variant.fields === null) : type.variants;
      return fc.oneof(
        ...variants.map(({ name, fields }) =>
          fieldsOf(fields ?? [], depth - 1).map((value) => ({ [type.tag]: name, ...value })),
        ),
      );
    }
    case 'list':
      return fc.array(valuesOf(type.of, depth), { maxLength: 3 });
    case 'fixedArray':
      return fc.array(valuesOf(type.of, depth), { minLength: type.length, maxLength: type.length });
    case 'map':
      return fc.dictionary(text, valuesOf(type.of, depth), { maxKeys: 3, noNullPrototype: false });
    case 'set':
      return fc.uniqueArray(text, { maxLength: 3 });
    case 'option':
      return fc.option(valuesOf(type.of, depth));
    case 'opaque':
      return opaque.value.map(toOpaque);
    case 'opaqueObject':
      return opaque.object.map(toOpaque);
  }
}

function fieldsOf(fields: readonly Field[], depth: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(fields.map(({ name, type }) => [name, valuesOf(type, depth)])));
}
