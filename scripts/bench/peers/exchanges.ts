import type * as Library from '../../../src/index.ts';
import type { WireFunction, WireInput } from '../../../src/index.ts';
import { base64, candidates, headers } from '../samples.ts';
import type { Exchange } from './host.ts';

/** A request to dispatch, the plugins that answer it, and its size. */
export interface ExchangeCase extends Exchange {
  readonly name: string;
  /** Bytes of the request as it travels. */
  readonly bytes: number;
  /** Under fixtures/, without `.wasm`. */
  readonly plugins: readonly string[];
}

const event = (_: unknown, index: number) => ({
  kind: 'chunk' as const,
  batch_index: index,
  event_count: 4,
  total_bytes: 4096 + index,
});

function exchange<Req, Res>(
  { encodeJson }: typeof Library,
  name: string,
  fn: WireFunction<Req, Res>,
  request: WireInput<Req>,
  plugins: readonly string[],
): ExchangeCase {
  return {
    name,
    // A host takes the function and its request together, and looks into neither but by the
    // function's own declarations.
    fn: fn as unknown as WireFunction<unknown, unknown>,
    version: fn.supportedVersions.at(-1) ?? 1,
    request: request as WireInput<unknown>,
    bytes: encodeJson(fn.schemas.request, request, 'sorted').length,
    plugins,
  };
}

/** A request as JSON, without the version that a dispatch adds. */
export function requestText({ encodeJson }: typeof Library, { fn, request }: Exchange): string {
  return encodeJson(fn.schemas.request, request, 'sorted');
}

/** Bodies of `shape` by what they are called, in bytes. */
const bodies = { '1 KB': 1_000, '64 KB': 64_000, '1 MB': 1_000_000, '10 MB': 10_000_000 };

/**
 * All requests that are dispatched.
 *
 * @param library the root entry of the version that dispatches them: it knows its own types only.
 */
export function exchangeCases(library: typeof Library): ExchangeCase[] {
  const { filter } = library.wire.v3;
  const { shape, observe } = library.wire.v1;
  const { request: dryRun, ...shaped } = shape.dryRunRequest();
  return [
    ...[1, 10, 100, 1000].map((count) => {
      const name = `filter, ${count} candidate${count === 1 ? '' : 's'}`;
      return exchange(library, name, filter, { ...filter.dryRunRequest(), headers, candidates: candidates(count) }, [
        'router/router',
        ...(count > 100 ? [] : ['rust/router/router']),
      ]);
    }),
    ...Object.entries(bodies).map(([size, bytes]) => {
      const request = { ...shaped, request: { ...dryRun, headers, body_base64: base64(Math.ceil(bytes / 3) * 4) } };
      // The largest takes a peer seconds: of one plugin it says enough.
      const plugins = bytes > 1e6 ? ['dialect/dialect'] : ['dialect/dialect', 'rust/dialect/dialect'];
      return exchange(library, `shape, ${size}`, shape, request, plugins);
    }),
    exchange(library, 'observe, 32 events', observe, { events: Array.from({ length: 32 }, event) }, [
      'observer/observer',
      'rust/observer/observer',
      'c/observer/observer',
    ]),
  ];
}
