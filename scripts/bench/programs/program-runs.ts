import { instantiateMetered, meterModule } from '../../../src/metering/index.ts';
import { alternate, type Comparison, type Measuring } from '../alternate.ts';

/** A kernel of the benchmark: a module that imports nothing and exports `run(): i32`. */
export interface Kernel {
  readonly name: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/** What came of one kernel. */
export interface KernelResult extends Comparison {
  readonly name: string;
  /** Fuel of one run. */
  readonly fuel: number;
}

/**
 * Runs a kernel as it is and metered, with no limit to fuel but a deadline, so that the clock is read at each slice's end.
 *
 * @throws Error when the two do not give the same result.
 */
export function compareKernel({ name, wasm }: Kernel, measuring: Measuring): KernelResult {
  const plain = runOf(new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports);
  const { instance, meter } = instantiateMetered(meterModule(wasm));
  const metered = runOf(instance.exports);
  const [expected, found] = [plain(), meter.run(metered)];
  if (found !== expected) throw new Error(`${name}: metered it gives ${found}, but ${expected} as it is`);
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
  if (typeof run !== 'function') throw new Error('a kernel exports a function `run`');
  return () => run();
}
