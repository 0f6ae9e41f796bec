// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
import { random, seed } from './random.ts';

const BYTES: usize = 1 << 23;
const input = memory.data(BYTES);
let filled = false;

/** FNV-1a: a byte, an exclusive or and a multiplication a turn, each waiting for the one before. */
export function run(): i32 {
  if (!filled) {
    seed(13);
    for (let i: usize = 0; i < BYTES; i += 4) store<u32>(input + i, random());
    filled = true;
  }
  let hash: u32 = 0x811c9dc5;
  for (let i: usize = 0; i < BYTES; i++) hash = (hash ^ load<u8>(input + i)) * 0x01000193;
  return hash;
}
