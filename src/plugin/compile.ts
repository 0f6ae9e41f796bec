import { refusalOf } from '../compilation.ts';
import { translate } from '../failure.ts';
import { isKernelFunctionName, KERNEL_NAMESPACE, kernelFunctions } from '../kernel/index.ts';
import { MeteringError, type MeteringFailure } from '../metering/error.ts';
import { isMeteringSection } from '../metering/metering-section.ts';
import type { CallFuel } from '../metering/rewrite/callee-facts.ts';
import { meterReadModule } from '../metering/rewrite/meter-module.ts';
import { bodyEndsFor } from '../metering/run/body-ends.ts';
import { ModuleCache } from '../module-cache.ts';
import { adviceOn, copyBytes, MODULE_BYTES, type ModuleBytes, type ModuleSource } from '../module-source.ts';
import { isModule } from '../realms.ts';
import { readModule, readSections, type Section, WasmFormatError, type WasmModule } from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';
import { CompilePluginError } from './compile-error.ts';
import { type CompileOptions, optionsKey, type SettledOptions, settleOptions } from './compile-options.ts';
import { CompiledPlugin, isCompiledPlugin, type PluginDescription } from './compiled-plugin.ts';
import { describeModule } from './describe-module.ts';
import { invalidModule } from './invalid-module.ts';
import { KernelLink } from './link.ts';
import { LINK_SECTION } from './link-section.ts';
import { checkGeneration, describePrepared, loadPlugin } from './load.ts';
import type { PluginOptions } from './options.ts';
import { originalImports } from './original-imports.ts';
import { Plugin } from './plugin.ts';
import { linkedKernel } from './plugin-kernel.ts';
import { Preparation } from './preparation.ts';
import { separateKernel } from './separate-kernel.ts';
import { canLink } from './two-memories.ts';

/**
 * Compiles a plugin on this thread. Writes metering into it unless the options turn it off.
 *
 * @param wasm the bytes of a core module; or a `WebAssembly.Module` made from bytes that
 * `preparePlugin` returned; or any module if metering is off. For a `WebAssembly.Module` only the
 * engine knows all types of functions, so a wrong one is found later, on linking or calling. Such a
 * module is trusted: its own section says whether it is metered. Pass only modules made from bytes
 * that `preparePlugin` returned to you or to somebody you trust.
 * @throws BuildPluginError `InvalidArgument`, `MalformedModule`, `InvalidModule`,
 * `AlreadyPrepared`, `NotPrepared`, `OtherGeneration`, `LimitExceeded`, `FeatureRefused`, or
 * `CompilationRefused` where the engine may not compile at run time.
 */
export function compilePlugin(wasm: ModuleSource, options: CompileOptions = {}): CompiledPlugin {
  const settled = settleOptions(options);
  if (isModule(wasm)) return preparedPlugin(wasm, settled);
  const bytes = ownBytes(wasm);
  return find(bytes, settled) ?? keep(bytes, settled, compileNow(bytes, settled));
}

function compileNow(bytes: Uint8Array<ArrayBuffer>, options: SettledOptions): Compiled {
  const prepared = prepare(bytes, options);
  try {
    return compiled(new WebAssembly.Module(prepared.bytes), prepared);
  } catch (error) {
    checkCompilation(error);
    if (!mayGoWithoutLink(prepared, options)) throw invalidModule(error);
    return compileNow(bytes, { ...options, kernel: 'instance' });
  }
}

/**
 * {@link compilePlugin}, but the engine compiles on threads of its own if it can.
 *
 * @returns a promise, which rejects with what `compilePlugin` throws.
 */
export async function compilePluginAsync(wasm: ModuleSource, options: CompileOptions = {}): Promise<CompiledPlugin> {
  const settled = settleOptions(options);
  if (isModule(wasm)) return preparedPlugin(wasm, settled);
  const bytes = ownBytes(wasm);
  return find(bytes, settled) ?? keep(bytes, settled, await compileAhead(bytes, settled));
}

async function compileAhead(bytes: Uint8Array<ArrayBuffer>, options: SettledOptions): Promise<Compiled> {
  const prepared = prepare(bytes, options);
  try {
    return compiled(await WebAssembly.compile(prepared.bytes), prepared);
  } catch (error) {
    checkCompilation(error);
    if (!mayGoWithoutLink(prepared, options)) throw invalidModule(error);
    return compileAhead(bytes, { ...options, kernel: 'instance' });
  }
}

/** A compiled plugin, and how many bytes the engine compiled. */
interface Compiled {
  readonly plugin: CompiledPlugin;
  readonly compiledBytes: number;
}

function compiled(module: WebAssembly.Module, { bytes, module: original, preparation }: Prepared): Compiled {
  const plugin = describedPlugin(module, describeModule(original), preparation, bodyEndsFor(bytes));
  return { plugin, compiledBytes: bytes.length };
}

