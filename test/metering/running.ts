import {
  type InstantiateOptions,
  instantiateMetered,
  type Meter,
  type MeteredInstance,
  MeteringError,
  meterModule,
  NO_LIMITS,
} from '../../src/metering/index.ts';
import { wat } from '../support/wat.ts';

/** Assembles a module, meters it whatever its structure, and instantiates it. */
export async function metered(
  text: string | Uint8Array,
  options: InstantiateOptions = {},
  imports: WebAssembly.Imports = {},
): Promise<MeteredInstance> {
  const bytes = typeof text === 'string' ? await wat(text) : text;
  return instantiateMetered(meterModule(bytes, { limits: NO_LIMITS }), imports, options);
}

/** The same, with its export `run`, metered as a whole. */
export async function runOf(
  text: string | Uint8Array,
  options: InstantiateOptions = {},
  imports: WebAssembly.Imports = {},
): Promise<{ readonly run: () => unknown; readonly meter: Meter; readonly exports: WebAssembly.Exports }> {
  const { instance, meter } = await metered(text, options, imports);
  const { run } = instance.exports;
  if (typeof run !== 'function') throw new Error('the module exports no function run');
  return { run: () => meter.run(() => run()), meter, exports: instance.exports };
}

/** How a run ends: `returned`, `trap`, or the kind of failure. */
export function endOf(run: () => unknown): string {
  try {
    run();
    return 'returned';
  } catch (thrown) {
    if (thrown instanceof MeteringError) return thrown.failure.kind;
    if (thrown instanceof WebAssembly.RuntimeError) return 'trap';
    throw thrown;
  }
}
