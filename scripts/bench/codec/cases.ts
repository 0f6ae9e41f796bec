import type * as Library from '../../../src/index.ts';
import type { WireInput, WireType } from '../../../src/index.ts';
import { base64, candidates, headers } from '../samples.ts';

/** One thing to measure: the codec against what the engine has for the same text. */
export interface CodecCase {
  readonly name: string;
  /** Bytes of the text. */
  readonly bytes: number;
  /** How often each is run for one time: a run takes microseconds. */
  readonly batch: number;
  readonly engine: () => unknown;
  readonly codec: () => unknown;
}

/** Bytes that are handled for one time, about: a fraction of a millisecond of the engine's own. */
const BATCH_BYTES = 200_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const finished = {
  kind: 'request_finished',
  status: 200,
  input_tokens: 1200,
  output_tokens: 350,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: 900,
  duration_ms: 2_750,
} as const;
const bodies = { '2 KB': 1_200, '64 KB': 64_000, '1 MB': 1_000_000 };

/** A request of `filter` of about 2 KB, as its type takes it. */
export function smallRequest({ wire }: typeof Library) {
  return { ...wire.v3.filter.dryRunRequest(), headers, candidates: candidates(5) };
}

/**
 * All cases.
 *
 * @param library the root entry of the version that is measured.
 */
export function codecCases(library: typeof Library): CodecCase[] {
  const { shape, sign, observe } = library.wire.v1;
  const { filter } = library.wire.v3;
  const { request, ...shaped } = shape.dryRunRequest();
  const withBody = (length: number) => ({ ...shaped, request: { ...request, headers, body_base64: base64(length) } });
  const verdicts = candidates(10).map(({ upstream_id }) => {
    return { upstream_id, decision: 'accept', reason: 'within its limits' };
  });
  return [
    ...Object.entries(bodies).flatMap(([size, length]) => {
      return bothWays(library, `shape request, ${size}`, shape.schemas.request, withBody(length));
    }),
    ...bothWays(library, 'filter request, 2 KB', filter.schemas.request, smallRequest(library)),
    ...bothWays(library, 'filter response, 10 results', filter.schemas.response, { results: verdicts }),
    ...bothWays(library, 'sign response, nulls', sign.schemas.response, sign.dryRunResponse()),
    ...bothWays(library, 'observe request, 4 events', observe.schemas.request, {
      events: [finished, finished, finished, finished],
    }),
  ];
}

/** A value to bytes, and bytes to the value. */
function bothWays<T>(
  { decodeJsonBytes, encodeJson }: typeof Library,
  name: string,
  type: WireType<T>,
  value: WireInput<T>,
): CodecCase[] {
  const encode = () => encoder.encode(encodeJson(type, value, 'sorted'));
  const bytes = encode();
  // A plain value, whose opaque parts the engine need not ask for their own form.
  const plain: unknown = JSON.parse(decoder.decode(bytes));
  const common = { bytes: bytes.length, batch: Math.max(1, Math.floor(BATCH_BYTES / bytes.length)) };
  return [
    { ...common, name: `encode ${name}`, engine: () => encoder.encode(JSON.stringify(plain)), codec: encode },
    {
      ...common,
      name: `decode ${name}`,
      engine: () => JSON.parse(decoder.decode(bytes)),
      codec: () => decodeJsonBytes(type, bytes),
    },
  ];
}
