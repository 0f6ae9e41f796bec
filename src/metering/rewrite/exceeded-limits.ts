import type { ModuleBytes } from '../../module-source.ts';
import { MeteringError } from '../error.ts';
import type { LimitName } from '../limits.ts';
import { type MeteringOptions, meterModule } from './meter-module.ts';

/**
 * Finds the limits that a module exceeds, for who trusts it and wants to raise these and no others.
 * It meters the module once for each of them, and once more.
 *
 * @param wasm the bytes of a core module.
 * @param options those that the module will be metered with.
 * @returns the names in the order in which `meterModule` would refuse the module; none if it would
 * not.
 * @throws MeteringError what `meterModule` throws, but `LimitExceeded` only for a limit of engines.
 */
export function exceededLimits(wasm: ModuleBytes, options: MeteringOptions = {}): LimitName[] {
  const found: LimitName[] = [];
  for (;;) {
    const raised = Object.fromEntries(found.map((name) => [name, Number.POSITIVE_INFINITY]));
    try {
      meterModule(wasm, { ...options, limits: { ...options.limits, ...raised } });
      return found;
    } catch (error) {
      if (!(error instanceof MeteringError) || error.failure.kind !== 'LimitExceeded') throw error;
      const { limit } = error.failure;
      if (limit === undefined) throw error;
      found.push(limit);
    }
  }
}
