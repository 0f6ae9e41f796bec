/**
 * Fuel, deadline, memory and stack budgets for any WebAssembly module, in any engine, on the
 * calling thread. Knows nothing of plugins.
 */

export type { BudgetUse, Exhaustion } from './budget-use.ts';
export {
  type ExhaustedKind,
  type FunctionReference,
  isStackOverflow,
  type LimitExceeded,
  MeteringError,
  type MeteringFailure,
} from './error.ts';
export { STACK_SLOTS, STACK_SLOTS_MAX, STACK_SLOTS_MIN } from './layout.ts';
export {
  isLimitName,
  type LimitName,
  type LimitRow,
  limitNames,
  MODULE_LIMITS,
  type ModuleLimits,
  NO_LIMITS,
} from './limits.ts';
export {
  type ExportedFunction,
  exportedFunctions,
  type ImportedFunction,
  importedFunctions,
  isMetered,
  METERING_SECTION,
  METERING_VERSION,
  type MeteredModule,
  type MeteringInfo,
} from './metering-section.ts';
export { readMeteringInfo } from './read-metering-info.ts';
export type { CallFuel } from './rewrite/callee-facts.ts';
export { exceededLimits } from './rewrite/exceeded-limits.ts';
export { type MeteringOptions, meterModule } from './rewrite/meter-module.ts';
export { countGrowth } from './run/count-growth.ts';
export type { HostExceptions } from './run/guard-import.ts';
export {
  type InstantiateOptions,
  instantiateMetered,
  instantiateMeteredAsync,
  type MeteredInstance,
} from './run/instantiate.ts';
export { Meter } from './run/meter.ts';
export { meterGlobalsOf } from './run/meter-globals.ts';
export { meterImports } from './run/meter-imports.ts';
export type { Budget, MeterOptions } from './run/meter-options.ts';
