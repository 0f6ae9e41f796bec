import { refusalOf } from '../compilation.ts';
import { reasonOf, translate } from '../failure.ts';
import {
  exportedFunctions,
  type MeteredModule,
  MeteringError,
  type MeteringInfo,
  type ModuleLimits,
  meterModule,
} from '../metering/index.ts';
import { type FunctionType, WasmFormatError } from '../wasm/index.ts';
import { HookCompileError } from './compile-error.ts';
import { findFeatures, hasWideArithmetic } from './features.ts';
import { type LentMemory, lendMemory } from './lent-memory.ts';

/** A hook plugin with budgets written into it, compiled. */
export interface CompiledHooks {
  readonly module: WebAssembly.Module;
  readonly metering: MeteringInfo;
  readonly memory: LentMemory;
  /** The types of the exported functions, by name. */
  readonly functions: ReadonlyMap<string, FunctionType>;
}

/** How to compile a hook plugin. */
export interface HookCompileOptions {
  /** What the module may contain: `MODULE_LIMITS` has the names and defaults. */
  readonly limits?: ModuleLimits | undefined;
  /** Pages of 64 KiB that the memory may have. Beyond it `memory.grow` returns -1. */
  readonly memoryMaxPages: number;
}

/**
 * Compiles a plugin that passed inspection.
 *
 * @param bytes of a module without imports. Nobody else may change them.
 * @throws HookCompileError
 */
export function compileHooks(bytes: Uint8Array<ArrayBuffer>, options: HookCompileOptions): CompiledHooks {
  const { wideArithmetic } = checkFeatures(bytes);
  if (wideArithmetic !== undefined && !hasWideArithmetic())
    throw new HookCompileError({ kind: 'FeatureUnsupported', ...wideArithmetic });
  const { bytes: metered, info } = meter(bytes, options.limits);
  const functions = new Map(exportedFunctions(info).map(({ name, params, results }) => [name, { params, results }]));
  const lent = translate(
    () => lendMemory(metered, options.memoryMaxPages),
    WasmFormatError,
    // Metering has read the module, so only a limit of engines is left to exceed.
    ({ message: reason, failure: { offset } }, options) =>
      new HookCompileError({ kind: 'LimitExceeded', offset, reason }, options),
  );
  const module = compile(lent.bytes);
  return { module, metering: info, functions, memory: lent.memory };
}

function checkFeatures(bytes: Uint8Array): ReturnType<typeof findFeatures> {
  const found = translate(
    () => findFeatures(bytes),
    WasmFormatError,
    ({ message: reason, failure }, options) =>
      new HookCompileError({ kind: 'MalformedModule', offset: failure.offset, reason }, options),
  );
  if (found.refused !== undefined) throw new HookCompileError({ kind: 'FeatureRefused', ...found.refused });
  return found;
}

function meter(bytes: Uint8Array, limits: ModuleLimits | undefined): MeteredModule {
  return translate(
    () => meterModule(bytes, { limits, allowGc: false, allowSharedMemory: false, allowWaits: false }),
    MeteringError,
    ({ failure, message: reason }, options) => {
      switch (failure.kind) {
        case 'MalformedModule':
        case 'InvalidModule':
        case 'LimitExceeded':
        case 'CompilationRefused':
          return new HookCompileError(failure, options);
        default:
          return new HookCompileError({ kind: 'InvalidModule', reason }, options);
      }
    },
  );
}

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    const refusal = refusalOf(error);
    const failure =
      refusal === undefined
        ? ({ kind: 'InvalidModule', reason: reasonOf(error) } as const)
        : ({ kind: 'CompilationRefused', reason: refusal } as const);
    throw new HookCompileError(failure, { cause: error });
  }
}
