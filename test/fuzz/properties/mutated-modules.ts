import * as fc from 'fast-check';
import { readSections, WasmFormatError } from '../../../src/wasm/index.ts';
import { fixture } from '../../support/fixture.ts';
import { fixturePaths } from '../../support/fixtures-list.ts';
import { wat } from '../../support/wat.ts';

/** Modules with features that the fixtures do not use. */
const exotic: readonly string[] = [
  '(module (import "a" "t" (table 1 funcref)) (import "a" "m" (memory 1 2)) (import "a" "g" (global ' +
    '(mut i64))) (import "a" "f" (func (param f32) (result f64))))',
  '(module (func (param i32) (result i32 i64) local.get 0 i64.const 1) (export "a" (func 0)) (export "b" (func 0)))',
  '(module (table 3 5 externref) (elem declare func 0) (func (result funcref) ref.func 0) (data "abc") ' +
    '(memory 1) (func i32.const 0 i32.const 0 i32.const 1 memory.init 0))',
  '(module (memory 1) (func (param v128) (result v128) local.get 0 i32.const 0 v128.load i8x16.add))',
  '(module (func $f (param i32) (result i32) (block (block (block (br_table 0 1 2 (local.get 0))) (return ' +
    '(i32.const 1))) (return (i32.const 2))) (i32.const 3)) (start 1) (func))',
  '(module (global i32 (i32.const 1)) (global (mut f64) (f64.const nan)) (table 2 funcref) (elem ' +
    '(i32.const 0) 0 0) (func))',
];

/** The fixtures without those of the hook ABI, which hook-admission.ts mutates. */
const paths = fixturePaths.filter((path) => !path.startsWith('hooks/'));
const small = (await Promise.all(paths.map(fixture))).filter((bytes) => bytes.length < 4_000);

/** The modules before mutation. They have no name section, because engines ignore faults in it. */
const originals: readonly Uint8Array[] = [...small, ...(await Promise.all(exotic.map(wat)))].map(withoutNames);

function withoutNames(bytes: Uint8Array): Uint8Array {
  const kept = [...readSections(bytes)].filter(({ name }) => name !== 'name');
  return new Uint8Array([
    ...bytes.subarray(0, 8),
    ...kept.flatMap(({ offset, end }) => [...bytes.subarray(offset, end)]),
  ]);
}

/** One change: of a byte, of a whole section, or of a count. */
type Change =
  | { readonly kind: 'set' | 'insert'; readonly at: number; readonly byte: number }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number }
  | { readonly kind: 'repeat' | 'drop' | 'swap'; readonly section: number; readonly other: number };

const place = fc.nat(0xffff);
/** Bytes that have a meaning in many places. */
const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x01, 0x0b, 0x40, 0x60, 0x7f, 0x80, 0xff));

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('set', 'insert'), at: place, byte }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('remove'), at: place, count: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('repeat', 'drop', 'swap'), section: fc.nat(20), other: fc.nat(20) }),
  },
);

/** Modules with a few changes. Most of them are malformed or invalid. */
export function mutationsOf(modules: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.nat(modules.length - 1), fc.array(change, { maxLength: 5 }))
    .map(([index, changes]) => changes.reduce(changed, (modules[index] ?? new Uint8Array()).slice()));
}

/** Mutations of the small fixtures, and of modules with features that those do not use. */
export const mutatedModules: fc.Arbitrary<Uint8Array> = mutationsOf(originals);

function changed(bytes: Uint8Array, one: Change): Uint8Array {
  switch (one.kind) {
    case 'set': {
      const copy = bytes.slice();
      if (copy.length > 0) copy[one.at % copy.length] = one.byte;
      return copy;
    }
    case 'insert':
      return spliced(bytes, one.at, 0, [one.byte]);
    case 'remove':
      return spliced(bytes, one.at, one.count, []);
    case 'repeat':
    case 'drop':
    case 'swap':
      return withSections(bytes, one.kind, one.section, one.other);
  }
}

function spliced(bytes: Uint8Array, place: number, removed: number, added: readonly number[]): Uint8Array {
  const at = place % (bytes.length + 1);
  return new Uint8Array([...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed)]);
}

/**
 * Changes the order and the number of sections. A module whose sections cannot be read stays
 * unchanged.
 */
function withSections(bytes: Uint8Array, kind: 'repeat' | 'drop' | 'swap', first: number, second: number): Uint8Array {
  const parts: Uint8Array[] = [];
  try {
    for (const { offset, end } of readSections(bytes)) parts.push(bytes.subarray(offset, end));
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
  }
  if (parts.length === 0) return bytes;
  const [at, other] = [first % parts.length, second % parts.length];
  const [one, two] = [parts[at], parts[other]];
  if (one === undefined || two === undefined) return bytes;
  if (kind === 'drop') parts.splice(at, 1);
  else if (kind === 'repeat') parts.splice(other, 0, one);
  else [parts[at], parts[other]] = [two, one];
  return new Uint8Array([...bytes.subarray(0, 8), ...parts.flatMap((part) => [...part])]);
}
