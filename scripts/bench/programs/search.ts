// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
import { random, seed } from './random.ts';

const BYTES: usize = 1 << 21;
const haystack = memory.data(BYTES + 16);
const needle = memory.data<u8>([97, 98, 97, 99, 97, 98, 97, 100]);
const NEEDLE: usize = 8;
let filled = false;

/** All places of a needle in text of four letters, byte by byte, as strstr is written. */
export function run(): i32 {
  if (!filled) {
    seed(29);
    for (let i: usize = 0; i < BYTES; i++) store<u8>(haystack + i, 97 + ((random() >> 8) & 3));
    filled = true;
  }
  let found = 0;
  let places: u32 = 0;
  const first = load<u8>(needle);
  for (let at = haystack; at < haystack + BYTES; at++) {
    if (load<u8>(at) !== first) continue;
    let matched: usize = 1;
    while (matched < NEEDLE && load<u8>(at + matched) === load<u8>(needle + matched)) matched++;
    if (matched < NEEDLE) continue;
    found++;
    places = places * 31 + (at - haystack);
  }
  return places ^ found;
}