function describedPlugin(
  module: WebAssembly.Module,
  description: PluginDescription,
  preparation: Preparation,
  bodyEnds?: Uint32Array | undefined,
): CompiledPlugin {
  const { link } = preparation;
  const kernel = link === undefined ? separateKernel : linkedKernel(link);
  return new CompiledPlugin(module, description, preparation, kernel, bodyEnds);
}

/** The plugins of this process that were compiled last. */
const cache = /* @__PURE__ */ new ModuleCache<CompiledPlugin>();

/** The plugins of modules that {@link loadPlugin} does not take, as in its own cache. */
const preparedPlugins = /* @__PURE__ */ new WeakMap<WebAssembly.Module, CompiledPlugin>();

function find(bytes: Uint8Array<ArrayBuffer>, options: SettledOptions): CompiledPlugin | undefined {
  return options.cache ? cache.find(bytes, optionsKey(options)) : undefined;
}

function keep(
  bytes: Uint8Array<ArrayBuffer>,
  options: SettledOptions,
  { plugin, compiledBytes }: Compiled,
): CompiledPlugin {
  if (options.cache) cache.keep(bytes, optionsKey(options), plugin, compiledBytes);
  return plugin;
}

/**
 * Writes metering and the kernel into a plugin's bytes. Custom sections hold what is needed at run
 * time. {@link compilePlugin} accepts a `WebAssembly.Module` made from the result, so a host that
 * may not compile at run time can run plugins and provide host functions.
 *
 * @param options `kernel: 'instance'` is for engines that support only one memory. The host then
 * compiles the kernel and the adapters of host functions at run time. Any other value means
 * `linked`, because the engine that will run the module is not known here.
 * @returns the prepared bytes.
 * @throws BuildPluginError `InvalidArgument`, `MalformedModule`, `InvalidModule`,
 * `AlreadyPrepared`, `OtherGeneration`, `LimitExceeded` or `FeatureRefused`; `CompilationRefused`
 * where the engine refuses even to validate.
 */
export function preparePlugin(wasm: ModuleBytes, options: CompileOptions = {}): Uint8Array<ArrayBuffer> {
  const settled = settleOptions(options);
  const { bytes, module } = meterAndLink(ownBytes(wasm), settled, settled.kernel !== 'instance');
  checkGeneration(module.exports);
  return bytes;
}

/** Copies the bytes of a module, so that the host cannot change them. */
function ownBytes(wasm: unknown): Uint8Array<ArrayBuffer> {
  const bytes = copyBytes(wasm);
  if (bytes !== undefined) return bytes;
  const expected = `${MODULE_BYTES}, or a WebAssembly.Module${adviceOn(wasm)}`;
  throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
}

/** What the engine compiles, and a description of the original and of what was added. */
interface Prepared {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The original, parsed. */
  readonly module: WasmModule;
  readonly preparation: Preparation;
}

function prepare(bytes: Uint8Array<ArrayBuffer>, options: SettledOptions): Prepared {
  const prepared = writePreparation(bytes, options);
  // Without metering any module is taken, as far as the engine takes it.
  if (options.metering) checkGeneration(prepared.module.exports);
  return prepared;
}

function writePreparation(bytes: Uint8Array<ArrayBuffer>, options: SettledOptions): Prepared {
  const { metering, kernel } = options;
  if (!metering)
    return kernel === 'linked' ? linkAlone(bytes) : { bytes, module: read(bytes), preparation: new Preparation() };
  const links = kernel === 'linked' || (kernel === 'auto' && canLink());
  try {
    return meterAndLink(bytes, options, links);
  } catch (error) {
    // A module within all limits may exceed one of the engine's once the kernel is linked into it.
    if (links && kernel === 'auto' && exceedsEngine(error)) return meterAndLink(bytes, options, false);
    throw error;
  }
}

/** Whether a module was refused for a limit that is not one of `limits`. */
function exceedsEngine(error: unknown): boolean {
  if (!(error instanceof BuildPluginError)) return false;
  const { failure } = error;
  return failure.kind === 'LimitExceeded' && failure.limit === undefined;
}

/** The kernel may make a module too large for the engine. */
function mayGoWithoutLink({ preparation }: Prepared, { kernel }: SettledOptions): boolean {
  return preparation.link !== undefined && kernel !== 'linked';
}

/** Returns the plugin of a module that the engine compiled, with the kernel in it or beside it. */
function preparedPlugin(module: WebAssembly.Module, options: SettledOptions): CompiledPlugin {
  const known = options.cache ? preparedPlugins.get(module) : undefined;
  if (known === undefined) checkGeneration(WebAssembly.Module.exports(module));
  const preparation = known?.preparation ?? Preparation.of(module);
  const { metering, link } = preparation;
  if (metering === undefined ? options.metering : link !== undefined) return loadPlugin(module, options);
  const imports = originalImports(preparation, WebAssembly.Module.imports(module));
  const plugin = known ?? describedPlugin(module, describePrepared(module, preparation, imports), preparation);
  if (options.cache) preparedPlugins.set(module, plugin);
  return plugin;
}

