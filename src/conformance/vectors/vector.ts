import {
  type FieldsOf,
  type FieldTable,
  i64,
  list,
  map,
  skippedWhenNone,
  string,
  stringEnum,
  u32,
  u64,
} from '../../json/declare.ts';
import type { WireType } from '../../json/type.ts';
import { bytes } from './bytes.ts';
import { type ExpectedEnd, expectedEnd } from './end.ts';
import { objectForm } from './object-form.ts';

/*
 * Test vectors for hosts (abi/vectors/README.md). Each layer declares what its vectors have; types,
 * the reader of the files, the lines for drivers and the JSON Schema follow.
 */

/** What a host may use. A missing field is the default of the layer. */
const budget = objectForm('Budget', {
  fuel: skippedWhenNone(u64),
  wall_ms: skippedWhenNone(u32),
  memory_pages: skippedWhenNone(u32),
  initial_memory_pages: skippedWhenNone(u32),
  table_entries: skippedWhenNone(u32),
  stack_slots: skippedWhenNone(u32),
});

/** What the vectors of a layer give to a host: for the vector as a whole, and in each step. */
interface Inputs {
  readonly given: FieldTable;
  readonly step: FieldTable;
}

/**
 * What the vectors of each layer give to a host.
 *
 * @param bytesType how bytes are written.
 * @param wasm how modules are written.
 */
function layerInputs<B, M>(bytesType: WireType<B>, wasm: WireType<M>) {
  const limited = { wasm, budget: skippedWhenNone(budget) } as const;
  const clock = skippedWhenNone(i64);
  const slot = skippedWhenNone(string);
  const calls = {
    ...limited,
    config: skippedWhenNone(map(string)),
    max_var_bytes: skippedWhenNone(u32),
    log_level: skippedWhenNone(stringEnum('LogLevel', ['trace', 'debug', 'info', 'warn', 'error', 'off'])),
  } as const;
  const call = { call: string, input: skippedWhenNone(bytesType) } as const;
  const request = { function: string, types: skippedWhenNone(string), request: string } as const;
  const json = skippedWhenNone(string);
  return {
    json: { given: { type: string, way: stringEnum('Way', ['direct', 'value']), json: bytesType }, step: {} },
    identity: { given: { wasm }, step: {} },
    handshake: { given: { ...limited, offer: json }, step: {} },
    'self-check': { given: { ...limited, slots: skippedWhenNone(list(string)), clock }, step: {} },
    record: { given: { make: json, metadata: json, record: json, now: skippedWhenNone(i64) }, step: {} },
    offers: { given: { raw: string }, step: {} },
    requests: { given: { ...request, version: u64 }, step: {} },
    dispatch: { given: { ...limited, negotiated: map(u32), clock }, step: request },
    kernel: { given: calls, step: call },
    'host-functions': {
      given: { ...calls, plugin_name: json, quota: skippedWhenNone(u32), clock },
      step: call,
    },
    fuel: { given: calls, step: call },
    'hooks-archives': { given: { type: string, archive: skippedWhenNone(bytesType), value: json }, step: {} },
    'hooks-inspection': { given: { wasm, slot }, step: {} },
    'hooks-dispatch': { given: { ...limited, slot }, step: { hook: string, request: string } },
  } as const satisfies Readonly<Record<string, Inputs>>;
}

type LayerInputs = ReturnType<typeof layerInputs<Uint8Array, Uint8Array>>;

/** The layers of the vectors: the names of the files in abi/vectors/. */
export type Layer = keyof LayerInputs;

/** What every vector has. */
const common = {
  id: string,
  rule: string,
  about: skippedWhenNone(string),
  flags: skippedWhenNone(list(string)),
  deviation: skippedWhenNone(string),
} as const;

/** One step of a vector. */
export type Step<L extends Layer> = FieldsOf<LayerInputs[L]['step']> & { readonly ends: ExpectedEnd };

/** A vector of a layer. It has either `ends` or `steps`. */
export type Vector<L extends Layer = Layer> = {
  readonly [K in L]: FieldsOf<typeof common> &
    FieldsOf<LayerInputs[K]['given']> & {
      readonly layer: K;
      readonly ends?: ExpectedEnd | null;
      readonly steps?: readonly Step<K>[] | null;
    };
}[L];

/** A file of vectors. */
export interface VectorFile<L extends Layer = Layer> {
  readonly layer: L;
  readonly about: string;
  readonly vectors: readonly Vector<L>[];
}

/** The names of the layers, in the order in which their vectors run. */
// The keys of the table are the layers.
export const LAYERS: readonly Layer[] = /* @__PURE__ */ Object.keys(
  /* @__PURE__ */ layerInputs(bytes, bytes),
) as Layer[];

/**
 * Declares a file of vectors.
 *
 * @param layer of the file.
 * @param wasm how it writes modules: see `moduleType`.
 */
export function vectorFileType<L extends Layer>(layer: L, wasm: WireType<Uint8Array>): WireType<VectorFile<L>> {
  const inputs: Inputs = layerInputs(bytes, wasm)[layer];
  const step = objectForm(`${layer}-step`, { ...inputs.step, ends: expectedEnd });
  const vector = objectForm(`${layer}-vector`, {
    ...common,
    ...inputs.given,
    ends: skippedWhenNone(expectedEnd),
    ...(Object.keys(inputs.step).length > 0 && { steps: skippedWhenNone(list(step)) }),
  });
  const file = objectForm(`${layer}-file`, {
    layer: stringEnum(`${layer}-layer`, [layer]),
    about: string,
    vectors: list(vector),
  });
  // The table of the layer has the fields of its vectors. Reading adds the layer to each.
  return file as unknown as WireType<VectorFile<L>>;
}

/**
 * Declares the line that a driver gets for a vector of a layer. Bytes are written as base64.
 *
 * @param layer of the vector.
 */
export function lineType(layer: Layer): WireType {
  const { given, step }: Inputs = layerInputs(string, string)[layer];
  const steps = Object.keys(step).length > 0 && { steps: skippedWhenNone(list(objectForm('Step', step))) };
  const { id, flags } = common;
  return objectForm('Line', { id, layer: string, flags, ...given, ...steps });
}
