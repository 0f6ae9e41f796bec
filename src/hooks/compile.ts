import { refusalOf } from '../compilation.ts';
import { reasonOf, translate } from '../failure.ts';
import {
  type MeteredModule,
  MeteringError,
  type MeteringInfo,
  type ModuleLimits,
  meterModule,
} from '../metering/index.ts';
import { limitValues } from '../metering/limits.ts';
import { bodyEndsFor } from '../metering/run/body-ends.ts';
import { ModuleCache } from '../module-cache.ts';
import type { EngineModule } from '../module-source.ts';
import { isUint8Array } from '../realms.ts';
import { WasmFormatError, type WasmModule } from '../wasm/index.ts';
import { HookCompileError } from './compile-error.ts';
import { type CompiledHooks, compiledHooks, type LentMemory } from './compiled.ts';
import { type FeatureUses, findFeatures, hasWideArithmetic } from './features.ts';
import { lendMemory } from './lent-memory.ts';
import type { HookMetrics } from './metrics.ts';
import { preparedHooks, type SectionPlace } from './prepared-section.ts';
import { readHookSections } from './sections.ts';

/** How to compile a hook plugin that is given as bytes. */
export interface HookCompileOptions {
  /** What the module declares, if it was read before. */
  readonly declared?: WasmModule | undefined;
  /** What the module may contain. */
  readonly limits?: ModuleLimits | undefined;
  /** Whether the plugin may come from the cache of the process, and is kept there. */
  readonly cache?: boolean | undefined;
  /** Reports what the cache does. */
  readonly metrics?: HookMetrics | undefined;
}

/**
 * Compiles a plugin that passed inspection.
 *
 * @param source the bytes of a module without imports, which nobody else may change; or a module
 * made from prepared bytes.
 * @throws HookCompileError. Exceptions from the telemetry propagate.
 */
export function compileHooks(
  source: Uint8Array<ArrayBuffer> | EngineModule,
  options: HookCompileOptions,
): CompiledHooks {
  if (!isUint8Array(source)) return preparedHooks(source);
  const known = find(source, options);
  if (known !== undefined) return known;
  const written = writeHooks(source, options.declared, options.limits);
  return keep(source, options, written, compileNow(written.bytes));
}

function compileNow(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw compileError(error);
  }
}

/**
 * {@link compileHooks}, but the engine compiles on threads of its own if it can.
 *
 * @returns a promise, which rejects with what `compileHooks` throws.
 */
export async function compileHooksAsync(
  source: Uint8Array<ArrayBuffer> | EngineModule,
  options: HookCompileOptions,
): Promise<CompiledHooks> {
  if (!isUint8Array(source)) return preparedHooks(source);
  const known = find(source, options);
  if (known !== undefined) return known;
  const written = writeHooks(source, options.declared, options.limits);
  return keep(source, options, written, await compileAhead(written.bytes));
}

async function compileAhead(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw compileError(error);
  }
}

/** The plugins of this process that were compiled last. */
const cache = /* @__PURE__ */ new ModuleCache<CompiledHooks>();

/** The options that decide what a plugin is compiled to, as text. */
function cacheKey({ limits }: HookCompileOptions): string {
  return JSON.stringify(limitValues(limits));
}

function find(bytes: Uint8Array<ArrayBuffer>, options: HookCompileOptions): CompiledHooks | undefined {
  if (options.cache !== true) return undefined;
  const found = cache.find(bytes, cacheKey(options));
  options.metrics?.cacheLookup(found !== undefined);
  if (found !== undefined) options.metrics?.cacheSize(cache.size, 0);
  return found;
}

function keep(
  bytes: Uint8Array<ArrayBuffer>,
  options: HookCompileOptions,
  { bytes: written, metering, memory }: WrittenHooks,
  module: WebAssembly.Module,
): CompiledHooks {
  const compiled = compiledHooks(module, metering, memory, bodyEndsFor(written));
  if (options.cache === true) {
    const evicted = cache.keep(bytes, cacheKey(options), compiled, written.length);
    options.metrics?.cacheSize(cache.size, evicted);
  }
  return compiled;
}

/** A plugin with budgets and a lent memory written into its bytes. */
interface WrittenHooks {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly metering: MeteringInfo;
  readonly memory: LentMemory;
}

/**
 * Writes budgets and a lent memory into a plugin that passed inspection.
 *
 * @param declared what the module declares, if it was read before.
 * @throws HookCompileError
 */
export function writeHooks(
  bytes: Uint8Array<ArrayBuffer>,
  declared: WasmModule | undefined,
  limits: ModuleLimits | undefined,
): WrittenHooks {
  const { changesTables } = checkFeatures(bytes, declared);
  const { bytes: metered, info } = meter(bytes, limits);
  const lent = translate(
    () => lendMemory(metered, changesTables, sectionPlaces(bytes)),
    WasmFormatError,
    // Metering has read the module, so only a limit of engines is left to exceed.
    ({ message: reason, failure: { offset } }, options) =>
      new HookCompileError({ kind: 'LimitExceeded', offset, reason }, options),
  );
  return { bytes: lent.bytes, metering: info, memory: lent.memory };
}

/** The places of the custom sections, of a plugin that passed inspection. */
function sectionPlaces(bytes: Uint8Array): readonly SectionPlace[] {
  return [...readHookSections(bytes).custom].map(([name, { offset, count }]) => ({ name, offset, count }));
}

function checkFeatures(bytes: Uint8Array, declared: WasmModule | undefined): FeatureUses {
  const found = translate(
    () => findFeatures(bytes, declared),
    WasmFormatError,
    ({ message: reason, failure }, options) =>
      new HookCompileError({ kind: 'MalformedModule', offset: failure.offset, reason }, options),
  );
  const { refused, wideArithmetic } = found;
  if (refused !== undefined) throw new HookCompileError({ kind: 'FeatureRefused', ...refused });
  if (wideArithmetic !== undefined && !hasWideArithmetic())
    throw new HookCompileError({ kind: 'FeatureUnsupported', ...wideArithmetic });
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

/** Makes the error for what the engine threw instead of compiling. */
function compileError(cause: unknown): HookCompileError {
  const refusal = refusalOf(cause);
  const failure =
    refusal === undefined
      ? ({ kind: 'InvalidModule', reason: reasonOf(cause) } as const)
      : ({ kind: 'CompilationRefused', reason: refusal } as const);
  return new HookCompileError(failure, { cause });
}
