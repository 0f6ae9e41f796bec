import { readFileSync } from 'node:fs';
import type * as Library from '../../../src/index.ts';
import { readModule, SECTION } from '../../../src/wasm/index.ts';
import { median, milliseconds } from '../alternate.ts';

/** How fast a module is rewritten. */
export interface RewritingResult {
  readonly path: string;
  readonly codeBytes: number;
  readonly meteredBytes: number;
  readonly moduleBytes: number;
  /** Milliseconds of `meterModule`, the median over the rounds. */
  readonly ms: number;
  /** Of these, what the engine takes to validate the original. */
  readonly validateMs: number;
  /** Megabytes (10^6 bytes) of code section in a second. */
  readonly megabytesPerSecond: number;
}

/** Measures `meterModule` on the module in a file. */
export function measureRewriting(
  { meterModule, NO_LIMITS }: typeof Library,
  path: string,
  rounds: number,
): RewritingResult {
  const wasm = new Uint8Array(readFileSync(path));
  const code = readModule(wasm).sections.find(({ id }) => id === SECTION.code);
  const codeBytes = code === undefined ? 0 : code.end - code.contentOffset;
  const meter = () => meterModule(wasm, { limits: NO_LIMITS });
  const meteredBytes = meter().bytes.length;
  const times = Array.from({ length: rounds }, () => milliseconds(meter));
  const validateMs = median(Array.from({ length: rounds }, () => milliseconds(() => WebAssembly.validate(wasm))));
  const ms = median(times);
  const megabytesPerSecond = codeBytes / 1e6 / (ms / 1e3);
  return { path, codeBytes, meteredBytes, moduleBytes: wasm.length, ms, validateMs, megabytesPerSecond };
}
