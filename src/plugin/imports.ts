import { type HostFunction, hostFunctionSignature, KERNEL_NAMESPACE } from '../kernel/index.ts';
import type { FunctionType } from '../wasm/index.ts';
import { BuildPluginError, type NamedImport } from './build-error.ts';
import { type CompiledPlugin, formatFunctionType, type PluginImport, sameFunctionType } from './compiled-plugin.ts';
import type { NamedImports, PluginKernel } from './plugin-kernel.ts';

/**
 * Checks that every import of a plugin is a function that the kernel or the host provides, with the
 * same type.
 *
 * @returns the host functions that the plugin imports, each once.
 * @throws BuildPluginError `UnknownImports` with all of them; else, for the first that is wrong,
 * `ImportNotFunction` or `ImportTypeMismatch`.
 */
export function checkImports(compiled: CompiledPlugin, functions: readonly HostFunction[]): readonly HostFunction[] {
  const provided = new Map(functions.map((each) => [each.namespace, new Map<string, HostFunction>()]));
  for (const each of functions) provided.get(each.namespace)?.set(each.name, each);
  const used = new Set<HostFunction>();
  const unknown: NamedImport[] = [];
  const types = new Map<PluginImport, FunctionType>();
  for (const wanted of compiled.imports) {
    const host = provided.get(wanted.module)?.get(wanted.name);
    if (host !== undefined) used.add(host);
    const type = host === undefined ? kernelType(compiled, wanted) : hostFunctionSignature(host);
    if (type === undefined) unknown.push(named(wanted));
    else types.set(wanted, type);
  }
  if (unknown.length > 0) throw new BuildPluginError({ kind: 'UnknownImports', imports: unknown });
  for (const [wanted, type] of types) checkType(wanted, type);
  return [...used];
}

/**
 * Adapts host functions to a plugin's kernel.
 *
 * @param functions the host functions that the plugin imports.
 * @returns what the plugin imports from each namespace.
 */
export function hostImports(
  kernel: PluginKernel,
  functions: readonly HostFunction[],
  pluginName: string,
): NamedImports {
  // Collect in Maps and make objects from their entries, because a namespace may be called
  // `__proto__`.
  const imports = new Map<string, Map<string, WebAssembly.ImportValue>>();
  kernel.adapt(functions, pluginName).forEach((adapted, index) => {
    const { namespace, name } = functions[index] ?? { namespace: '', name: '' };
    const provided = imports.get(namespace) ?? new Map<string, WebAssembly.ImportValue>();
    imports.set(namespace, provided.set(name, adapted));
  });
  return [...imports].map(([namespace, provided]) => [namespace, Object.fromEntries(provided)]);
}

/**
 * Makes the import object of an instance of a plugin.
 *
 * @param host what {@link hostImports} returned.
 */
export function importObject(kernel: PluginKernel, host: NamedImports): WebAssembly.Imports {
  // If a linked module still imports a kernel function, the type is wrong. With the empty namespace
  // the engine's error names that function.
  return Object.fromEntries([[KERNEL_NAMESPACE, {}], ...kernel.imports(), ...host]);
}

function kernelType({ kernel }: CompiledPlugin, { module, name }: PluginImport): FunctionType | undefined {
  return module === KERNEL_NAMESPACE ? kernel.typeOf(name) : undefined;
}

function checkType(wanted: PluginImport, type: FunctionType): void {
  if (wanted.kind !== 'function') throw new BuildPluginError({ kind: 'ImportNotFunction', import: named(wanted) });
  if (wanted.type === undefined || sameFunctionType(wanted.type, type)) return;
  const [expected, found] = [formatFunctionType(type), formatFunctionType(wanted.type)];
  throw new BuildPluginError({ kind: 'ImportTypeMismatch', import: named(wanted), expected, found });
}

function named({ module, name, kind }: PluginImport): NamedImport {
  return { module, name, kind };
}
