import { decodeUtf8 } from '../../../src/json/text/utf8.ts';
import {
  decodeJsonBytes,
  decodeNode,
  encodeEnvelope,
  handshakeAccept,
  parseEnvelope,
  takeEntry,
  type WireFunction,
  type WireInput,
  type WireType,
  wire,
} from '../../../src/protocol/messages/index.ts';
import { base64, candidates, headers } from '../samples.ts';

/** One thing to measure: the codec against what the engine has for the same text. */
export interface CodecCase {
  readonly name: string;
  /** Bytes of the text. */
  readonly bytes: number;
  /** The least speed that is aimed at, as a part of the engine's; undefined where none is. */
  readonly target: number | undefined;
  /** How often each is run for one time: a run takes microseconds. */
  readonly batch: number;
  readonly engine: () => unknown;
  readonly codec: () => unknown;
}

const MEGABYTE = 1_000_000;
/** Bytes that are handled for one time, about: a fraction of a millisecond of the engine's own. */
const BATCH_BYTES = 200_000;
const VERSION = 1;
const TARGET_LARGE = 0.5;
const TARGET_SMALL = 0.3;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const { shape, sign, buildSigner, normalizeError, observe } = wire.v1;
const { filter } = wire.v3;

const shapeResponse = (body: number) => ({ ...shape.dryRunResponse(), headers, body_base64: base64(body) });

const shapeRequest = (body: number) => {
  const request = shape.dryRunRequest();
  return { ...request, request: { ...request.request, headers, body_base64: base64(body) } };
};

const watched = candidates(10).map((candidate) => ({ ...candidate, cache_score: null }));
const verdicts = watched.map(({ upstream_id }) => ({
  upstream_id,
  decision: 'accept',
  reason: 'within its limits',
}));
const signerState = { token: base64(120), expires_at: 1_750_000_000, scopes: ['messages', 'models'] };
const finished = {
  kind: 'request_finished',
  status: 200,
  input_tokens: 1200,
  output_tokens: 350,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: 900,
  duration_ms: 2_750,
} as const;

/** All cases. */
export function codecCases(): CodecCase[] {
  return [
    decoding('shape response, 1 MB', TARGET_LARGE, shape, shapeResponse(MEGABYTE)),
    decoding('shape response, 2 KB', TARGET_SMALL, shape, shapeResponse(1_600)),
    decoding('sign response, nulls', undefined, sign, sign.dryRunResponse()),
    decoding('build_signer response', undefined, buildSigner, { signer_state: signerState }),
    decoding('filter response, 10 results', undefined, filter, { results: verdicts }),
    decodingAccept(),
    encoding('shape response, 1 MB', TARGET_LARGE, shape.schemas.response, shapeResponse(MEGABYTE)),
    encoding('shape response, 2 KB', TARGET_SMALL, shape.schemas.response, shapeResponse(1_600)),
    encoding('shape request, 1 MB', TARGET_LARGE, shape.schemas.request, shapeRequest(MEGABYTE)),
    encoding('shape request, 2 KB', TARGET_SMALL, shape.schemas.request, shapeRequest(1_600)),
    encoding('sign request', undefined, sign.schemas.request, {
      shaped: shapeResponse(400),
      signer_state: signerState,
    }),
    encoding('normalize_error request', undefined, normalizeError.schemas.request, {
      status: 429,
      body_base64: base64(200),
    }),
    encoding('observe request, 4 events', undefined, observe.schemas.request, {
      events: [finished, finished, finished, finished],
    }),
    encoding('filter request, 10 candidates', undefined, filter.schemas.request, {
      ...filter.dryRunRequest(),
      headers,
      candidates: watched,
    }),
  ];
}

/** A dispatch response, from bytes to the value, as a dispatch reads it. */
function decoding<Req, Res>(
  name: string,
  target: number | undefined,
  { schemas }: WireFunction<Req, Res>,
  value: WireInput<Res>,
): CodecCase {
  const bytes = encoder.encode(encodeEnvelope(schemas.response, value, VERSION));
  return oneCase(`decode ${name}`, target, bytes, {
    engine: () => JSON.parse(decoder.decode(bytes)),
    codec: () => {
      const envelope = parseEnvelope(decodeUtf8(bytes));
      if (envelope.kind !== 'object') throw new Error('an envelope is an object');
      return decodeNode(schemas.response, takeEntry(envelope, '_v').rest);
    },
  });
}

/** An accept, straight into the type. */
function decodingAccept(): CodecCase {
  const names = wire.allWireFunctions;
  const accept = {
    handshake_schema_version: 1,
    envelope_version: 1,
    chosen_versions: Object.fromEntries(names.map((name) => [name, 1])),
    plugin_supported: Object.fromEntries(names.map((name) => [name, [1]])),
    implemented_functions: names,
    required_capabilities: [],
  };
  const bytes = encoder.encode(JSON.stringify(accept));
  return oneCase('decode accept', undefined, bytes, {
    engine: () => JSON.parse(decoder.decode(bytes)),
    codec: () => decodeJsonBytes(handshakeAccept, bytes),
  });
}

/** The envelope of a dispatch, from the value to bytes. */
function encoding<T>(name: string, target: number | undefined, type: WireType<T>, value: WireInput<T>): CodecCase {
  const codec = () => encoder.encode(encodeEnvelope(type, value, VERSION));
  // A plain value, whose opaque parts the engine need not ask for their own form.
  const envelope: unknown = JSON.parse(JSON.stringify({ _v: VERSION, ...value }));
  return oneCase(`encode ${name}`, target, codec(), {
    engine: () => encoder.encode(JSON.stringify(envelope)),
    codec,
  });
}

function oneCase(
  name: string,
  target: number | undefined,
  { length }: Uint8Array,
  runs: Pick<CodecCase, 'engine' | 'codec'>,
): CodecCase {
  return { name, bytes: length, target, batch: Math.max(1, Math.floor(BATCH_BYTES / length)), ...runs };
}
