// What a plugin can learn of an earlier call from the memory that all calls share.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AdmitHooksOptions, admitHooks } from '../../src/hooks/admit.ts';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { settleLimits } from '../../src/hooks/budget.ts';
import { LentMemories } from '../../src/hooks/instances.ts';
import { FilterRequest, type FilterResponse } from '../../src/hooks/messages/filter.ts';
import type { HookOutcome, HookPlugin } from '../../src/hooks/plugin.ts';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import { preparedHooks } from '../../src/hooks/prepared-section.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import { MeteringError } from '../../src/metering/index.ts';
import { thrownBy } from '../support/failure.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { admitted } from './hook-fixture.ts';
import { answering, checkZero, dataAt, EMPTY_FILTER, hookModule, NO_RESULTS, packed } from './hook-module.ts';

const isolation = suite('hooks/isolation');

const PAGE = 65_536;
const data = dataAt(4096, NO_RESULTS);
const RIGHT = `i64.const ${packed(4096, NO_RESULTS.length)}`;

/** A filter that does nothing. */
const SHORT = answering('filter', 4096, 1);
const unlimited = { fuel: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY };

/** A request that tells the plugin a number by its size. The probe tells it 0 or less. */
const telling = (number: number, body = new Uint8Array()): FilterRequest => ({
  ...filterSample(),
  request_id: filterSample().request_id.padEnd(16 + number * 8, 'x'),
  body,
});
const BASE = encodeArchive(FilterRequest, telling(0)).length;

/** A filter that runs the text with the number that the request tells it in `$number`. */
async function told(text: string, options?: AdmitHooksOptions): Promise<HookPlugin> {
  const wasm = await hookModule(
    { filter: 'active' },
    `${data} (func (export "cc_lb_filter") (param i32 i32) (result i64) (local $number i32) (local $at i32)
      (local.set $number (i32.shr_s (i32.sub (local.get 1) (i32.const ${BASE})) (i32.const 3))) ${text} ${RIGHT})`,
  );
  return admitted(wasm, options);
}

const when = (number: number, text: string): string =>
  `(if (i32.eq (local.get $number) (i32.const ${number})) (then ${text}))`;

const grow = (pages: number): string => `(drop (memory.grow (i32.const ${pages})))`;
const FIRST_READ = 10;
const READ = `(if (i32.ge_s (local.get $number) (i32.const ${FIRST_READ}))
  (then (drop (i32.load (i32.shl (i32.sub (local.get $number) (i32.const ${FIRST_READ - 1})) (i32.const 16))))))`;

/** For each page after the first, whether an access to it traps. */
function boundary(plugin: HookPlugin): readonly string[] {
  return Array.from({ length: 40 }, (_, page) => plugin.filter(telling(FIRST_READ + page)).kind);
}

isolation('whether an access beyond its memory traps tells a plugin nothing of earlier calls', async () => {
  const grows = [1, 2, 3, 16, 30, 300];
  const text = grows.map((pages, index) => when(index + 1, grow(pages))).join('\n') + READ;
  const expected = boundary(await told(text));
  assert.ok(expected.includes('ok') && expected.includes('error'), expected.join());
  for (const [index, pages] of grows.entries()) {
    const plugin = await told(text);
    assert.is(plugin.filter(telling(index + 1)).kind, 'ok');
    assert.equal(boundary(plugin), expected, `after growth by ${pages} pages`);
    for (let page = 0; page < 40; page++) {
      plugin.filter(telling(index + 1));
      assert.is(plugin.filter(telling(FIRST_READ + page)).kind, expected[page], `growth by ${pages}, page ${page}`);
    }
  }
  const plugin = await told(text);
  for (const bytes of [20_000, 100_000, 1_000_000]) plugin.filter(telling(0, new Uint8Array(bytes)));
  assert.equal(boundary(plugin), expected, 'after large requests');
});

isolation('a memory has room for what the probes needed', async () => {
  const always = boundary(await told(READ + grow(20)));
  assert.is(always.filter((kind) => kind === 'ok').length, 21);
  const pagesWith = async (growth: number): Promise<number> =>
    memoryFor(await instancesOf(SHORT, growth), 100).buffer.byteLength / PAGE;
  assert.equal(await Promise.all([0, 1, 256, 257].map(pagesWith)), [2, 3, 258, 2]);
});

isolation('what is written beyond the memory is gone in the next call', async () => {
  // The memory has room for one page more than the plugin sees.
  const plugin = await told(`
    ${when(1, '(i32.store (i32.const 70000) (i32.const 7)) (i32.store (i32.const 131068) (i32.const 7))')}
    ${when(2, checkZero(PAGE, 2 * PAGE))}
    ${when(3, `(return (i64.const ${packed(70_000, 8)}))`)}
    ${when(4, grow(1) + checkZero(PAGE, 2 * PAGE))}`);
  for (const number of [2, 1, 2, 1, 4, 2]) assert.is(plugin.filter(telling(number)).kind, 'ok', String(number));
  const outcome = plugin.filter(telling(3));
  // What the host reads is bounded by the size that the plugin sees.
  const outside = { kind: 'AnswerOutside', address: 70_000, size: 8, memoryBytes: PAGE };
  assert.equal(outcome.kind === 'error' && outcome.error.failure, outside);
});

