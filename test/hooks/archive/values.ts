import * as fc from 'fast-check';
import type { ArchiveDeclaration, ArchiveField } from '../../../src/hooks/archive/type.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ minLength: 30, maxLength: 60 }),
  fc.constantFrom('', '\ufeff', '\ufffd', '\u{10ffff}', 'é', '\0'),
);

/** Values of a declared type as decoding makes them. */
export function valuesOf(type: ArchiveDeclaration): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'number':
      return numbersOf(type.name);
    case 'string':
      return text;
    case 'bytes':
      return fc.uint8Array({ maxLength: 20 });
    case 'list':
      return fc.array(valuesOf(type.of), { maxLength: 4 });
    case 'option':
      return fc.option(valuesOf(type.of));
    case 'struct':
      return fieldsOf(type.fields);
    case 'enum':
      return fc.oneof(
        ...type.variants.map(({ name, fields }) => fieldsOf(fields).map((value) => ({ kind: name, ...value }))),
      );
  }
}

function numbersOf(name: 'u16' | 'u32' | 'u64' | 'f64'): fc.Arbitrary<number | bigint> {
  if (name === 'f64') return fc.double();
  const max = { u16: 2n ** 16n, u32: 2n ** 32n, u64: 2n ** 64n }[name] - 1n;
  return fc
    .oneof(fc.bigInt({ min: 0n, max }), fc.constantFrom(0n, max))
    .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
}

function fieldsOf(fields: readonly ArchiveField[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(fields.map(({ name, type }) => [name, valuesOf(type)])), {
    noNullPrototype: true,
  });
}

/** Any types, also such as the hook ABI does not have. */
export const types: fc.Arbitrary<ArchiveDeclaration> = fc.letrec<{ type: ArchiveDeclaration; fields: ArchiveField[] }>(
  (tie) => ({
    type: fc.oneof(
      { maxDepth: 4, depthSize: 'medium' },
      fc.constantFrom<ArchiveDeclaration>(
        { kind: 'number', name: 'u16' },
        { kind: 'number', name: 'u32' },
        { kind: 'number', name: 'u64' },
        { kind: 'number', name: 'f64' },
        { kind: 'string' },
        { kind: 'bytes' },
      ),
      fc.record({ kind: fc.constant('list'), of: tie('type') }),
      fc.record({ kind: fc.constant('option'), of: tie('type') }),
      fc.record({ kind: fc.constant('struct'), name: fc.constant('Struct'), fields: tie('fields') }),
      fc.array(tie('fields'), { minLength: 1, maxLength: 3 }).map(
        (variants): ArchiveDeclaration => ({
          kind: 'enum',
          name: 'Enum',
          variants: variants.map((fields, index) => ({ name: `V${index}`, fields })),
        }),
      ),
    ),
    fields: fc
      .array(tie('type'), { minLength: 1, maxLength: 4 })
      .map((all) => all.map((type, index) => ({ name: `f${index}`, type }))),
  }),
).type;
