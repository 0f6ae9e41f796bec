import { refusalOf } from '../compilation.ts';
import {
  exportedFunctions,
  importedFunctions,
  isMetered,
  MeteringError,
  type MeteringInfo,
  readMeteringInfo,
} from '../metering/index.ts';
import {
  type ExternalKind,
  type FunctionType,
  functionType,
  readModule,
  WasmFormatError,
  type WasmModule,
} from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';
import { type CompileOptions, checkCompileOptions, invalidModule, linkPlugin, meterPlugin } from './compile.ts';
import { canLink } from './link.ts';
import { type LinkInfo, linkOf } from './link-section.ts';

/** An import or export of a plugin. The type of a function is known when the plugin was compiled from bytes. */
export interface PluginExternal {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly type: FunctionType | undefined;
}

/** An import of a plugin. */
export type PluginImport = PluginExternal & { readonly module: string };

/**
 * A plugin's module, compiled once, to be instantiated any number of times. Made by {@link compilePlugin}; it holds no state of a plugin
 * and may be shared.
 */
export class CompiledPlugin {
  readonly module: WebAssembly.Module;
  /** What the original module imports and exports; what metering adds is not among it. */
  readonly imports: readonly PluginImport[];
  readonly exports: ReadonlyMap<string, PluginExternal>;
  /** Whether instantiating it runs code of the plugin: a start function. Taken for granted when only the engine knows. */
  readonly hasStart: boolean;
  /** What is needed to run the metering that is written into the module; `undefined` for the original bytes. */
  readonly metering: MeteringInfo | undefined;
  /** What is needed to run the kernel that is linked into the module; `undefined` when it is an instance of its own. */
  readonly link: LinkInfo | undefined;

  /**
   * @param description what the original's bytes say; without it, what the engine tells of the module is all that is known.
   * @param additions of a module with metering written into it, or the kernel.
   */
  constructor(
    module: WebAssembly.Module,
    description: WasmModule | undefined,
    { metering, link }: PluginAdditions = {},
  ) {
    this.module = module;
    this.metering = metering;
    this.link = link;
    const additions = metering ?? link;
    const starts = additions === undefined ? description?.start : (metering?.start ?? link?.start);
    this.hasStart = starts !== undefined || (additions === undefined && description === undefined);
    this.imports = description === undefined ? untypedImports(module, metering, link) : typedImports(description);
    const exports = description === undefined ? untypedExports(module, metering, link) : typedExports(description);
    this.exports = new Map(exports.map((exported) => [exported.name, exported]));
  }
}

/**
 * Compiles a plugin, on this thread, with metering written into it unless the options say
 * otherwise.
 *
 * @param wasm the bytes of a core module; or a module that the engine has compiled from bytes that
 * `preparePlugin` gave, or any, when metering is off. Of a module only the engine knows the types
 * of functions: a wrong one then shows when it is linked or called. A module is believed to be
 * metered when its section says so: give one only that was made from bytes which `preparePlugin`
 * gave to you, or to somebody whom you trust.
 * @throws BuildPluginError `InvalidArgument`, `MalformedModule`, `InvalidModule`,
 * `AlreadyPrepared`, `LimitExceeded`, `FeatureRefused` or, where the engine may not compile at run
 * time, `CompilationRefused`.
 */
export function compilePlugin(wasm: Uint8Array | WebAssembly.Module, options: CompileOptions = {}): CompiledPlugin {
  checkCompileOptions(options);
  if (wasm instanceof WebAssembly.Module) return preparedPlugin(wasm, options);
  const { bytes, description, metering, link } = readPlugin(wasm, options);
  try {
    return new CompiledPlugin(new WebAssembly.Module(bytes), description, { metering, link });
  } catch (error) {
    checkCompilation(error);
    if (mayGoWithoutLink(link, options)) return compilePlugin(wasm, { ...options, kernel: 'instance' });
    throw invalidModule(error);
  }
}

/** {@link compilePlugin}, with the engine compiling on threads of its own where it can. Rejects with what that throws. */
export async function compilePluginAsync(
  wasm: Uint8Array | WebAssembly.Module,
  options: CompileOptions = {},
): Promise<CompiledPlugin> {
  checkCompileOptions(options);
  if (wasm instanceof WebAssembly.Module) return preparedPlugin(wasm, options);
  const { bytes, description, metering, link } = readPlugin(wasm, options);
  try {
    return new CompiledPlugin(await WebAssembly.compile(bytes), description, { metering, link });
  } catch (error) {
    checkCompilation(error);
    if (mayGoWithoutLink(link, options)) return compilePluginAsync(wasm, { ...options, kernel: 'instance' });
    throw invalidModule(error);
  }
}

/**
 * @throws BuildPluginError `CompilationRefused` when what the engine threw is no word about the
 * module.
 */
function checkCompilation(thrown: unknown): void {
  const reason = refusalOf(thrown);
  if (reason !== undefined) throw new BuildPluginError({ kind: 'CompilationRefused', reason }, { cause: thrown });
}

/** A module that the engine takes may be too large for it with the kernel in it. */
function mayGoWithoutLink(link: LinkInfo | undefined, { kernel }: CompileOptions): boolean {
  return link !== undefined && kernel !== 'linked';
}

