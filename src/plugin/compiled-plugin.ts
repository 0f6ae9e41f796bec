import {
  type ExternalKind,
  type FunctionType,
  functionType,
  readModule,
  WasmFormatError,
  type WasmModule,
} from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';

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
  readonly imports: readonly PluginImport[];
  readonly exports: ReadonlyMap<string, PluginExternal>;
  /** Whether instantiating it runs code of the plugin: a start function. Taken for granted when only the engine knows. */
  readonly hasStart: boolean;

  /** @param description what the bytes say; without it, what the engine tells of the module is all that is known. */
  constructor(module: WebAssembly.Module, description: WasmModule | undefined) {
    this.module = module;
    this.hasStart = description === undefined || description.start !== undefined;
    this.imports =
      description === undefined ? WebAssembly.Module.imports(module).map(untyped) : typedImports(description);
    const exports =
      description === undefined ? WebAssembly.Module.exports(module).map(untyped) : typedExports(description);
    this.exports = new Map(exports.map((exported) => [exported.name, exported]));
  }
}

/**
 * Compiles a plugin, on this thread.
 *
 * @param wasm the bytes of a core module, or a module that the engine has already compiled. Of the latter only the engine knows the
 * types of functions: a wrong one then shows when it is linked or called.
 * @throws BuildPluginError `InvalidArgument`, `MalformedModule` or `InvalidModule`.
 */
export function compilePlugin(wasm: Uint8Array | WebAssembly.Module): CompiledPlugin {
  if (wasm instanceof WebAssembly.Module) return new CompiledPlugin(wasm, undefined);
  const bytes = ownedBytes(wasm);
  const description = describeModule(bytes);
  try {
    return new CompiledPlugin(new WebAssembly.Module(bytes), description);
  } catch (error) {
    throw invalidModule(error);
  }
}

/** {@link compilePlugin}, with the engine compiling on threads of its own where it can. Rejects with what that throws. */
export async function compilePluginAsync(wasm: Uint8Array | WebAssembly.Module): Promise<CompiledPlugin> {
  if (wasm instanceof WebAssembly.Module) return new CompiledPlugin(wasm, undefined);
  const bytes = ownedBytes(wasm);
  const description = describeModule(bytes);
  try {
    return new CompiledPlugin(await WebAssembly.compile(bytes), description);
  } catch (error) {
    throw invalidModule(error);
  }
}

/** Bytes that nobody changes while they are read twice: those of shared memory are copied first. */
function ownedBytes(wasm: unknown): Uint8Array<ArrayBuffer> {
  if (!(wasm instanceof Uint8Array)) {
    throw new BuildPluginError({
      kind: 'InvalidArgument',
      argument: 'wasm',
      expected: 'a Uint8Array or a WebAssembly.Module',
    });
  }
  return wasm.buffer instanceof ArrayBuffer
    ? new Uint8Array(wasm.buffer, wasm.byteOffset, wasm.length)
    : new Uint8Array(wasm);
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

/** What engines write before the byte offset of a compile error: V8 `@+37`, JavaScriptCore `at byte 37`, SpiderMonkey `at offset 37`. */
const ENGINE_OFFSET = /(?:@\+|at byte |at offset )(\d+)/;

function invalidModule(error: unknown): BuildPluginError {
  const reason = error instanceof Error ? error.message : String(error);
  const offset = ENGINE_OFFSET.exec(reason)?.[1];
  const failure = { kind: 'InvalidModule', offset: offset === undefined ? undefined : Number(offset), reason } as const;
  return new BuildPluginError(failure, { cause: error });
}

function untyped<T extends { readonly kind: WebAssembly.ImportExportKind }>(
  external: T,
): T & { readonly type: undefined } {
  return { ...external, type: undefined };
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
