import { joined } from '../joined.ts';
import { hex, type Part, pointer, text, zeros } from '../parts.ts';

/** A request of each hook as JSON, and as an archive as HOOKS.md says. */
interface Request {
  readonly json: string;
  readonly archive: readonly Part[];
}

const PRINCIPAL = '{"id":"","kind":"","claims":[]}';
const NO_URL = '{"kind":"AnthropicDirect","base_url":null}';
const NO_PRICES = joined(
  '{"status":"","input_micros_per_million":null,"cache_creation_5m_micros_per_million":null,',
  '"cache_creation_1h_micros_per_million":null,"cache_read_micros_per_million":null}',
);

/** A request of filter with nothing but an id. An id of one byte gives an archive of 200 bytes. */
export const filterRequest = (id: string): string =>
  joined(
    `{"request_id":"${id}","thread_id":null,"service_tier":null,"canonical_model_id":"",`,
    `"cache_pricing":${NO_PRICES},"method":"","path":"","query":null,"headers":[],"body_base64":"",`,
    `"principal":${PRINCIPAL},"candidates":[]}`,
  );

/** The size of the archive of a filter's request whose id has one byte. */
export const FILTER_REQUEST_SIZE = 200;

export const requests: Readonly<Record<'filter' | 'shape' | 'transform_response' | 'transform_sse_event', Request>> = {
  filter: {
    json: filterRequest('r'),
    archive: [
      ...[text('r'), zeros(7), pointer(-8, 1), zeros(24), pointer(-39, 0), pointer(-47, 0), zeros(64)],
      ...[pointer(-119, 0), pointer(-127, 0), zeros(12)],
      // The empty list of headers is aligned to 4, and that of candidates to 8.
      ...[pointer(-144, 0), pointer(-152, 0), pointer(-160, 0), pointer(-168, 0), pointer(-176, 0)],
      ...[pointer(-180, 0), zeros(4)],
    ],
  },
  shape: {
    json: joined(
      '{"request_id":"r","method":"","path":"","query":null,"headers":[],"body_base64":"",',
      `"principal":${PRINCIPAL},"upstream":${NO_URL}}`,
    ),
    archive: [
      ...[text('r'), zeros(3), pointer(-4, 1), pointer(-11, 0), pointer(-19, 0), zeros(12)],
      ...[pointer(-36, 0), pointer(-44, 0), pointer(-52, 0), pointer(-60, 0), pointer(-68, 0), zeros(16)],
    ],
  },
  transform_response: {
    json: joined(
      `{"request_id":"r","principal":${PRINCIPAL},"upstream":${NO_URL},"request_method":"",`,
      '"request_path":"","canonical_model_id":"","response_status":404,"response_headers":[],',
      '"body_base64":"Yg=="}',
    ),
    archive: [
      ...[text('r'), zeros(3), text('b'), zeros(3)],
      ...[pointer(-8, 1), pointer(-15, 0), pointer(-23, 0), pointer(-28, 0), zeros(16)],
      ...[pointer(-52, 0), pointer(-60, 0), pointer(-68, 0), hex('94010000'), pointer(-80, 0), pointer(-88, 1)],
    ],
  },
  transform_sse_event: {
    json: joined(
      `{"request_id":"r","principal":${PRINCIPAL},"upstream":${NO_URL},"request_method":"",`,
      '"request_path":"","canonical_model_id":"","response_status":200,"response_headers":[],',
      '"event":{"event":"e","data_base64":""}}',
    ),
    archive: [
      ...[text('r'), zeros(3), text('e'), zeros(3)],
      ...[pointer(-8, 1), pointer(-15, 0), pointer(-23, 0), pointer(-28, 0), zeros(16)],
      ...[pointer(-52, 0), pointer(-60, 0), pointer(-68, 0), hex('c8000000'), pointer(-80, 0)],
      ...[pointer(-88, 1), pointer(-95, 0)],
    ],
  },
};
