// The answers of the plugins of fixtures/hooks/ as bytes, in a host without budgets.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeArchive } from '../../src/hooks/archive/decode.ts';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import {
  filterHook,
  type Hook,
  shapeHook,
  transformResponseHook,
  transformSseEventHook,
} from '../../src/hooks/hook.ts';
import {
  filterSample,
  shapeSample,
  transformResponseSample,
  transformSseEventSample,
} from '../../src/hooks/samples.ts';
import { utf8 } from '../support/bytes.ts';
import { fixture } from '../support/fixture.ts';
import { toHex } from '../support/hex.ts';
import { candidate } from './hook-fixture.ts';

const archives = suite('hooks/fixtures: archives');

/** Calls a hook of a fresh instance. @returns the bytes of the answer. */
function answerOf(module: WebAssembly.Module, { exportName, request: type }: Hook, request: unknown): Uint8Array {
  const { exports } = new WebAssembly.Instance(module);
  // The casts: admission checks these exports.
  const memory = exports.memory as WebAssembly.Memory;
  const alloc = exports.cc_lb_alloc as (size: number, align: number) => number;
  const run = exports[exportName] as (address: number, size: number) => bigint;
  const archive = encodeArchive(type, request);
  const address = alloc(archive.length, 16) >>> 0;
  assert.is(address % 16, 0, 'the request is aligned to 16 bytes');
  new Uint8Array(memory.buffer).set(archive, address);
  const answer = BigInt.asUintN(64, run(address, archive.length));
  const [start, size] = [Number(answer >> 32n), Number(answer & 0xffff_ffffn)];
  return new Uint8Array(memory.buffer).slice(start, start + size);
}

const many = Array.from({ length: 30 }, (_, index) =>
  candidate('é'.repeat(index), { observed_at_unix_secs: 1_800_000_000 + 20 * index, plan_capacity_ratio: index }),
);
const headers = Array.from({ length: 7 }, (_, index) => ({
  name: 'n'.repeat(index),
  value: new Uint8Array(index * 3),
}));

/** Requests that make answers of different lengths and variants. */
const filters = [
  filterSample(),
  ...[1, 2, 3, 30].map((count) => ({ ...filterSample(), thread_id: 't', candidates: many.slice(0, count) })),
];
const shapes = [
  shapeSample(),
  ...[1, 2, 3, 7].map((count) => ({
    ...shapeSample(),
    query: 'q',
    headers: headers.slice(0, count),
    body: utf8('{}'),
  })),
];
const responses = [200, 429, 500].map((response_status) => ({
  ...transformResponseSample(),
  response_status,
  response_headers: headers,
}));
const events = ['', 'one', 'one\ntwo', 'one\ntwo\nthree'].flatMap((data) =>
  ['', 'e', 'ping', 'error'].map((event) => ({ ...transformSseEventSample(), event: { event, data: utf8(data) } })),
);

// The casts: the type of all hooks says nothing of requests. Each row has those of its hook.
const ofShape = [
  [shapeHook as Hook, shapes],
  [transformResponseHook as Hook, responses],
  [transformSseEventHook as Hook, events],
] as const;
const ofFilter = [[filterHook as Hook, filters]] as const;

const plugins: readonly (readonly [string, readonly (readonly [Hook, readonly unknown[]])[]])[] = [
  ['filter/filter', ofFilter],
  ['filter-view/filter-view', ofFilter],
  ['sticky/sticky', ofFilter],
  ['shape/shape', ofShape],
  ['shape-active/shape-active', ofShape],
  ['seal/seal', ofShape],
];

for (const [path, hooks] of plugins) {
  archives(`${path}: an answer is byte for byte what this host would write`, async () => {
    const module = new WebAssembly.Module(new Uint8Array(await fixture(`hooks/${path}.wasm`)));
    for (const [hook, requests] of hooks)
      for (const request of requests) {
        const answer = answerOf(module, hook, request);
        const response = decodeArchive(hook.response, answer);
        assert.is(toHex(answer), toHex(encodeArchive(hook.response, response)), hook.name);
      }
  });
}

archives.run();
