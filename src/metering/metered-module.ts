import type { FunctionType } from '../wasm/index.ts';
import type { MeterGlobalName } from './layout.ts';

/** A function that a module imports, with its type. */
export interface ImportedFunction extends FunctionType {
  readonly module: string;
  readonly name: string;
}

/** A function that a module exports, with its type. */
export interface ExportedFunction extends FunctionType {
  readonly name: string;
}

/** What the run-time side needs to know of a metered module. It is plain JSON, and travels in a custom section of the module. */
export interface MeteringInfo {
  readonly version: 3;
  /** The name under which the module imports the meter's functions: none of the original's imports has it. */
  readonly importModule: string;
  /** The names under which it exports the meter's globals: none of the original's exports has one of them. */
  readonly globals: Readonly<Record<MeterGlobalName, string>>;
  /** The name under which it exports what was its start function. */
  readonly start: string | undefined;
  /** The functions that the original imports, and those that it exports: the engine does not tell their types. */
  readonly imports: readonly ImportedFunction[];
  readonly exports: readonly ExportedFunction[];
  /** Pages of the memories that it defines, at first, all together. */
  readonly initialPages: number;
  /** Entries of the tables that it defines, at first, all together. */
  readonly initialEntries: number;
  /** Bytes of the objects of garbage collection that its constant expressions make, all together. */
  readonly initialHeapBytes: number;
}

/** A module with metering written into it. Made by `meterModule`. */
export interface MeteredModule {
  /** The rewritten module. It holds `info` in a custom section, so that it can be stored and compiled elsewhere. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly info: MeteringInfo;
}

/** The custom section that holds the {@link MeteringInfo}, as JSON. */
export const METERING_SECTION = 'cc_lb.metering.v3';
