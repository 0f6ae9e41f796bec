import { readFileSync } from 'node:fs';
import type * as Library from '../../src/index.ts';
import type { CompileOptions, WireFunction, WireInput } from '../../src/index.ts';
import { alternate, type Comparison, type Measuring } from './alternate.ts';

/** What came of dispatching one request. */
export interface DispatchResult extends Comparison {
  readonly name: string;
}

const CANDIDATES = 10;
const BODY_BYTES = 64 * 1024;
/** Dispatches that are timed together: one takes a fraction of a millisecond. */
const BATCH = 20;

/**
 * What is set against what: the same kernel without and with metering; and the original bytes
 * against what a host gets by default.
 */
const pairs: readonly (readonly [name: string, first: CompileOptions, second: CompileOptions])[] = [
  ['kernel beside', { metering: false, kernel: 'instance' }, { kernel: 'instance' }],
  ['original and default', { metering: false }, {}],
];

/**
 * Dispatches requests to plugins of fixtures/, without metering and with it.
 *
 * @param library the root entry of the version that dispatches.
 * @param measuring how long to measure.
 * @throws Error when the two answer differently, or not at all.
 */
export function compareDispatches(library: typeof Library, measuring: Measuring): DispatchResult[] {
  const { filter } = library.wire.v3;
  const { shape } = library.wire.v1;
  const request = { ...filter.dryRunRequest(), candidates: Array.from({ length: CANDIDATES }, candidate) };
  const shaped = shape.dryRunRequest();
  const body_base64 = btoa('x'.repeat(BODY_BYTES));
  return pairs.flatMap(([kernel, ...forms]) => [
    compare(library, `filter, 10 candidates, ${kernel}`, 'router', filter, request, forms, measuring),
    compare(
      library,
      `shape, 64 KiB, ${kernel}`,
      'dialect',
      shape,
      { ...shaped, request: { ...shaped.request, body_base64 } },
      forms,
      measuring,
    ),
  ]);
}

/** A candidate as a host describes one that it has watched. */
function candidate(_: unknown, index: number) {
  const rateLimit = (kind: string, limit: number) => ({
    kind,
    window: '1m',
    limit,
    remaining: limit - index,
    reset: null,
  });
  return {
    upstream_id: `00000000-0000-0000-0000-00000000000${index}`,
    name: `upstream ${index}`,
    kind: 'anthropic_api_key',
    observed_rate_limits: [rateLimit('requests', 1_000), rateLimit('input_tokens', 400_000)],
    subscription_quotas: [],
    observed_at_unix_secs: 1_750_000_000,
  };
}

function compare<Req, Res>(
  { buildPlugin, compilePlugin, dispatchWireCall }: typeof Library,
  name: string,
  fixture: string,
  fn: WireFunction<Req, Res>,
  request: WireInput<Req>,
  forms: readonly CompileOptions[],
  measuring: Measuring,
): DispatchResult {
  const wasm = new Uint8Array(readFileSync(new URL(`../../fixtures/${fixture}/${fixture}.wasm`, import.meta.url)));
  const negotiated = { negotiated_functions: { [fn.name]: fn.supportedVersions.at(-1) ?? 1 } };
  const [plain, metered] = forms.map((options) => {
    const plugin = buildPlugin(compilePlugin(wasm, options));
    return () => {
      const outcome = dispatchWireCall(fn, plugin, negotiated, request);
      if (outcome.kind === 'ok') return outcome.response;
      throw outcome.error;
    };
  });
  if (plain === undefined || metered === undefined) throw new Error('there are two plugins');
  if (JSON.stringify(plain()) !== JSON.stringify(metered())) throw new Error(`${name}: metered it answers differently`);
  return { name, ...alternate(batch(plain), batch(metered), measuring) };
}

function batch(call: () => unknown): () => void {
  return () => {
    for (let count = 0; count < BATCH; count++) call();
  };
}
