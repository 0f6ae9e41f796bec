// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
import { checksum, random, seed } from './random.ts';

const BYTES: usize = 1 << 14;
const TURNS = 1600;
const from = memory.data(BYTES);
const to = memory.data(BYTES);

/** A copy byte by byte: the shortest loop that does something. */
export function run(): i32 {
  seed(31);
  for (let i: usize = 0; i < BYTES; i += 4) store<u32>(from + i, random());
  for (let turn = 0; turn < TURNS; turn++) {
    store<u8>(from + turn, turn);
    for (let i: usize = 0; i < BYTES; i++) store<u8>(to + i, load<u8>(from + i));
  }
  return checksum(to, BYTES);
}
