import { refusalOf } from '../compilation.ts';
import { reasonOf, translate } from '../failure.ts';
import { isKernelFunctionName, KERNEL_NAMESPACE, kernelFunctions } from '../kernel/index.ts';
import { MeteringError, type MeteringFailure } from '../metering/error.ts';
import { type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import { isMeteringSection } from '../metering/metering-section.ts';
import type { CallFuel } from '../metering/rewrite/callee-facts.ts';
import { meterReadModule, type ReadAndMetered } from '../metering/rewrite/meter-module.ts';
import { adviceOn, copyBytes, MODULE_BYTES, type ModuleBytes, type ModuleSource } from '../module-source.ts';
import { findOptionFault, flagRule, type OptionRules, oneOfRule, optionsRule } from '../option-rules.ts';
import { readModule, readSections, WasmFormatError, type WasmModule } from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';
import { CompiledPlugin } from './compiled-plugin.ts';
import { canLink, linkKernel } from './link.ts';
import { LINK_SECTION } from './link-section.ts';
import type { PluginOptions } from './options.ts';
import { Plugin } from './plugin.ts';
import { Preparation } from './preparation.ts';

/** How a plugin is compiled. Missing or `undefined` means the default. */
export interface CompileOptions {
  /**
   * Whether fuel, deadline, memory and stack budgets are written into the module: true by default.
   * With `false` the original bytes run, and nothing bounds the plugin.
   */
  readonly metering?: boolean | undefined;
  /**
   * What the module may contain: see `MODULE_LIMITS` for the names and defaults; `Infinity` for no
   * limit. Without metering none applies.
   */
  readonly limits?: ModuleLimits | undefined;
  /** Whether the plugin may allocate objects of garbage collection: false by default. */
  readonly allowGc?: boolean | undefined;
  /** Whether its memories may be shared between threads: false by default. */
  readonly allowSharedMemory?: boolean | undefined;
  /**
   * Where the kernel is. `linked`: in the plugin's own module, where calls of it are fastest; the
   * engine must take more than one memory. `instance`: an instance beside the plugin's. `auto`, the
   * default: linked where the engine can and there is metering. What a plugin does is the same in
   * both.
   */
  readonly kernel?: 'auto' | 'linked' | 'instance' | undefined;
}

const rules: OptionRules<CompileOptions> = {
  metering: flagRule,
  limits: optionsRule(moduleLimitRules),
  allowGc: flagRule,
  allowSharedMemory: flagRule,
  kernel: oneOfRule(['auto', 'linked', 'instance']),
};

/**
 * Compiles a plugin, on this thread, with metering written into it unless the options say
 * otherwise.
 *
 * @param wasm the bytes of a core module; or a `WebAssembly.Module` that the engine has compiled
 * from bytes that `preparePlugin` returned, or any, when metering is off. Of a module only the
 * engine knows the types of functions: a wrong one then shows when it is linked or called. A module
 * is believed to be metered when its section says so: give one only that was made from bytes which
 * `preparePlugin` returned to you, or to somebody whom you trust.
 * @throws BuildPluginError `InvalidArgument`, `MalformedModule`, `InvalidModule`,
 * `AlreadyPrepared`, `LimitExceeded`, `FeatureRefused` or, where the engine may not compile at run
 * time, `CompilationRefused`.
 */
export function compilePlugin(wasm: ModuleSource, options: CompileOptions = {}): CompiledPlugin {
  checkOptions(options);
  if (wasm instanceof WebAssembly.Module) return preparedPlugin(wasm, options);
  const original = readOriginal(wasm, options);
  const prepared = prepare(original, options);
  try {
    return new CompiledPlugin(new WebAssembly.Module(prepared.bytes), original.module, prepared.preparation);
  } catch (error) {
    checkCompilation(error);
    if (!mayGoWithoutLink(prepared, options)) throw invalidModule(error);
    return compilePlugin(wasm, { ...options, kernel: 'instance' });
  }
}

/**
 * {@link compilePlugin}, with the engine compiling on threads of its own where it can.
 *
 * Rejects with what `compilePlugin` throws.
 */
export async function compilePluginAsync(wasm: ModuleSource, options: CompileOptions = {}): Promise<CompiledPlugin> {
  checkOptions(options);
  if (wasm instanceof WebAssembly.Module) return preparedPlugin(wasm, options);
  const original = readOriginal(wasm, options);
  const prepared = prepare(original, options);
  try {
    return new CompiledPlugin(await WebAssembly.compile(prepared.bytes), original.module, prepared.preparation);
  } catch (error) {
    checkCompilation(error);
    if (!mayGoWithoutLink(prepared, options)) throw invalidModule(error);
    return compilePluginAsync(wasm, { ...options, kernel: 'instance' });
  }
}

/**
 * The bytes of a plugin with metering and the kernel written into them, and what is needed at run
 * time in custom sections of theirs. A `WebAssembly.Module` made from them is a plugin to
 * {@link compilePlugin}: so a host that may not compile at run time runs plugins, host functions
 * included.
 *
 * @param options `kernel: 'instance'` for engines that take one memory only: such a host compiles
 * the kernel at run time, and adapters of host functions. Any other value is `linked`, since the
 * engine that will run it is not known here.
 * @throws BuildPluginError `InvalidArgument`, `MalformedModule`, `InvalidModule`,
 * `AlreadyPrepared`, `LimitExceeded` or `FeatureRefused`; `CompilationRefused` where the engine
 * does not even validate.
 */
export function preparePlugin(wasm: ModuleBytes, options: CompileOptions = {}): Uint8Array<ArrayBuffer> {
  checkOptions(options);
  const { bytes, metered } = readOriginal(wasm, { ...options, metering: true });
  const meteredBytes = metered?.bytes ?? bytes;
  if (options.kernel === 'instance') return meteredBytes;
  return link(meteredBytes, metered?.info.importModule).bytes;
}

/** A plugin's module as it was given: parsed once, and metered unless metering is off. */
interface Original {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: WasmModule;
  readonly metered: ReadAndMetered | undefined;
}

/** What the engine compiles, and what is written into it. */
interface Prepared {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly preparation: Preparation;
}

function readOriginal(wasm: unknown, options: CompileOptions): Original {
  const bytes = copyBytes(wasm);
  if (bytes === undefined) {
    const expected = `${MODULE_BYTES}, or a WebAssembly.Module${adviceOn(wasm)}`;
    throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
  }
  if (options.metering === false) return { bytes, module: read(bytes), metered: undefined };
  const metered = meter(bytes, options);
  return { bytes, module: metered.module, metered };
}

function prepare({ bytes, module, metered }: Original, { kernel = 'auto' }: CompileOptions): Prepared {
  const unlinked = { bytes: metered?.bytes ?? bytes, preparation: new Preparation(metered?.info) };
  // Without metering the original bytes run, unless linking is asked for by name.
  const automatic = kernel === 'auto' && metered !== undefined && canLink();
  if (kernel !== 'linked' && !automatic) return unlinked;
  // Metering has asked the engine already whether the original is valid.
  if (metered === undefined && !WebAssembly.validate(bytes)) return unlinked;
  try {
    const linked = link(unlinked.bytes, metered?.info.importModule, metered === undefined ? module : undefined);
    return { bytes: linked.bytes, preparation: new Preparation(metered?.info, linked.info) };
  } catch (error) {
    // A module within all limits may exceed one with the kernel in it.
    if (automatic && error instanceof BuildPluginError && error.failure.kind === 'LimitExceeded') return unlinked;
    throw error;
  }
}

/** A module that the engine takes may be too large for it with the kernel in it. */
function mayGoWithoutLink({ preparation }: Prepared, { kernel }: CompileOptions): boolean {
  return preparation.link !== undefined && kernel !== 'linked';
}

function preparedPlugin(module: WebAssembly.Module, options: CompileOptions): CompiledPlugin {
  const preparation = Preparation.of(module);
  if (preparation.metering === undefined && options.metering !== false) {
    const expected =
      'bytes, or a module made from what preparePlugin returns; any other runs unmetered only, with { metering: false }';
    throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
  }
  return new CompiledPlugin(module, undefined, preparation);
}

function checkOptions(options: CompileOptions): void {
  const fault = findOptionFault(options, rules);
  if (fault !== undefined) throw new BuildPluginError({ kind: 'InvalidArgument', ...fault });
}

/**
 * @throws BuildPluginError `CompilationRefused` if what the engine threw says nothing about the
 * module.
 */
function checkCompilation(thrown: unknown): void {
  const reason = refusalOf(thrown);
  if (reason !== undefined) throw new BuildPluginError({ kind: 'CompilationRefused', reason }, { cause: thrown });
}

function read(bytes: Uint8Array): WasmModule {
  return translate(
    () => readModule(bytes),
    WasmFormatError,
    ({ message: reason, failure }, options) =>
      new BuildPluginError(
        failure.kind === 'LimitExceeded' ? failure : { kind: 'MalformedModule', offset: failure.offset, reason },
        options,
      ),
  );
}

/** Meters a plugin: kernel functions at their flat fuel, no blocking waits, the rest as the options say. */
function meter(bytes: Uint8Array<ArrayBuffer>, { allowGc, allowSharedMemory, limits }: CompileOptions): ReadAndMetered {
  const metered = translate(
    () =>
      meterReadModule(bytes, {
        allowGc: allowGc ?? false,
        allowSharedMemory: allowSharedMemory ?? false,
        allowWaits: false,
        limits,
        importFuel: kernelFuel,
      }),
    MeteringError,
    ({ cause, failure }, options) => {
      // An engine that takes one memory finds two in a prepared module, which hides the real mistake.
      if (failure.kind === 'InvalidModule' && isPrepared(bytes)) {
        return new BuildPluginError({ kind: 'AlreadyPrepared' }, options);
      }
      if (failure.kind === 'InvalidModule') return invalidModule(cause ?? options.cause, failure.reason);
      return new BuildPluginError(buildFailure(failure, options.cause.message), options);
    },
  );
  if (isPrepared(bytes)) throw new BuildPluginError({ kind: 'AlreadyPrepared' });
  return metered;
}

/**
 * Links the kernel into a plugin's valid bytes.
 *
 * @param meterModule the module name of metering's imports, where metering is written into them.
 * @param module the parsed bytes, where they have been parsed.
 * @throws BuildPluginError `LimitExceeded` if the module has no room for it.
 */
function link(bytes: Uint8Array, meterModule: string | undefined, module?: WasmModule): ReturnType<typeof linkKernel> {
  return translate(
    () => linkKernel(bytes, meterModule, module),
    WasmFormatError,
    ({ failure }, options) => {
      if (failure.kind !== 'LimitExceeded') return undefined;
      const reason = `the kernel cannot be linked into the module: ${failure.reason}`;
      return new BuildPluginError({ kind: 'LimitExceeded', offset: failure.offset, reason }, options);
    },
  );
}

/**
 * Whether bytes have a section that metering or linking writes. Bytes are never believed to be
 * prepared because of it: whoever made the plugin may have written it. Nor may it stay, since a
 * module that was made from what `preparePlugin` returns is believed.
 */
function isPrepared(bytes: Uint8Array): boolean {
  return [...readSections(bytes)].some(({ name }) => isMeteringSection(name) || name === LINK_SECTION);
}

/**
 * Kernel functions that run as WebAssembly are leaves: they charge no counter and throw nothing, and
 * look at the clock when they take long.
 */
function kernelFuel(module: string, name: string): CallFuel | undefined {
  if (module !== KERNEL_NAMESPACE || !isKernelFunctionName(name)) return undefined;
  const { fuel, runs } = kernelFunctions[name];
  return { fuel, leaf: runs === 'webassembly' };
}

type BuildFailure = BuildPluginError['failure'];

/** A failure of metering as one of building; `reason` for those that running a module has, which metering never has. */
function buildFailure(failure: Exclude<MeteringFailure, { kind: 'InvalidModule' }>, reason: string): BuildFailure {
  switch (failure.kind) {
    case 'OutOfMemory':
    case 'OutOfFuel':
    case 'Timeout':
    case 'StackOverflow':
    case 'HostFunction':
      return { kind: 'InstantiationFailed', reason };
    default:
      return failure;
  }
}

/** What engines write before the byte offset of a compile error: V8 `@+37`, JavaScriptCore `at byte 37`, SpiderMonkey `at offset 37`. */
const ENGINE_OFFSET = /(?:@\+|at byte |at offset )(\d+)/;

/** The engine's own refusal of a module. */
function invalidModule(error: unknown, reason: string = reasonOf(error)): BuildPluginError {
  const offset = ENGINE_OFFSET.exec(reason)?.[1];
  const failure = { kind: 'InvalidModule', offset: offset === undefined ? undefined : Number(offset), reason } as const;
  return new BuildPluginError(failure, { cause: error });
}

/**
 * Builds a plugin: compiles it unless that is done, checks that all its imports are there with the
 * right types, and instantiates it once.
 *
 * @param wasm compiled, or what `compilePlugin` compiles, with the defaults of its options.
 * @throws BuildPluginError; `CompilationRefused` is no verdict on the plugin.
 */
export function buildPlugin(wasm: ModuleSource | CompiledPlugin, options: PluginOptions = {}): Plugin {
  return new Plugin(wasm instanceof CompiledPlugin ? wasm : compilePlugin(wasm), options);
}
