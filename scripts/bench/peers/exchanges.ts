import { encodeJson, type WireFunction, type WireInput, wire } from '../../../src/index.ts';
import type { Exchange } from './host.ts';

/** A request to dispatch, the plugins that answer it, and its size. */
export interface ExchangeCase extends Exchange {
  readonly name: string;
  /** Bytes of the request as it travels. */
  readonly bytes: number;
  /** Under fixtures/, without `.wasm`. */
  readonly plugins: readonly string[];
}

const { filter } = wire.v3;
const { shape, observe } = wire.v1;
const decoder = new TextDecoder();

/** Base64 of so many bytes, flat in memory. */
function base64(bytes: number): string {
  const length = Math.ceil(bytes / 3) * 4;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const codes = new Uint8Array(length);
  let seed = 1;
  for (let at = 0; at < length; at++) {
    seed = (seed * 48_271) % 0x7fff_ffff;
    codes[at] = alphabet.charCodeAt(seed % 64);
  }
  return decoder.decode(codes);
}

const headers = ['content-type', 'anthropic-version', 'x-request-id', 'user-agent'].map((name) => {
  return { name, value_base64: base64(18) };
});

/** A candidate as a host describes one that it has watched. */
const candidate = (_: unknown, index: number) => ({
  upstream_id: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
  name: `upstream ${index}`,
  kind: 'anthropic_api_key',
  observed_rate_limits: ['requests', 'input_tokens'].map((kind) => ({
    kind,
    window: '1m',
    limit: 400_000,
    remaining: 399_000 - index,
    reset: null,
  })),
  subscription_quotas: [],
  observed_at_unix_secs: 1_750_000_000,
});

const event = (_: unknown, index: number) => ({
  kind: 'chunk' as const,
  batch_index: index,
  event_count: 4,
  total_bytes: 4096 + index,
});

function exchange<Req, Res>(
  name: string,
  fn: WireFunction<Req, Res>,
  request: WireInput<Req>,
  plugins: readonly string[],
): ExchangeCase {
  return {
    name,
    // A host takes the function and its request together, and looks into neither but by the function's own declarations.
    fn: fn as unknown as WireFunction<unknown, unknown>,
    version: fn.supportedVersions.at(-1) ?? 1,
    request: request as WireInput<unknown>,
    bytes: encodeJson(fn.schemas.request, request, 'sorted').length,
    plugins,
  };
}

/** A request as JSON, without the version that a dispatch adds. */
export function requestText({ fn, request }: Exchange): string {
  return encodeJson(fn.schemas.request, request, 'sorted');
}

/** Bodies of `shape` by what they are called, in bytes. */
const bodies = { '1 KB': 1_000, '64 KB': 64_000, '1 MB': 1_000_000, '10 MB': 10_000_000 };

/** All requests that are dispatched. */
export function exchangeCases(): ExchangeCase[] {
  const { request: dryRun, ...shaped } = shape.dryRunRequest();
  return [
    ...[1, 10, 100].map((count) => {
      const candidates = Array.from({ length: count }, candidate);
      const name = `filter, ${count} candidate${count === 1 ? '' : 's'}`;
      return exchange(name, filter, { ...filter.dryRunRequest(), headers, candidates }, [
        'router/router',
        'rust/router/router',
      ]);
    }),
    ...Object.entries(bodies).map(([size, bytes]) => {
      const request = { ...shaped, request: { ...dryRun, headers, body_base64: base64(bytes) } };
      // The largest takes a peer seconds: of one plugin it says enough.
      const plugins = bytes > 1e6 ? ['dialect/dialect'] : ['dialect/dialect', 'rust/dialect/dialect'];
      return exchange(`shape, ${size}`, shape, request, plugins);
    }),
    exchange('observe, 32 events', observe, { events: Array.from({ length: 32 }, event) }, [
      'observer/observer',
      'rust/observer/observer',
      'c/observer/observer',
    ]),
  ];
}
