import * as fc from 'fast-check';
import { instantiateMetered, Meter, MeteringError, meterModule } from '../../../src/index.ts';
import { encodeProgram } from '../../metering/encode-program.ts';
import { generateProgram } from '../../metering/generate.ts';
import { fromBase64, toBase64 } from '../../support/base64.ts';
import { kindOf } from '../kind.ts';

/** A module whose `export` is called. Its imports return zero. */
export interface FuelCase {
  readonly wasm: string;
  readonly export: string;
  readonly arguments: readonly (readonly [type: 'i32' | 'i64', value: number])[];
  /** The subject of the module, if it is not random. */
  readonly about?: string;
}

const FUEL = 100_000;

/**
 * Instructions that the reference charges by size: scripts/reference/fuel-modules.ts has a module
 * for each.
 */
const BULK = /"(memory\.(grow|fill|copy|init)|table\.(grow|fill|copy|init))"/;

const programs = fc
  .uint8Array({ maxLength: 260, size: 'max' })
  .map((tape) => generateProgram(tape, false))
  .filter((program) => !BULK.test(JSON.stringify(program, (_, value) => (typeof value === 'bigint' ? 0 : value))))
  .map((program): FuelCase => {
    const [first] = program.functions;
    const values = (first?.type.params ?? []).map(
      (type, at) => [type, at === 0 ? 2 : type === 'i32' ? -3 : 77] as const,
    );
    return { wasm: toBase64(encodeProgram(program, 'none')), export: 'f0', arguments: values };
  })
  .filter(({ wasm }) => wasm.length < 900);

/** The fuel of programs without kernel functions. */
export const fuel = kindOf<FuelCase>({
  name: 'fuel',
  count: 230,
  cases: programs,
  question: (of) => ({ kind: 'fuel', fuel: FUEL, ...of }),
  answer: (of) => {
    const wasm = fromBase64(of.wasm);
    if (!WebAssembly.validate(wasm)) return undefined;
    const meter = new Meter({ fuel: FUEL });
    try {
      const module = new WebAssembly.Module(wasm);
      const imports: Record<string, Record<string, unknown>> = {};
      for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
        if (kind === 'function') imports[from] = { ...imports[from], [name]: zeroOf(name) };
      }
      // The cast: the imports are functions only.
      const { instance } = instantiateMetered(meterModule(wasm), imports as WebAssembly.Imports, { meter });
      meter.refuel({ fuel: FUEL });
      const called = instance.exports[of.export];
      if (typeof called !== 'function') throw new Error(`there is no export ${of.export}`);
      meter.run(() => called(...of.arguments.map(([type, value]) => (type === 'i64' ? BigInt(value) : value))));
      return { fuel: meter.fuelConsumed };
    } catch (error) {
      if (error instanceof MeteringError) return { end: error.failure.kind === 'OutOfFuel' ? 'out of fuel' : 'trap' };
      if (error instanceof WebAssembly.RuntimeError) return { end: 'trap' };
      throw error;
    }
  },
});

/** One import of generated programs has a result of 64 bits. */
const zeroOf = (name: string) => (name === 'twice' ? () => 0n : () => 0);
