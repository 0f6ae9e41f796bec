import * as fc from 'fast-check';
import { BuildPluginError } from '../../../src/index.ts';
import { fromBase64 } from '../../support/base64.ts';
import { type Call, callsOf } from '../calls.ts';
import { kindOf } from '../kind.ts';

/** A module with one subject, and how it is built and called. */
export interface Probe {
  readonly about: string;
  readonly wasm: string;
  readonly calls: readonly Call[];
  readonly fuel?: number;
  readonly wallMs?: number;
  readonly memoryMaxPages?: number;
  readonly maxVarBytes?: number;
}

/** Edge cases of building and calling, written by hand: scripts/reference/probe-modules.ts. */
export const probes = kindOf<Probe>({
  name: 'probes',
  count: 0,
  cases: fc.constant({ about: '', wasm: '', calls: [] }),
  question: ({ wasm, calls, fuel, wallMs, memoryMaxPages, maxVarBytes }) => ({
    kind: 'calls',
    wasm,
    calls,
    fuel,
    wall_ms: wallMs,
    memory_max_pages: memoryMaxPages,
    max_var_bytes: maxVarBytes,
  }),
  answer: ({ wasm, calls, about, ...options }) => {
    const limits = { fuel: Number.POSITIVE_INFINITY, memoryMaxPages: Number.POSITIVE_INFINITY, ...options };
    const bytes = fromBase64(wasm);
    if (!WebAssembly.validate(bytes)) return undefined;
    try {
      return callsOf(bytes, calls, limits);
    } catch (error) {
      if (!(error instanceof BuildPluginError)) throw error;
      return { build: 'refused' };
    }
  },
});
