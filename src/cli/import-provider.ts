import {
  type HostFunction,
  hostFunctionSignature,
  isKernelFunctionName,
  KERNEL_NAMESPACE,
  kernelFunctionSignature,
} from '../kernel/index.ts';
import { formatFunctionType } from '../plugin/index.ts';
import type { FunctionType, ModuleImport, WasmModule } from '../wasm/index.ts';
import { formatImportType } from './module-types.ts';

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
  const expected = formatFunctionType(type);
  const fits = wanted.kind === 'function' && formatImportType(module, wanted) === expected;
  if (!fits) return { provider: 'mismatch', expected: `function ${expected}` };
  return { provider: kernelType === undefined ? 'host' : 'kernel' };
}

function kernelFunctionType({ module, name }: ModuleImport): FunctionType | undefined {
  return module === KERNEL_NAMESPACE && isKernelFunctionName(name) ? kernelFunctionSignature(name) : undefined;
}

function hostFunctionType(wanted: ModuleImport, functions: readonly HostFunction[]): FunctionType | undefined {
  const provided = functions.find(({ namespace, name }) => namespace === wanted.module && name === wanted.name);
  return provided === undefined ? undefined : hostFunctionSignature(provided);
}
