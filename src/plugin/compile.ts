import { reasonOf } from '../failure.ts';
import { isKernelFunctionName, KERNEL_NAMESPACE, kernelFunctions } from '../kernel/index.ts';
import {
  type CallFuel,
  isMeteringSection,
  type MeteredModule,
  MeteringError,
  type MeteringInfo,
  type ModuleLimits,
  meterModule,
} from '../metering/index.ts';
import { checkByRules, flagRule, type OptionRule } from '../option-rules.ts';
import { readSections, WasmFormatError } from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';
import { type LinkedPlugin, linkKernel } from './link.ts';
import { LINK_SECTION } from './link-section.ts';

/** How a plugin is compiled. Missing or `undefined` means the default. */
export interface CompileOptions {
  /**
   * Whether fuel, deadline, memory and stack budgets are written into the module: true by default. `false` runs the original bytes: nothing
   * bounds such a plugin but its own good will.
   */
  readonly metering?: boolean | undefined;
  /** What the module may contain: see `MODULE_LIMITS` for the names and defaults; `Infinity` for no limit. Without metering none applies. */
  readonly limits?: ModuleLimits | undefined;
  /** Whether the plugin may allocate objects of garbage collection: false by default. */
  readonly allowGc?: boolean | undefined;
  /** Whether its memories may be shared between threads: false by default. */
  readonly allowSharedMemory?: boolean | undefined;
  /**
   * Where the kernel is. `linked`: in the plugin's own module, where calls of it are fastest; the engine must take more than one memory.
   * `instance`: an instance beside the plugin's. `auto`, the default: linked where the engine can and there is metering. What a plugin does is the same in both.
   */
  readonly kernel?: 'auto' | 'linked' | 'instance' | undefined;
}

const rules: { readonly [K in keyof Required<CompileOptions>]: OptionRule } = {
  metering: flagRule,
  limits: { expected: 'an object', holds: (value) => typeof value === 'object' && value !== null },
  allowGc: flagRule,
  allowSharedMemory: flagRule,
  kernel: {
    expected: "'auto', 'linked' or 'instance'",
    holds: (value) => value === 'auto' || value === 'linked' || value === 'instance',
  },
};

/**
 * Checks the options of compiling a plugin.
 *
 * @throws BuildPluginError `InvalidArgument` naming the first option that is not what it must be.
 */
export function checkCompileOptions(options: CompileOptions): void {
  if (Reflect.get(Object(options), 'compileWorkMax') !== undefined) {
    throw new BuildPluginError({
      kind: 'InvalidArgument',
      argument: 'options.compileWorkMax',
      expected: 'missing: use limits',
    });
  }
  checkByRules(options, rules);
}

/**
 * The bytes of a plugin with metering and the kernel written into them, and what is needed at run
 * time in custom sections of theirs. A `WebAssembly.Module` made from them is a plugin to
 * `compilePlugin`: so a host that may not compile at run time runs plugins, host functions
 * included.
 *
 * @param options `kernel: 'instance'` for engines that take one memory only: such a host compiles
 * the kernel at run time, and adapters of host functions. Any other is `linked`, since the engine
 * that will run it is not known here.
 * @throws BuildPluginError `InvalidArgument`, `MalformedModule`, `InvalidModule`,
 * `AlreadyPrepared`, `LimitExceeded` or `FeatureRefused`; `CompilationRefused` where the engine
 * does not even validate.
 */
export function preparePlugin(wasm: Uint8Array, options: CompileOptions = {}): Uint8Array<ArrayBuffer> {
  checkCompileOptions(options);
  const { bytes, info } = meterPlugin(wasm, options);
  return options.kernel === 'instance' ? bytes : linkPlugin(bytes, info).bytes;
}

/** Meters a plugin: kernel functions at their flat fuel, no blocking waits, the rest as the options say. Throws as {@link preparePlugin}. */
export function meterPlugin(wasm: Uint8Array, { allowGc, allowSharedMemory, limits }: CompileOptions): MeteredModule {
  try {
    const metered = meterModule(wasm, {
      allowGc: allowGc ?? false,
      allowSharedMemory: allowSharedMemory ?? false,
      allowWaits: false,
      limits,
      importFuel: kernelFuel,
    });
    if (isPrepared(wasm)) throw new BuildPluginError({ kind: 'AlreadyPrepared' });
    return metered;
  } catch (error) {
    if (!(error instanceof MeteringError)) throw error;
    // An engine that takes one memory finds two in a prepared module, and that is not what is wrong with it.
    if (error.failure.kind === 'InvalidModule' && isPrepared(wasm)) {
      throw new BuildPluginError({ kind: 'AlreadyPrepared' }, { cause: error });
    }
    throw buildError(error);
  }
}

/**
 * Links the kernel into a plugin's valid bytes.
 *
 * @param metering of the metering that is written into them.
 * @throws BuildPluginError `LimitExceeded` when it has no room for it.
 */
export function linkPlugin(bytes: Uint8Array, metering: MeteringInfo | undefined): LinkedPlugin {
  try {
    return linkKernel(bytes, metering?.importModule);
  } catch (error) {
    if (!(error instanceof WasmFormatError) || error.failure.kind !== 'LimitExceeded') throw error;
    const { offset } = error.failure;
    const reason = `the kernel cannot be linked into the module: ${error.failure.reason}`;
    throw new BuildPluginError({ kind: 'LimitExceeded', offset, reason }, { cause: error });
  }
}

/**
 * Whether bytes have a section that metering or linking writes. Bytes are never believed to be prepared because of it: whoever made the plugin may
 * have written it. Nor may it stay, since a module that was made from what `preparePlugin` gives is believed.
 */
function isPrepared(wasm: Uint8Array): boolean {
  return [...readSections(wasm)].some(({ name }) => isMeteringSection(name) || name === LINK_SECTION);
}

/** Kernel functions that run as WebAssembly are leaves: they charge no counter and throw nothing, and look at the clock when they take long. */
function kernelFuel(module: string, name: string): CallFuel | undefined {
  if (module !== KERNEL_NAMESPACE || !isKernelFunctionName(name)) return undefined;
  const { fuel, runs } = kernelFunctions[name];
  return { fuel, leaf: runs === 'webassembly' };
}

function buildError(error: MeteringError): BuildPluginError {
  const { failure } = error;
  switch (failure.kind) {
    case 'InvalidModule':
      return invalidModule(error.cause ?? error, failure.reason);
    case 'InvalidArgument':
    case 'MalformedModule':
    case 'LimitExceeded':
    case 'FeatureRefused':
    case 'CompilationRefused':
      return new BuildPluginError(failure, { cause: error });
    // The others come out of running a module, and meterModule runs none.
    case 'OutOfMemory':
    case 'OutOfFuel':
    case 'Timeout':
    case 'StackOverflow':
    case 'HostFunction':
      return new BuildPluginError({ kind: 'InstantiationFailed', reason: error.message }, { cause: error });
  }
}

/** What engines write before the byte offset of a compile error: V8 `@+37`, JavaScriptCore `at byte 37`, SpiderMonkey `at offset 37`. */
const ENGINE_OFFSET = /(?:@\+|at byte |at offset )(\d+)/;

/** The engine's own refusal of a module. */
export function invalidModule(error: unknown, reason: string = reasonOf(error)): BuildPluginError {
  const offset = ENGINE_OFFSET.exec(reason)?.[1];
  const failure = { kind: 'InvalidModule', offset: offset === undefined ? undefined : Number(offset), reason } as const;
  return new BuildPluginError(failure, { cause: error });
}
