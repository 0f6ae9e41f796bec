import * as fc from 'fast-check';

/**
 * What is done to an archive at one place. `aimed` writes an offset to any byte of the archive,
 * `cut` removes all bytes from there or up to there, `spliced` copies bytes from elsewhere.
 */
interface Damage {
  readonly at: number;
  readonly kind: 'byte' | 'removed' | 'inserted' | 'word' | 'added' | 'aimed' | 'cut' | 'spliced';
  readonly value: number;
}

/** One to three kinds of damage. Many are small changes of an offset or count. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    at: fc.oneof(fc.nat({ max: 100 }), fc.nat()),
    kind: fc.constantFrom('byte', 'removed', 'inserted', 'word', 'added', 'aimed', 'cut', 'spliced'),
    value: fc.oneof(fc.integer({ min: -64, max: 64 }), fc.integer()),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Returns a damaged copy. Places count from the end, where the root is. */
export function damaged(bytes: Uint8Array, damage: readonly Damage[]): Uint8Array<ArrayBuffer> {
  let result = new Uint8Array(bytes);
  for (const { at, kind, value } of damage) {
    const index = Math.max(0, result.length - 1 - (at % Math.max(1, result.length)));
    const view = new DataView(result.buffer);
    // Pointers are at multiples of 4, as is what a splice replaces.
    const pointer = index - (index % 4);
    const target = Math.abs(value) % (result.length + 1);
    const [before, after] = [[...result.subarray(0, index)], [...result.subarray(index)]];
    if (kind === 'byte') result[index] = value;
    else if (kind === 'removed') result = Uint8Array.from([...before, ...after.slice(1)]);
    else if (kind === 'inserted') result = Uint8Array.from([...before, value, ...after]);
    else if (kind === 'cut') result = value < 0 ? result.slice(0, index) : result.slice(index);
    else if (kind === 'spliced') result.copyWithin(pointer, target, target + 24);
    else if (kind === 'aimed') {
      if (pointer + 4 <= result.length) view.setInt32(pointer, target - pointer, true);
    } else if (index + 4 <= result.length)
      view.setInt32(index, kind === 'word' ? value : view.getInt32(index, true) + value, true);
  }
  return result;
}
