import type * as Library from '../../../src/index.ts';
import { alternate, type Comparison, type Measuring } from '../alternate.ts';

/** A program of the benchmark: a module that imports nothing and exports `run(): i32`. */
export interface Program {
  readonly name: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/** The measurements of one program. */
export interface ProgramResult extends Comparison {
  readonly name: string;
  /** Fuel of one run. */
  readonly fuel: number;
}

/**
 * Runs a program as it is and metered. It has no limit of fuel but a deadline, so that the clock is
 * read at the end of each slice.
 *
 * @param library the root entry of the version that meters it.
 * @param program the program.
 * @param measuring how long to measure.
 * @throws {Error} if the two results differ.
 */
export function compareProgram(
  { instantiateMetered, meterModule }: typeof Library,
  { name, wasm }: Program,
  measuring: Measuring,
): ProgramResult {
  const plain = runOf(new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports);
  const { instance, meter } = instantiateMetered(meterModule(wasm));
  const metered = runOf(instance.exports);
  const [expected, found] = [plain(), meter.run(metered)];
  if (found !== expected) throw new Error(`${name}: returns ${found} metered, ${expected} unmetered`);
  const comparison = alternate(
    plain,
    () => {
      meter.refuel({ wallMs: 60_000 });
      meter.run(metered);
    },
    measuring,
  );
  return { name, ...comparison, fuel: meter.fuelConsumed };
}

function runOf(exports: WebAssembly.Exports): () => unknown {
  const { run } = exports;
  if (typeof run !== 'function') throw new Error('a program exports a function `run`');
  return () => run();
}
