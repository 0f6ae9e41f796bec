import { formatFunctionType } from '../plugin/index.ts';
import type { FunctionType, Limits, ModuleExport, ModuleImport, WasmModule } from '../wasm/index.ts';
import { functionType } from '../wasm/index.ts';

/** Bytes of one page of memory (specification 4.2.8). */
const PAGE_BYTES = 65_536;

/** What a module asks for in an import. */
export function formatImportType(module: WasmModule, wanted: ModuleImport): string {
  switch (wanted.kind) {
    case 'function':
    case 'tag': {
      const type = module.types[wanted.typeIndex];
      return type?.kind === 'func'
        ? formatFunctionType(type)
        : `of type ${wanted.typeIndex}, which is no function type`;
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
 * Writes the types of a module's exports, where the parts of it that were read tell them: of
 * functions, and of memories.
 */
export function exportTypeFormat(module: WasmModule): (exported: ModuleExport) => string | undefined {
  const memories = memoriesOf(module);
  // Many exports may be of one type, which is written once.
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

/** A memory of a module: imported ones come first in its index space. */
export interface ModuleMemory {
  readonly imported: boolean;
  readonly limits: Limits;
}

/** All memories of a module, by their index. */
export function memoriesOf({ imports, memories }: WasmModule): readonly ModuleMemory[] {
  const imported = imports.flatMap((wanted) =>
    wanted.kind === 'memory' ? [{ imported: true, limits: wanted.limits }] : [],
  );
  return [...imported, ...memories.map((limits) => ({ imported: false, limits }))];
}

/** The size of a memory in words: `1 page (65,536 bytes), may grow to 16 pages`. */
export function formatMemory(limits: Limits): string {
  const { minimum, maximum, shared, indexType } = limits;
  const bytes = BigInt(minimum) * BigInt(PAGE_BYTES);
  const growth = maximum === undefined ? 'may grow without a limit of its own' : `may grow to ${pages(maximum)}`;
  const remarks = [shared ? 'shared' : '', indexType === 'i64' ? '64-bit addresses' : ''].filter(
    (remark) => remark !== '',
  );
  return [`${pages(minimum)} (${formatBytes(bytes)})`, growth, ...remarks].join(', ');
}

/** A number of bytes with its unit: `65,536 bytes`. */
export function formatBytes(bytes: number | bigint): string {
  return `${formatCount(bytes)} ${bytes === 1 || bytes === 1n ? 'byte' : 'bytes'}`;
}

/** A whole number with its thousands set apart. */
export function formatCount(count: number | bigint): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes in hexadecimal: `cc 1b 70`. */
export function formatHex(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function pages(count: number | bigint): string {
  return `${formatCount(count)} ${count === 1 || count === 1n ? 'page' : 'pages'}`;
}

function formatRange({ minimum, maximum }: Limits): string {
  return maximum === undefined ? `${minimum} or more` : `${minimum} to ${maximum}`;
}
