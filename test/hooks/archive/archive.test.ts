import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeArchive } from '../../../src/hooks/archive/decode.ts';
import { ArchiveDecodeError } from '../../../src/hooks/archive/decode-error.ts';
import { encodeArchive, planArchive } from '../../../src/hooks/archive/encode.ts';
import { layoutOf } from '../../../src/hooks/archive/layout.ts';
import type { ArchiveDeclaration } from '../../../src/hooks/archive/type.ts';
import { unlessThrown } from '../../support/failure.ts';
import { toHex } from '../../support/hex.ts';
import { messages } from '../messages.ts';
import { damaged, damages } from './damage.ts';
import { slowRead } from './slow-reader.ts';
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

archive('a damaged archive is read as a plain reader does, and its value can be written', () => {
  let [refused, read] = [0, 0];
  fc.assert(
    fc.property(typed, damages, ({ type, value }, damage) => {
      const bytes = damaged(encodeArchive<unknown>(type, value), damage);
      const found = unlessThrown(ArchiveDecodeError, () => decodeArchive<unknown>(type, bytes));
      assert.equal(found, slowRead(type, bytes));
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
