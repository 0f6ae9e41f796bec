// Prints what each function of the reference's kernel burns, beside its flat cost here
// (abi/KERNEL.md, "Fuel"):
//   node --import ./scripts/typescript.mjs scripts/bench/metering/reference-kernel.ts PATH
// PATH: the published kernel, `src/extism-runtime.wasm` of the crate extism. It is WebAssembly, so
// this package's own metering counts it as the reference does: one for each entry and each
// instruction.
import { readFileSync } from 'node:fs';
import { type KernelFunctionName, kernelFunctions } from '../../../src/kernel/index.ts';
import { instantiateMetered, meterModule } from '../../../src/metering/index.ts';

const [, , path] = process.argv;
if (path === undefined) {
  console.error('the path of extism-runtime.wasm is missing');
  process.exit(2);
}
const { instance, meter } = instantiateMetered(meterModule(new Uint8Array(readFileSync(path))));

/**
 * Calls a function of the kernel.
 *
 * @returns its result, and the fuel that it burnt, its own entry included.
 */
function call(name: string, args: readonly (bigint | number)[]): { readonly result: unknown; readonly fuel: number } {
  const exported = instance.exports[name];
  if (typeof exported !== 'function') throw new Error(`the kernel exports no function ${name}`);
  meter.refuel();
  const result: unknown = meter.run(() => exported(...args));
  return { result, fuel: meter.fuelConsumed };
}

const INPUT = 77n;
const first = call('reset', []);
call('alloc', [10n]);
call('input_set', [INPUT, 10n]);
// The block behind the input: what a plugin allocates first.
const { result: block } = call('alloc', [10n]);
if (typeof block !== 'bigint') throw new Error('alloc returns no handle');

const rows: readonly (readonly [name: KernelFunctionName, ...args: (bigint | number)[]])[] = [
  ['alloc', 10n],
  ['length', block],
  ['length_unsafe', block],
  ['load_u8', block],
  ['load_u64', block],
  ['store_u8', block, 1],
  ['store_u64', block, 1n],
  ['input_length'],
  ['input_offset'],
  ['input_load_u8', 1n],
  ['input_load_u64', 1n],
  ['input_set', INPUT, 10n],
  ['output_set', block, 10n],
  ['output_length'],
  ['output_offset'],
  ['error_set', block],
  ['error_get'],
  ['memory_bytes'],
  ['free', block],
];
console.log('| function | the reference | here |\n|---|---|---|');
for (const [name, ...args] of rows) {
  console.log(`| \`${name}\` | ${call(name, args).fuel} | ${kernelFunctions[name].fuel} |`);
}
console.log(`| \`reset\` | ${first.fuel} | ${kernelFunctions.reset.fuel} |`);
