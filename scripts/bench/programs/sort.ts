// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
import { random, seed } from './random.ts';

const COUNT = 100000;
const numbers = memory.data(COUNT * 4);

function at(index: i32): u32 {
  return load<u32>(numbers + ((<usize>index) << 2));
}

function put(index: i32, value: u32): void {
  store<u32>(numbers + ((<usize>index) << 2), value);
}

/** Quicksort, and insertion sort for short ranges. */
function sort(from: i32, to: i32): void {
  while (to - from > 16) {
    const pivot = at((from + to) >>> 1);
    let low = from;
    let high = to;
    while (low <= high) {
      while (at(low) < pivot) low++;
      while (at(high) > pivot) high--;
      if (low <= high) {
        const value = at(low);
        put(low++, at(high));
        put(high--, value);
      }
    }
    sort(from, high);
    from = low;
  }
  for (let i = from + 1; i <= to; i++) {
    const value = at(i);
    let j = i - 1;
    for (; j >= from && at(j) > value; j--) put(j + 1, at(j));
    put(j + 1, value);
  }
}

export function run(): i32 {
  seed(7);
  for (let i = 0; i < COUNT; i++) put(i, random());
  sort(0, COUNT - 1);
  return at(0) ^ at(COUNT >> 1) ^ at(COUNT - 1);
}
