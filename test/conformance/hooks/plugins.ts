import { hookChecksFor, hookSuitesFor } from '../../../src/conformance/hooks/checks/index.ts';
import { filterForms } from '../../../src/conformance/hooks/requests/filter.ts';
import type { RequestForm } from '../../../src/conformance/hooks/requests/form.ts';
import { transformResponseForms, transformSseEventForms } from '../../../src/conformance/hooks/requests/response.ts';
import { shapeForms } from '../../../src/conformance/hooks/requests/shape.ts';
import { requestsOf } from '../../../src/conformance/hooks/suite.ts';
import {
  conformanceSlots,
  type VerifyHooksOptions,
  type VerifyReport,
  verifyHooks,
} from '../../../src/conformance/index.ts';
import { encodeArchive } from '../../../src/hooks/archive/encode.ts';
import {
  filterHook,
  type Hook,
  type HookName,
  hookNames,
  shapeHook,
  transformResponseHook,
  transformSseEventHook,
} from '../../../src/hooks/hook.ts';
import { FilterResponse } from '../../../src/hooks/messages/filter.ts';
import { ShapeResponse, TransformResponseResult, TransformSseEventResult } from '../../../src/hooks/messages/shape.ts';
import { dataAt, hookModule, packed } from '../../hooks/hook-module.ts';

/** The forms of the requests that the suite sends to a hook. */
export const formIds: Readonly<Record<HookName, readonly string[]>> = {
  filter: idsOf(filterForms()),
  shape: idsOf(shapeForms()),
  transform_response: idsOf(transformResponseForms()),
  transform_sse_event: idsOf(transformSseEventForms()),
};

function idsOf(forms: readonly RequestForm<unknown>[]): string[] {
  return forms.map(({ id }) => id);
}

/** The offset of the number in an archive, which begins with the request's id. */
const NUMBER_AT = 'conformance-req-'.length;

/**
 * The first requests of each form, as a plugin tells them from others: eight bytes of the archive
 * that begin with the number of the request's id. The probe is a form too.
 */
const marks: Readonly<Record<HookName, ReadonlyMap<string, bigint>>> = {
  filter: marksOf(filterHook, filterForms()),
  shape: marksOf(shapeHook, shapeForms()),
  transform_response: marksOf(transformResponseHook, transformResponseForms()),
  transform_sse_event: marksOf(transformSseEventHook, transformSseEventForms()),
};

function marksOf<Request extends { readonly request_id: string }>(
  { request: type, sample }: Hook<Request>,
  forms: readonly RequestForm<Request>[],
): ReadonlyMap<string, bigint> {
  const markOf = (request: Request): bigint =>
    new DataView(encodeArchive(type, request).buffer).getBigInt64(NUMBER_AT, true);
  // Of two entries with one key the last counts.
  const first = requestsOf(forms)
    .toReversed()
    .map(({ form, request }): [string, bigint] => [form, markOf(request)]);
  return new Map([...first, ['probe', markOf(sample())]]);
}

/** Answers that keep every rule. */
const answers: Readonly<Record<HookName, Uint8Array>> = {
  filter: encodeArchive(FilterResponse, { results: [] }),
  shape: encodeArchive(ShapeResponse, {
    url: 'https://example.test/v1/messages',
    method: 'POST',
    headers: [],
    body: new Uint8Array(),
  }),
  transform_response: encodeArchive(TransformResponseResult, { kind: 'Unchanged' }),
  transform_sse_event: encodeArchive(TransformSseEventResult, { kind: 'Unchanged' }),
};

/** What a plugin does for a request: an answer, or code that runs before the usual answer. */
export type Special = Uint8Array | string;

/** The pages of a plugin's memory, its size in bytes, and where answers and requests lie. */
const PAGES = 24;
export const MEMORY_BYTES = PAGES * 65_536;
const ANSWERS = 1024;
const REQUEST = 262_144;