/**
 * @throws BuildPluginError `CompilationRefused` if what the engine threw says nothing about the
 * module.
 */
function checkCompilation(thrown: unknown): void {
  const reason = refusalOf(thrown);
  if (reason !== undefined) throw new CompilePluginError({ kind: 'CompilationRefused', reason }, { cause: thrown });
}

function read(bytes: Uint8Array): WasmModule {
  return translate(
    () => readModule(bytes),
    WasmFormatError,
    ({ message: reason, failure }, options) =>
      new CompilePluginError(
        failure.kind === 'LimitExceeded' ? failure : { kind: 'MalformedModule', offset: failure.offset, reason },
        options,
      ),
  );
}

/**
 * Meters a plugin, and links the kernel into it. Kernel functions cost their flat fuel. Blocking
 * waits are refused.
 *
 * @throws BuildPluginError `LimitExceeded` also if the module has no room for the kernel.
 */
function meterAndLink(bytes: Uint8Array<ArrayBuffer>, options: SettledOptions, links: boolean): Prepared {
  const { allowGc, allowSharedMemory, limits } = options;
  const metering = { allowGc, allowSharedMemory, allowWaits: false, limits, importFuel: kernelFuel };
  let link: KernelLink | undefined;
  const linkOf = (module: WasmModule): KernelLink => {
    link = linkOfModule(module, true);
    return link;
  };
  const metered = translate(
    () => meterReadModule(bytes, metering, links ? linkOf : undefined),
    MeteringError,
    ({ cause, failure }, options) => {
      // An engine that supports one memory finds two in a prepared module. Report the actual
      // mistake.
      if (failure.kind === 'InvalidModule' && hasPreparation(readSections(bytes))) {
        return new CompilePluginError({ kind: 'AlreadyPrepared' }, options);
      }
      if (failure.kind === 'InvalidModule') return invalidModule(cause ?? options.cause, failure.reason);
      return new CompilePluginError(buildFailure(failure, options.cause.message), options);
    },
  );
  if (hasPreparation(metered.module.sections)) throw new CompilePluginError({ kind: 'AlreadyPrepared' });
  return { bytes: metered.bytes, module: metered.module, preparation: new Preparation(metered.info, link?.info) };
}

/** Links the kernel into a plugin's bytes that are not metered, unless they are not valid. */
function linkAlone(bytes: Uint8Array<ArrayBuffer>): Prepared {
  const module = read(bytes);
  if (!WebAssembly.validate(bytes)) return { bytes, module, preparation: new Preparation() };
  const link = linkOfModule(module, false);
  return { bytes: link.link(bytes), module, preparation: new Preparation(undefined, link.info) };
}

function linkOfModule(module: WasmModule, isMetered: boolean): KernelLink {
  return translate(
    () => new KernelLink(module, isMetered),
    WasmFormatError,
    ({ failure }, options) => {
      if (failure.kind !== 'LimitExceeded') return undefined;
      const reason = `the kernel cannot be linked into the module: ${failure.reason}`;
      return new CompilePluginError({ kind: 'LimitExceeded', offset: failure.offset, reason }, options);
    },
  );
}

/**
 * Whether a module has a section that metering or linking writes. Such bytes are refused, not
 * trusted: the plugin's author may have written the section. It cannot be kept either, because a
 * module made from the output of `preparePlugin` is trusted.
 */
export function hasPreparation(sections: Iterable<Section>): boolean {
  for (const { name } of sections) if (isMeteringSection(name) || name === LINK_SECTION) return true;
  return false;
}

/**
 * Kernel functions in WebAssembly are leaves: they charge no counter and throw nothing. They read
 * the clock if they take long.
 */
export function kernelFuel(module: string, name: string): CallFuel | undefined {
  if (module !== KERNEL_NAMESPACE || !isKernelFunctionName(name)) return undefined;
  const { fuel, runs } = kernelFunctions[name];
  return { fuel, leaf: runs === 'webassembly' };
}

type BuildFailure = BuildPluginError['failure'];

/**
 * Turns a failure of metering into one of building. The kinds listed here come from running a
 * module, which metering never does.
 *
 * @param reason the message, for those kinds.
 */
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

/**
 * Builds a plugin: compiles it unless it is compiled, checks that every import exists and has the
 * right type, and instantiates it once as a trial.
 *
 * @param wasm a compiled plugin, or what {@link compilePlugin} accepts. It is compiled with the
 * default options.
 * @throws BuildPluginError; its kind `CompilationRefused` says nothing about the plugin.
 */
export function buildPlugin(wasm: ModuleSource | CompiledPlugin, options: PluginOptions = {}): Plugin {
  return new Plugin(isCompiledPlugin(wasm) ? wasm : compilePlugin(wasm), options);
}
