// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
const LIMIT: usize = 3000000;
const composite = memory.data(LIMIT);

/** The primes below a limit, by Eratosthenes. */
export function run(): i32 {
  for (let i: usize = 0; i < LIMIT; i += 4) store<u32>(composite + i, 0);
  let primes = 0;
  for (let candidate: u32 = 2; candidate < LIMIT; candidate++) {
    if (load<u8>(composite + candidate) !== 0) continue;
    primes++;
    if (candidate > 1732) continue;
    for (let multiple = candidate * candidate; multiple < LIMIT; multiple += candidate) {
      store<u8>(composite + multiple, 1);
    }
  }
  return primes;
}
