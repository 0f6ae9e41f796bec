import { formatCount } from '../digits.ts';
import { formatFunctionType } from '../plugin/index.ts';
import { PAGE_BYTES } from '../wasm/encoding/pages.ts';
import type { FunctionType, Limits, ModuleExport, ModuleImport, WasmModule } from '../wasm/index.ts';
import { functionType } from '../wasm/index.ts';

/** Writes the type that an import asks for: `(i64) -> (i64)`, `1 or more of funcref`. */
export function formatImportType(module: WasmModule, wanted: ModuleImport): string {
  switch (wanted.kind) {
    case 'function':
    case 'tag': {
      const type = module.types[wanted.typeIndex];
      return type?.kind === 'func'
        ? formatFunctionType(type)
        : `of type ${wanted.typeIndex}, which is not a function type`;
    }
    case 'table':
      return `${formatRange(wanted.limits)} of ${wanted.elementType}`;
    case 'memory':
      return formatMemory(wanted.limits);
    case 'global':
      return wanted.mutable ? `mutable ${wanted.valueType}` : wanted.valueType;
  }
}

/**
 * Makes a function that writes the type of an export. Only functions and memories have one: the
 * types of other exports are in sections that {@link WasmModule} does not hold.
 *
 * @returns undefined for an export of another kind, or of an index that does not exist.
 */
export function exportTypeFormat(module: WasmModule): (exported: ModuleExport) => string | undefined {
  const memories = memoriesOf(module);
  // Many exports may have the same type, so its text is kept.
  const written = new Map<FunctionType, string>();
  return ({ kind, index }) => {
    if (kind === 'memory') {
      const memory = memories[index];
      return memory === undefined ? undefined : formatMemory(memory.limits);
    }
    const type = kind === 'function' ? functionType(module, index) : undefined;
    if (type === undefined) return undefined;
    const text = written.get(type) ?? formatFunctionType(type);
    written.set(type, text);
    return text;
  };
}

/** A memory of a module. */
export interface ModuleMemory {
  readonly imported: boolean;
  readonly limits: Limits;
}

/** All memories of a module by their index: the imported ones come first. */
export function memoriesOf({ imports, memories }: WasmModule): readonly ModuleMemory[] {
  const imported = imports.flatMap((wanted) =>
    wanted.kind === 'memory' ? [{ imported: true, limits: wanted.limits }] : [],
  );
  return [...imported, ...memories.map((limits) => ({ imported: false, limits }))];
}

/** Writes the limits of a memory: `1 page (65,536 bytes), may grow to 16 pages`. */
export function formatMemory(limits: Limits): string {
  const { minimum, maximum, shared, indexType } = limits;
  const bytes = BigInt(minimum) * BigInt(PAGE_BYTES);
  const growth = maximum === undefined ? 'may grow without a limit of its own' : `may grow to ${pages(maximum)}`;
  const remarks = [shared ? 'shared' : '', indexType === 'i64' ? '64-bit addresses' : ''].filter(
    (remark) => remark !== '',
  );
  return [`${pages(minimum)} (${formatBytes(bytes)})`, growth, ...remarks].join(', ');
}

/** Writes a number of bytes with its unit: `65,536 bytes`. */
export function formatBytes(bytes: number | bigint): string {
  return `${formatCount(bytes)} ${bytes === 1 || bytes === 1n ? 'byte' : 'bytes'}`;
}

/** Writes bytes in hexadecimal: `cc 1b 70`. */
export function formatHex(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function pages(count: number | bigint): string {
  return `${formatCount(count)} ${count === 1 || count === 1n ? 'page' : 'pages'}`;
}

function formatRange({ minimum, maximum }: Limits): string {
  return maximum === undefined ? `${minimum} or more` : `${minimum} to ${maximum}`;
}
