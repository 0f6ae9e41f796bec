import {
  type HostFunction,
  hostFunctionSignature,
  isKernelFunctionName,
  KERNEL_NAMESPACE,
  kernelFunctionSignature,
} from '../kernel/index.ts';
import { formatFunctionType, sameFunctionType } from '../plugin/index.ts';
import { HostState, hostFunctions } from '../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../protocol/host-state.ts';
import { noTelemetry } from '../telemetry.ts';
import type { FunctionType, ModuleImport, WasmModule } from '../wasm/index.ts';

/**
 * Who provides an import: the `kernel`, the `host` that dispatches to the plugin, the `meter` of a
 * prepared plugin, or the `lender` of the memory of a prepared hook plugin. `mismatch`: a function
 * of that name exists, but the module asks for another type. `nobody`: no function of that name
 * exists.
 */
export type ImportProvider =
  | { readonly provider: 'kernel' | 'host' | 'meter' | 'lender' | 'nobody' }
  | { readonly provider: 'mismatch'; readonly expected: string };

/** The module names under which a prepared module imports what preparation wrote into it. */
export interface AddedModules {
  readonly meter?: string | undefined;
  readonly kernel?: string | undefined;
  readonly memory?: string | undefined;
}

/** Finds the providers of a hook plugin's imports. Only preparation may add some. */
export function hookImportProviders({ meter, memory }: AddedModules): (wanted: ModuleImport) => ImportProvider {
  return ({ module }) => {
    if (module === meter) return { provider: 'meter' };
    return { provider: module === memory ? 'lender' : 'nobody' };
  };
}

/**
 * Finds the providers of a module's imports, for a plugin of generation 1.
 *
 * @param added the module names of what preparation added; none if the module is not prepared.
 */
export function importProviders(module: WasmModule, added: AddedModules): (wanted: ModuleImport) => ImportProvider {
  const providerOf = functionProviders();
  return (wanted) => {
    if (wanted.module === added.meter) return { provider: 'meter' };
    if (wanted.module === added.kernel) return { provider: 'kernel' };
    const found = wanted.kind === 'function' ? module.types[wanted.typeIndex] : undefined;
    return providerOf(wanted, found?.kind === 'func' ? found : undefined);
  };
}

/** What names an import. */
type ImportName = Pick<ModuleImport, 'module' | 'name'>;

/**
 * Finds the providers of imports.
 *
 * @returns a function of an import and its type, which is `undefined` if it is not a function.
 */
export function functionProviders(): (wanted: ImportName, found: FunctionType | undefined) => ImportProvider {
  // Only the types of these functions are used: they are never called.
  const state = new HostState();
  const storageQuotaBytes = STORAGE_QUOTA_BYTES;
  const functions = hostFunctions({ pluginName: '', storageQuotaBytes, state, telemetry: noTelemetry });
  return (wanted, found) => {
    const kernelType = kernelFunctionType(wanted);
    const type = kernelType ?? hostFunctionType(wanted, functions);
    if (type === undefined) return { provider: 'nobody' };
    const fits = found !== undefined && sameFunctionType(found, type);
    if (!fits) return { provider: 'mismatch', expected: `function ${formatFunctionType(type)}` };
    return { provider: kernelType === undefined ? 'host' : 'kernel' };
  };
}

function kernelFunctionType({ module, name }: ImportName): FunctionType | undefined {
  return module === KERNEL_NAMESPACE && isKernelFunctionName(name) ? kernelFunctionSignature(name) : undefined;
}

function hostFunctionType(wanted: ImportName, functions: readonly HostFunction[]): FunctionType | undefined {
  const provided = functions.find(({ namespace, name }) => namespace === wanted.module && name === wanted.name);
  return provided === undefined ? undefined : hostFunctionSignature(provided);
}