/** What is written into a plugin's module. */
export interface PluginAdditions {
  readonly metering?: MeteringInfo | undefined;
  readonly link?: LinkInfo | undefined;
}

/** What is compiled, and what is known of the original. */
interface ReadPlugin extends PluginAdditions {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly description: WasmModule;
}

function readPlugin(wasm: unknown, options: CompileOptions): ReadPlugin {
  const bytes = ownedBytes(wasm);
  // It bounds the work that reading the module is too, so it comes first.
  const metered = options.metering === false ? undefined : meterPlugin(bytes, options);
  const description = describeModule(bytes);
  const plugin = { bytes: metered?.bytes ?? bytes, description, metering: metered?.info };
  const { kernel = 'auto' } = options;
  // The original bytes are asked for, unless linking is asked for by name.
  const automatic = kernel === 'auto' && metered !== undefined && canLink();
  if (kernel !== 'linked' && !automatic) return plugin;
  // Metering has asked the engine already whether the original is valid.
  if (metered === undefined && !WebAssembly.validate(bytes)) return plugin;
  try {
    const linked = linkPlugin(plugin.bytes, metered?.info);
    return { ...plugin, bytes: linked.bytes, link: linked.info };
  } catch (error) {
    // A module that is within all limits by itself may be beyond one with the kernel in it.
    if (automatic && error instanceof BuildPluginError && error.failure.kind === 'LimitExceeded') return plugin;
    throw error;
  }
}

function preparedPlugin(module: WebAssembly.Module, options: CompileOptions): CompiledPlugin {
  const link = linkOf(module);
  if (isMetered(module)) return new CompiledPlugin(module, undefined, { metering: meteringOf(module), link });
  if (options.metering === false) return new CompiledPlugin(module, undefined, { link });
  const expected =
    'bytes, or a module made from what preparePlugin gives; any other runs unmetered only, with { metering: false }';
  throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
}

function meteringOf(module: WebAssembly.Module): MeteringInfo {
  try {
    return readMeteringInfo(module);
  } catch (error) {
    if (!(error instanceof MeteringError) || error.failure.kind !== 'InvalidArgument') throw error;
    throw new BuildPluginError({ ...error.failure, argument: 'wasm' }, { cause: error });
  }
}

/** A copy that nobody changes while it is read twice, and that every engine takes: not all do shared or resizable memory. */
function ownedBytes(wasm: unknown): Uint8Array<ArrayBuffer> {
  if (!(wasm instanceof Uint8Array)) {
    throw new BuildPluginError({
      kind: 'InvalidArgument',
      argument: 'wasm',
      expected: 'a Uint8Array or a WebAssembly.Module',
    });
  }
  return new Uint8Array(wasm);
}

function describeModule(bytes: Uint8Array): WasmModule {
  try {
    return readModule(bytes);
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    const { failure } = error;
    if (failure.kind === 'LimitExceeded') throw new BuildPluginError(failure, { cause: error });
    const { offset } = failure;
    throw new BuildPluginError({ kind: 'MalformedModule', offset, reason: error.message }, { cause: error });
  }
}

function untypedImports(
  module: WebAssembly.Module,
  metering: MeteringInfo | undefined,
  link: LinkInfo | undefined,
): PluginImport[] {
  const added = [metering?.importModule, link?.importModule];
  // What was written into the module knows the functions that the original imports; of others only the engine does.
  const functions =
    metering === undefined
      ? link?.imports
      : importedFunctions(metering).map(({ module: from, name, ...type }) => ({ module: from, name, type }));
  const others = WebAssembly.Module.imports(module).filter(({ module: from, kind }) => {
    return !added.includes(from) && (functions === undefined || kind !== 'function');
  });
  return [
    ...(functions ?? []).map(
      ({ module: from, name, type }) => ({ module: from, name, kind: 'function', type }) as const,
    ),
    ...others.map(({ module: from, name, kind }) => ({ module: from, name, kind, type: undefined })),
  ];
}

function untypedExports(
  module: WebAssembly.Module,
  metering: MeteringInfo | undefined,
  link: LinkInfo | undefined,
): PluginExternal[] {
  const added = metering === undefined ? [] : [...Object.values(metering.globals), metering.start];
  const isAdded = (name: string): boolean =>
    added.includes(name) || (link !== undefined && name.startsWith(link.exportPrefix));
  const typed = metering === undefined ? [] : exportedFunctions(metering);
  const types = new Map(typed.map(({ name, ...type }) => [name, type]));
  return WebAssembly.Module.exports(module)
    .filter(({ name }) => !isAdded(name))
    .map(({ name, kind }) => ({ name, kind, type: types.get(name) }));
}

function typedImports(description: WasmModule): PluginImport[] {
  return description.imports.map(({ module, name, kind, ...external }) => {
    const type = kind === 'function' && 'typeIndex' in external ? description.types[external.typeIndex] : undefined;
    return { module, name, kind, type: type?.kind === 'func' ? type : undefined };
  });
}

function typedExports(description: WasmModule): PluginExternal[] {
  return description.exports.map(({ name, kind, index }) => {
    return { name, kind, type: kind === 'function' ? functionType(description, index) : undefined };
  });
}
