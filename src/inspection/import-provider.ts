import {
  type HostFunction,
  hostFunctionSignature,
  isKernelFunctionName,
  KERNEL_NAMESPACE,
  kernelFunctionSignature,
} from '../kernel/index.ts';
import { formatFunctionType, sameFunctionType } from '../plugin/index.ts';
import type { FunctionType, ModuleImport, WasmModule } from '../wasm/index.ts';

/**
 * Who provides what a module imports: the `kernel`, the `host` to a plugin that it dispatches to, the `meter` of a prepared one, `nobody`; or there is a function of that
 * name, but the module asks for something else (`mismatch`).
 */
export type ImportProvider =
  | { readonly provider: 'kernel' | 'host' | 'meter' | 'nobody' }
  | { readonly provider: 'mismatch'; readonly expected: string };

/** Finds who provides an import. */
export function importProvider(
  module: WasmModule,
  wanted: ModuleImport,
  functions: readonly HostFunction[],
): ImportProvider {
  const kernelType = kernelFunctionType(wanted);
  const type = kernelType ?? hostFunctionType(wanted, functions);
  if (type === undefined) return { provider: 'nobody' };
  const found = wanted.kind === 'function' ? module.types[wanted.typeIndex] : undefined;
  const fits = found?.kind === 'func' && sameFunctionType(found, type);
  if (!fits) return { provider: 'mismatch', expected: `function ${formatFunctionType(type)}` };
  return { provider: kernelType === undefined ? 'host' : 'kernel' };
}

function kernelFunctionType({ module, name }: ModuleImport): FunctionType | undefined {
  return module === KERNEL_NAMESPACE && isKernelFunctionName(name) ? kernelFunctionSignature(name) : undefined;
}

function hostFunctionType(wanted: ModuleImport, functions: readonly HostFunction[]): FunctionType | undefined {
  const provided = functions.find(({ namespace, name }) => namespace === wanted.module && name === wanted.name);
  return provided === undefined ? undefined : hostFunctionSignature(provided);
}
