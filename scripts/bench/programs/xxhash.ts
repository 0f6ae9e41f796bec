// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
import { random, seed } from './random.ts';

const BYTES: usize = 1 << 22;
const TURNS = 24;
const P1: u32 = 2654435761;
const P2: u32 = 2246822519;
const input = memory.data(BYTES);
let filled = false;

function round(lane: u32, value: u32): u32 {
  return rotl(lane + value * P2, 13) * P1;
}

/**
 * The lanes of xxHash32: four at a time, bound by how many instructions the processor can take in.
 */
export function run(): i32 {
  if (!filled) {
    seed(17);
    for (let i: usize = 0; i < BYTES; i += 4) store<u32>(input + i, random());
    filled = true;
  }
  let a: u32 = P1 + P2;
  let b: u32 = P2;
  let c: u32 = 0;
  let d: u32 = 0 - P1;
  for (let turn = 0; turn < TURNS; turn++) {
    for (let at = input; at < input + BYTES; at += 16) {
      a = round(a, load<u32>(at));
      b = round(b, load<u32>(at, 4));
      c = round(c, load<u32>(at, 8));
      d = round(d, load<u32>(at, 12));
    }
  }
  return rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
}
