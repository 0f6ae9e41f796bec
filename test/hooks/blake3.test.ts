import { blake3 as reference } from '@noble/hashes/blake3.js';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blake3 } from '../../src/hooks/blake3.ts';
import { toHex } from '../support/hex.ts';

const hash = suite('hooks/blake3');

/** Bytes that repeat only after 251, as in the vectors of the specification. */
function sample(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index % 251);
}

hash('agrees with another implementation around the sizes of blocks, chunks and trees', () => {
  const edges = [0, 64, 128, 1024, 2048, 3072, 4096, 5120, 8192, 16384, 31744];
  for (const length of edges.flatMap((edge) => [edge - 1, edge, edge + 1]).filter((edge) => edge >= 0))
    assert.is(toHex(blake3(sample(length))), toHex(reference(sample(length))), `${length} bytes`);
});

hash('agrees with another implementation on random bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000, size: 'max' }), (bytes) => {
      assert.is(toHex(blake3(bytes)), toHex(reference(bytes)));
    }),
    { numRuns: 50 },
  );
});

hash('hashes the bytes of a view, not of its buffer', () => {
  assert.equal(blake3(sample(300).subarray(100, 200)), blake3(sample(300).slice(100, 200)));
});

hash.run();
