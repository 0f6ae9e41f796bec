import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { FilterResponse } from '../../src/hooks/messages/filter.ts';
import { ShapeResponse, TransformResponseResult, TransformSseEventResult } from '../../src/hooks/messages/shape.ts';
import { header } from '../hooks/hook-fixture.ts';
import { constantHook, custom, hookEntry, hookModule, metadataOf, withSections } from '../hooks/hook-module.ts';
import { utf8 } from '../support/bytes.ts';

/** What the plugins below answer. */
export const answers = {
  filter: { results: [{ upstream_id: 'a', decision: 'accept', reason: '' }] } satisfies FilterResponse,
  shape: {
    url: 'https://example.test/v1',
    method: 'POST',
    headers: [header('content-type', 'application/json')],
    body: utf8('{"a":"é"}'),
  } satisfies ShapeResponse,
  transform_response: { kind: 'Replace', status: 201, headers: null, body: Uint8Array.of(0xff, 0) },
  transform_sse_event: { kind: 'Drop' },
} as const;

/** A filter. */
export const filterPlugin = await hookModule(
  { filter: 'active' },
  constantHook('filter', 4096, encodeArchive(FilterResponse, answers.filter)),
);

/** A shape whose `transform_sse_event` is `noop`. */
export const shapePlugin = await hookModule(
  { shape: 'active', transform_response: 'active', transform_sse_event: 'noop' },
  [
    constantHook('shape', 4096, encodeArchive(ShapeResponse, answers.shape)),
    constantHook('transform_response', 8192, encodeArchive(TransformResponseResult, answers.transform_response)),
    constantHook('transform_sse_event', 12288, encodeArchive(TransformSseEventResult, answers.transform_sse_event)),
  ].join('\n'),
);

/** The filter with another name, description and usage. */
export function filterNamed(name: string): Uint8Array {
  const texts = { description: name, usage: name };
  const metadata = metadataOf({ filter: hookEntry(texts) }, { name, version: name, ...texts });
  // The last section of a name counts.
  return withSections(filterPlugin, custom('cc_lb.plugin.v1', metadata));
}
