/** Fuel, deadline, memory and stack budgets for any WebAssembly module, in any engine, on the calling thread. Knows nothing of plugins. */

export { countGrowth } from './count-growth.ts';
export {
  type ExhaustedKind,
  type FunctionReference,
  type LimitExceeded,
  MeteringError,
  type MeteringFailure,
} from './error.ts';
export { meterImports } from './host-imports.ts';
export { hasNoValue } from './host-results.ts';
export { isMetered, readMeteringInfo } from './info.ts';
export {
  type InstantiateOptions,
  instantiateMetered,
  instantiateMeteredAsync,
  type MeteredInstance,
  meterGlobalsOf,
} from './instantiate.ts';
export type { CallFuel } from './known-callee.ts';
export { isStackSize, STACK_SLOTS, STACK_SLOTS_MAX, STACK_SLOTS_MIN } from './layout.ts';
export {
  isLimitName,
  type LimitName,
  type LimitRow,
  limitNames,
  MODULE_LIMITS,
  type ModuleLimits,
  NO_LIMITS,
} from './limits.ts';
export { type Budget, Meter, type MeterOptions } from './meter.ts';
export { type MeteringOptions, meterModule } from './meter-module.ts';
export {
  type ExportedFunction,
  exportedFunctions,
  type ImportedFunction,
  importedFunctions,
  isMeteringSection,
  METERING_SECTION,
  METERING_VERSION,
  type MeteredModule,
  type MeteringInfo,
} from './metered-module.ts';
export { isStackOverflow } from './stack-overflow.ts';
export type { HostExceptions } from './stand-in.ts';
