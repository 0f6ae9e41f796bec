import { isMetered, MeteringError, type MeteringInfo, readMeteringInfo } from '../metering/index.ts';
import {
  type ExternalKind,
  type FunctionType,
  functionType,
  readModule,
  WasmFormatError,
  type WasmModule,
} from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';
import { type CompileOptions, checkTables, invalidModule, meterPlugin } from './prepare.ts';

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

  /**
   * @param description what the original's bytes say; without it, what the engine tells of the module is all that is known.
   * @param metering of a module with metering written into it.
   */
  constructor(module: WebAssembly.Module, description: WasmModule | undefined, metering: MeteringInfo | undefined) {
    this.module = module;
    this.metering = metering;
    const starts = metering === undefined ? description?.start : metering.start;
    this.hasStart = starts !== undefined || (metering === undefined && description === undefined);
    this.imports = description === undefined ? untypedImports(module, metering) : typedImports(description);
    const exports = description === undefined ? untypedExports(module, metering) : typedExports(description);
    this.exports = new Map(exports.map((exported) => [exported.name, exported]));
  }
}

/**
 * Compiles a plugin, on this thread, with metering written into it unless the options say otherwise.
 *
 * @param wasm the bytes of a core module; or a module that the engine has compiled from bytes that `preparePlugin` gave, or any, when
 * metering is off. Of a module only the engine knows the types of functions: a wrong one then shows when it is linked or called. A module
 * is believed to be metered when its section says so: give one only that was made from bytes which `preparePlugin` gave to you, or to
 * somebody whom you trust.
 * @throws BuildPluginError `InvalidArgument`, `MalformedModule`, `InvalidModule`, `AlreadyPrepared`, `LimitExceeded`, `FeatureRefused` or
 * `OutOfMemory`.
 */
export function compilePlugin(wasm: Uint8Array | WebAssembly.Module, options: CompileOptions = {}): CompiledPlugin {
  if (wasm instanceof WebAssembly.Module) return preparedPlugin(wasm, options);
  const { bytes, description, metering } = readPlugin(wasm, options);
  try {
    return new CompiledPlugin(new WebAssembly.Module(bytes), description, metering);
  } catch (error) {
    throw invalidModule(error);
  }
}

/** {@link compilePlugin}, with the engine compiling on threads of its own where it can. Rejects with what that throws. */
export async function compilePluginAsync(
  wasm: Uint8Array | WebAssembly.Module,
  options: CompileOptions = {},
): Promise<CompiledPlugin> {
  if (wasm instanceof WebAssembly.Module) return preparedPlugin(wasm, options);
  const { bytes, description, metering } = readPlugin(wasm, options);
  try {
    return new CompiledPlugin(await WebAssembly.compile(bytes), description, metering);
  } catch (error) {
    throw invalidModule(error);
  }
}

/** What is compiled, and what is known of the original. */
interface ReadPlugin {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly description: WasmModule;
  readonly metering: MeteringInfo | undefined;
}

function readPlugin(wasm: unknown, options: CompileOptions): ReadPlugin {
  const bytes = ownedBytes(wasm);
  const description = describeModule(bytes);
  if (options.metering === false) return { bytes, description, metering: undefined };
  const metered = meterPlugin(bytes, options);
  return { bytes: metered.bytes, description, metering: metered.info };
}

function preparedPlugin(module: WebAssembly.Module, options: CompileOptions): CompiledPlugin {
  if (isMetered(module)) return new CompiledPlugin(module, undefined, meteringOf(module));
  if (options.metering === false) return new CompiledPlugin(module, undefined, undefined);
  const expected =
    'bytes, or a module made from what preparePlugin gives; any other runs unmetered only, with { metering: false }';
  throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
}

function meteringOf(module: WebAssembly.Module): MeteringInfo {
  try {
    const metering = readMeteringInfo(module);
    checkTables(metering);
    return metering;
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
    const { offset } = error.failure;
    throw new BuildPluginError({ kind: 'MalformedModule', offset, reason: error.message }, { cause: error });
  }
}

function untypedImports(module: WebAssembly.Module, metering: MeteringInfo | undefined): PluginImport[] {
  const imports = WebAssembly.Module.imports(module).filter((imported) => imported.module !== metering?.importModule);
  return imports.map((imported) => ({ ...imported, type: undefined }));
}

function untypedExports(module: WebAssembly.Module, metering: MeteringInfo | undefined): PluginExternal[] {
  const added = metering === undefined ? [] : [...Object.values(metering.globals), metering.start];
  const exports = WebAssembly.Module.exports(module).filter(({ name }) => !added.includes(name));
  return exports.map((exported) => ({ ...exported, type: undefined }));
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

/** A function type as the errors write it: `(i64, i32) -> (i64)`. */
export function formatFunctionType({ params, results }: FunctionType): string {
  return `(${params.join(', ')}) -> (${results.join(', ')})`;
}
