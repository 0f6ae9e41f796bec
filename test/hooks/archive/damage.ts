import * as fc from 'fast-check';

/** What is done to an archive at one place. */
interface Damage {
  readonly at: number;
  readonly kind: 'byte' | 'removed' | 'inserted' | 'word' | 'added';
  readonly value: number;
}

/** One to three kinds of damage. Many are small changes of an offset or count. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    at: fc.oneof(fc.nat({ max: 100 }), fc.nat()),
    kind: fc.constantFrom('byte', 'removed', 'inserted', 'word', 'added'),
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
    const [before, after] = [[...result.subarray(0, index)], [...result.subarray(index)]];
    if (kind === 'byte') result[index] = value;
    else if (kind === 'removed') result = Uint8Array.from([...before, ...after.slice(1)]);
    else if (kind === 'inserted') result = Uint8Array.from([...before, value, ...after]);
    else if (index + 4 <= result.length)
      view.setInt32(index, kind === 'word' ? value : view.getInt32(index, true) + value, true);
  }
  return result;
}
