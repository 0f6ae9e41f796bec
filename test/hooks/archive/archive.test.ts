import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeArchive } from '../../../src/hooks/archive/decode.ts';
import { ArchiveDecodeError } from '../../../src/hooks/archive/decode-error.ts';
import { encodeArchive, planArchive } from '../../../src/hooks/archive/encode.ts';
import { layoutOf } from '../../../src/hooks/archive/layout.ts';
import type { ArchiveDeclaration } from '../../../src/hooks/archive/type.ts';
import { unlessThrown } from '../../support/failure.ts';
import { toHex } from '../hex.ts';
import { messages } from '../messages.ts';
import { types, valuesOf } from './values.ts';

const archive = suite('hooks/archive');

/** A message or any other type, with one of its values. */
const typed = fc
  .oneof(fc.constantFrom<ArchiveDeclaration>(...messages), types)
  .chain((type) => fc.record({ type: fc.constant(type), value: valuesOf(type) }));

archive('a value that is written and read is the same', () => {
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      assert.equal(decodeArchive<unknown>(type, encodeArchive<unknown>(type, value)), value);
    }),
    { numRuns: 500 },
  );
});

archive('an archive is written at any offset of a used memory, and nothing outside it', () => {
  fc.assert(
    fc.property(typed, fc.nat({ max: 17 }), fc.nat({ max: 9 }), ({ type, value }, before, after) => {
      const plan = planArchive<unknown>(type, value);
      const memory = new Uint8Array(before + plan.size + after).fill(0xaa);
      plan.writeTo(memory, before);
      const archived = memory.slice(before, before + plan.size);
      assert.is(toHex(archived), toHex(encodeArchive<unknown>(type, value)));
      const outside = [...memory.subarray(0, before), ...memory.subarray(before + plan.size)];
      assert.ok(outside.every((byte) => byte === 0xaa));
      assert.throws(() => plan.writeTo(memory, before + after + 1), /does not fit/);
    }),
  );
});

/** What is done to an archive: a byte is replaced or removed, or a word is replaced. */
const damages = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('byte', 'removed', 'word'),
    value: fc.oneof(fc.integer({ min: -64, max: 64 }), fc.integer()),
  }),
  { minLength: 1, maxLength: 3 },
);

function damaged(bytes: Uint8Array, damage: readonly { at: number; kind: string; value: number }[]): Uint8Array {
  let result = bytes;
  for (const { at, kind, value } of damage) {
    // Most of what can go wrong is near the end, where the root is.
    const index = Math.max(0, result.length - 1 - (at % Math.max(1, result.length)));
    result = result.slice();
    if (kind === 'removed') result = Uint8Array.from([...result.subarray(0, index), ...result.subarray(index + 1)]);
    else if (kind === 'byte') result[index] = value;
    else if (index + 4 <= result.length) new DataView(result.buffer).setInt32(index, value, true);
  }
  return result;
}

archive('a damaged archive is refused, or has a value that can be written', () => {
  let [refused, read] = [0, 0];
  fc.assert(
    fc.property(typed, damages, ({ type, value }, damage) => {
      const bytes = damaged(encodeArchive<unknown>(type, value), damage);
      const found = unlessThrown(ArchiveDecodeError, () => decodeArchive<unknown>(type, bytes));
      if (found === undefined) {
        refused++;
        return;
      }
      read++;
      const canonical = encodeArchive<unknown>(type, found.value);
      // Gaps are skipped, so the canonical archive is at most as long, but for padding.
      assert.ok(canonical.length <= bytes.length + 8);
      assert.equal(decodeArchive<unknown>(type, canonical), found.value);
    }),
    { numRuns: 1000 },
  );
  assert.ok(refused > 50 && read > 50, `${refused} refused, ${read} read`);
});

archive('reading depends on the bytes of the view only', () => {
  fc.assert(
    fc.property(typed, damages, fc.nat({ max: 9 }), ({ type, value }, damage, shift) => {
      const bytes = damaged(encodeArchive<unknown>(type, value), damage);
      const buffer = new Uint8Array(bytes.length + 2 * shift).fill(1);
      buffer.set(bytes, shift);
      const outcome = (from: Uint8Array): unknown => {
        try {
          return decodeArchive<unknown>(type, from);
        } catch (thrown) {
          if (thrown instanceof ArchiveDecodeError) return thrown.failure;
          throw thrown;
        }
      };
      assert.equal(outcome(buffer.subarray(shift, shift + bytes.length)), outcome(bytes));
    }),
    { numRuns: 300 },
  );
});

archive('each archive ends with its root', () => {
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      const { size, align } = layoutOf(type);
      assert.is((encodeArchive<unknown>(type, value).length - size) % align, 0);
    }),
  );
});

archive.run();
