// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
/** The numbers that the programs work on, the same in each run: xorshift32. */
let state: u32 = 1;

/** Begins the numbers anew. */
export function seed(value: u32): void {
  state = value;
}

/** The next number. */
export function random(): u32 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/** A checksum of bytes, apart from what is measured: every 61st one counts. */
export function checksum(start: usize, length: usize): i32 {
  let sum: u32 = 0;
  for (let i: usize = 0; i < length; i += 61) sum = sum * 31 + load<u8>(start + i);
  return sum;
}