/** The parts of a plugin that a test changes. */
export interface PluginParts {
  /** By hook and form: what the plugin does for the first request of the form. */
  readonly specials?: { readonly [N in HookName]?: Readonly<Record<string, Special>> };
  /** By hook: its function, if it is not the usual one. */
  readonly functions?: { readonly [N in HookName]?: string };
  /** More fields of the module. */
  readonly fields?: string;
  /** The pages of the memory at first. */
  readonly pages?: number;
}

const active = {
  filter: 'active',
  shape: 'active',
  transform_response: 'active',
  transform_sse_event: 'active',
} as const;

/** The modes of a plugin that has this hook as its only active one of a slot. */
export function modesWith(hook: HookName): { readonly [N in HookName]?: 'active' | 'noop' } {
  if (hook === 'filter') return { filter: 'active' };
  return { shape: 'active', transform_response: 'noop', transform_sse_event: 'noop', [hook]: 'active' };
}

/** Makes a plugin that answers each request the same, and some of them otherwise. */
export async function conformingPlugin(
  declared: { readonly [N in HookName]?: 'active' | 'noop' } = active,
  { specials = {}, functions: other = {}, fields = '', pages = PAGES }: PluginParts = {},
): Promise<Uint8Array> {
  const segments: string[] = [];
  let at = ANSWERS;
  const place = (bytes: Uint8Array): string => {
    const address = at;
    segments.push(dataAt(address, bytes));
    at = Math.ceil((at + bytes.length) / 16) * 16;
    return `(i64.const ${packed(address, bytes.length)})`;
  };
  const functions = hookNames.map((hook) => {
    if (other[hook] !== undefined) return other[hook];
    const rows = Object.entries(specials[hook] ?? {}).map(([form, special]) => {
      const mark = marks[hook].get(form);
      if (mark === undefined) throw new Error(`${hook} has no form ${form}`);
      const act = typeof special === 'string' ? special : `(return ${place(special)})`;
      return `(if (i64.eq (i64.load offset=${NUMBER_AT} align=1 (local.get 0)) (i64.const ${mark})) (then ${act}))`;
    });
    return `(func (export "cc_lb_${hook}") (param i32 i32) (result i64) (local $n i32)
      ${rows.join('\n')} ${place(answers[hook])})`;
  });
  return hookModule(
    declared,
    `(memory (export "memory") ${pages})
    (func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const ${REQUEST})
    ${fields} ${functions.join('\n')} ${segments.join('\n')}`,
  );
}

/** Code that burns fuel: a few units for each turn. */
export const burn = (turns: number): string => `(local.set $n (i32.const ${turns}))
  (loop $more (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))`;

/** Code that grows the memory. */
export const grow = (pages: number): string => `(drop (memory.grow (i32.const ${pages})))`;

/** Little fuel, so that endless calls end soon. */
export const options: VerifyHooksOptions = { fuel: 20_000_000 };

/** The checks that some report of this process has a fault of. */
const seen = new Set<string>();

/** The checks of a report that failed or warned: `fail filter.known-ids`. */
export function faultsOf({ checks }: VerifyReport): string[] {
  const faults = checks.filter(({ status }) => status === 'fail' || status === 'warn');
  for (const { id } of faults) seen.add(id);
  return faults.map(({ id, status }) => `${status} ${id}`);
}

/** Of all checks of these groups those that no report so far had a fault of. */
export function unseenChecks(isOfGroup: (group: string) => boolean): string[] {
  const ids = hookChecksFor(hookSuitesFor(conformanceSlots)).map(({ id }) => id);
  return ids.filter((id) => isOfGroup(id.split('.')[0] ?? '') && !seen.has(id));
}

/** Verifies a plugin with little fuel. */
export const faults = (wasm: Uint8Array, more: VerifyHooksOptions = {}): string[] =>
  faultsOf(verifyHooks(wasm, { ...options, ...more }));
