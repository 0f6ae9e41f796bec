import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import type { ArchiveType } from '../../src/hooks/archive/type.ts';
import type { HookName } from '../../src/hooks/hook.ts';
import { FilterResponse } from '../../src/hooks/messages/filter.ts';
import { ShapeResponse, TransformResponseResult, TransformSseEventResult } from '../../src/hooks/messages/shape.ts';
import { answering, custom, dataAt, hookModule } from '../hooks/hook-module.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A hook that always answers with the same value, whose archive is at an address. */
export function constant<T>(hook: HookName, type: ArchiveType<T>, value: T, address: number): string {
  const archive = encodeArchive(type, value);
  return `${dataAt(address, archive)} ${answering(hook, address, archive.length)}`;
}

/** What the plugins below answer. */
export const answers = {
  filter: { results: [{ upstream_id: 'a', decision: 'accept', reason: '' }] } satisfies FilterResponse,
  shape: {
    url: 'https://example.test/v1',
    method: 'POST',
    headers: [{ name: 'content-type', value: utf8('application/json') }],
    body: utf8('{"a":"é"}'),
  } satisfies ShapeResponse,
  transform_response: { kind: 'Replace', status: 201, headers: null, body: Uint8Array.of(0xff, 0) },
  transform_sse_event: { kind: 'Drop' },
} as const;

/** A filter. */
export const filterPlugin = await hookModule(
  { filter: 'active' },
  constant('filter', FilterResponse, answers.filter, 4096),
);

/** A shape whose `transform_sse_event` is `noop`. */
export const shapePlugin = await hookModule(
  { shape: 'active', transform_response: 'active', transform_sse_event: 'noop' },
  [
    constant('shape', ShapeResponse, answers.shape, 4096),
    constant('transform_response', TransformResponseResult, answers.transform_response, 8192),
    constant('transform_sse_event', TransformSseEventResult, answers.transform_sse_event, 12288),
  ].join('\n'),
);

/** A filter with a body of its own. */
export function filterWith(body: string): Promise<Uint8Array> {
  return hookModule({ filter: 'active' }, `(func (export "cc_lb_filter") (param i32 i32) (result i64) ${body})`);
}

/** The filter with another name, description and usage. */
export function filterNamed(name: string): Uint8Array {
  const hook = { wire_version: 1, description: name, usage: name, mode: 'active' };
  const metadata = { name, version: name, description: name, usage: name, hooks: { filter: hook } };
  // The last section of a name counts.
  return Uint8Array.from([...filterPlugin, ...custom('cc_lb.plugin.v1', JSON.stringify(metadata))]);
}