isolation('growth returns the same, and costs the same fuel, whatever came before', async () => {
  const plugin = await told(`${when(1, grow(30))} ${when(2, grow(1))}
    ${when(
      3,
      `(if (i32.ne (memory.grow (i32.const 2)) (i32.const 1)) (then unreachable))
      (if (i32.ne (memory.size) (i32.const 3)) (then unreachable)) ${checkZero(PAGE, 3 * PAGE)}`,
    )}`);
  const fuel = [3, 1, 3, 2, 3, 3].map((number) => {
    assert.is(plugin.filter(telling(number)).kind, 'ok');
    return number === 3 ? plugin.fuelConsumed : 0;
  });
  assert.is(new Set(fuel).size, 2, fuel.join());
});

isolation('a call that runs out of fuel in the middle leaves nothing behind', async () => {
  const plugin = await told(
    `${checkZero(8192, PAGE)} (memory.fill (i32.const 8192) (i32.const 1) (i32.const ${PAGE - 8192}))
    ${when(1, '(loop $again br $again)')}`,
    { call: { fuel: 200_000 } },
  );
  for (const number of [0, 1, 0, 1, 0])
    assert.is(plugin.filter(telling(number)).kind, number === 1 ? 'error' : 'ok', String(number));
});

/** Where instances of a filter with these fields come from. */
async function instancesOf(fields: string, growth?: number): Promise<LentMemories> {
  const wasm = await hookModule({ filter: 'active' }, fields);
  const compiled = preparedHooks(new WebAssembly.Module(prepareHooks(wasm)));
  return new LentMemories(compiled, settleLimits({}), growth);
}

/** The memory that is lent for a request of that size, which is then given back. */
function memoryFor(instances: LentMemories, bytes: number): WebAssembly.Memory {
  const instance = instances.take(unlimited, bytes);
  instances.giveBack(instance);
  return instance.memory;
}

isolation('a start function that fails after it wrote leaves nothing behind', async () => {
  const instances = await instancesOf(`${EMPTY_FILTER}
    (func $start (i32.store (i32.const 8192) (i32.const 7)) (loop $again br $again)) (start $start)`);
  const first = instances.take({ ...unlimited, fuel: 1_000 }, 100);
  assert.instance(
    thrownBy(() => first.start()),
    MeteringError,
  );
  assert.is(new Uint8Array(first.memory.buffer)[8192], 7);
  instances.giveBack(first);
  const second = instances.take(unlimited, 100);
  assert.is(second.memory, first.memory);
  assert.is(new Uint8Array(second.memory.buffer)[8192], 0);
  assert.equal(new Uint8Array(second.memory.buffer, 4096, NO_RESULTS.length), NO_RESULTS);
});

isolation('a data segment beyond the memory always fails, and the memory is not lent again', async () => {
  const instances = await instancesOf(`${dataAt(PAGE - 1, Uint8Array.of(1, 2))} ${EMPTY_FILTER}`);
  for (let count = 0; count < 3; count++)
    assert.instance(
      thrownBy(() => instances.take(unlimited, 100)),
      WebAssembly.RuntimeError,
    );
});

isolation('a memory is lent for requests of similar size only', async () => {
  const instances = await instancesOf(SHORT);
  const sizes = [100, 60_000, 250_000, 1_000_000, 100_000_000];
  const memories = sizes.map((size) => memoryFor(instances, size));
  assert.is(new Set(memories).size, sizes.length);
  const pages = memories.map(({ buffer }) => buffer.byteLength / PAGE);
  assert.equal(pages, [2, 5, 17, 65, 257]);
  for (const [index, size] of sizes.entries()) assert.is(memoryFor(instances, size), memories[index]);
});

isolation('a memory of many pages is kept alone', async () => {
  const instances = await instancesOf(`(memory (export "memory") 400) ${SHORT}`);
  const small = memoryFor(instances, 100);
  assert.is(memoryFor(instances, 100), small);
  const large = memoryFor(instances, 100_000);
  assert.is(memoryFor(instances, 100_000), large);
  assert.is.not(memoryFor(instances, 100), small);
});

isolation('a call within a call, also from the telemetry, has its own memory', async () => {
  const wasm = await hookModule(
    { filter: 'active' },
    `${data} (func (export "cc_lb_filter") (param i32 i32) (result i64)
      (if (i32.load (i32.const 8192)) (then unreachable)) (i32.store (i32.const 8192) (i32.const 1)) ${RIGHT})`,
  );
  const within: HookOutcome<FilterResponse>[] = [];
  let plugin: HookPlugin | undefined;
  let depth = 0;
  const call = (): void => {
    if (depth === 2) return;
    depth++;
    const outcome = plugin?.filter(filterSample());
    if (outcome !== undefined) within.push(outcome);
    depth--;
  };
  plugin = admitHooks(wasm, { telemetry: { ...recordedTelemetry(), histogram: call } }).plugin;
  const request: FilterRequest = {
    ...filterSample(),
    get path(): string {
      call();
      return '/';
    },
  };
  for (let count = 0; count < 3; count++) assert.is(plugin?.filter(request).kind, 'ok');
  assert.ok(within.length >= 6);
  assert.ok(within.every(({ kind }) => kind === 'ok'));
});

isolation.run();
