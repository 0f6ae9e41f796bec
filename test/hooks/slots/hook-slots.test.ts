import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admitHooksAsync } from '../../../src/hooks/admit.ts';
import { encodeArchive } from '../../../src/hooks/archive/encode.ts';
import { FilterResponse } from '../../../src/hooks/messages/filter.ts';
import { ShapeResponse, TransformResponseResult, TransformSseEventResult } from '../../../src/hooks/messages/shape.ts';
import { prepareHooks } from '../../../src/hooks/prepare.ts';
import { filterSample } from '../../../src/hooks/samples.ts';
import { type HookRegistration, HookSlots } from '../../../src/hooks/slots/hook-slots.ts';
import type { HookSlot } from '../../../src/hooks/slots/slot.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { constantHook, filterWith, hookModule, NO_RESULTS } from '../hook-module.ts';

const slots = suite('slots');

/** A filter whose answer has this reason. */
async function filterSaying(reason: string): Promise<Uint8Array> {
  const answer = encodeArchive(FilterResponse, { results: [{ upstream_id: 'u', decision: 'accept', reason }] });
  return await hookModule({ filter: 'active' }, constantHook('filter', 4096, answer));
}

const [ONE, TWO, THREE] = [await filterSaying('one'), await filterSaying('two'), await filterSaying('three')];
const TRAPPING = await filterWith('unreachable');
/** A plugin of both kinds, whose `transform_response` is not active. */
const BOTH = await hookModule(
  { filter: 'active', shape: 'active', transform_response: 'noop', transform_sse_event: 'active' },
  [
    ['filter', NO_RESULTS] as const,
    ['shape', encodeArchive(ShapeResponse, { url: '', method: '', headers: [], body: new Uint8Array() })] as const,
    ['transform_response', encodeArchive(TransformResponseResult, { kind: 'Unchanged' })] as const,
    ['transform_sse_event', encodeArchive(TransformSseEventResult, { kind: 'Unchanged' })] as const,
  ]
    .map(([hook, answer], index) => constantHook(hook, 4096 * (index + 1), answer))
    .join(''),
);

/** What the plugin of a slot says. */
function saying(slot: HookSlot | undefined): string | undefined {
  const outcome = slot?.plugin.filter(filterSample());
  return outcome?.kind === 'ok' ? outcome.response.results[0]?.reason : outcome?.error.message;
}

const KEY = { name: 'p', kind: 'filter' } as const;

/** The outcome in short: its kind, and what the plugin of the slot says. */
function shown(registration: HookRegistration): readonly unknown[] {
  if (registration.kind === 'refused') return ['refused', registration.error.failure.kind];
  return 'slot' in registration ? [registration.kind, saying(registration.slot)] : [registration.kind];
}

slots('a first registration makes a slot, a second one swaps its plugin', async () => {
  const found = new HookSlots();
  assert.is(found.get(KEY), undefined);
  assert.equal(shown(await found.register(KEY, ONE)), ['registered', 'one']);
  const held = found.get(KEY);
  assert.equal(shown(await found.register(KEY, TWO)), ['swapped', 'two']);
  assert.is(saying(found.get(KEY)), 'two');
  assert.is(saying(held), 'one', 'who has the old plugin keeps it');
});

slots('the principal is __global__ by default', async () => {
  const found = new HookSlots();
  await found.register(KEY, ONE);
  assert.is(found.get({ principal: '__global__', name: 'p' }), found.get({ name: 'p' }));
  assert.is(found.get({ principal: 'a', name: 'p' }), undefined);
  assert.equal([found.get(KEY)?.principal, found.get(KEY)?.name, found.get(KEY)?.kind], ['__global__', 'p', 'filter']);
});

slots('keys do not collide', async () => {
  const found = new HookSlots();
  const keys = [
    { principal: 'a/b', name: 'c' },
    { principal: 'a', name: 'b/c' },
    { principal: 'a","b', name: 'c' },
    { principal: 'a', name: 'b","c' },
    { principal: '\ud800', name: 'c' },
    { principal: '\ufffd', name: 'c' },
    { principal: '__proto__', name: 'c' },
  ];
  for (const key of keys) assert.is((await found.register({ ...key, kind: 'filter' }, ONE)).kind, 'registered');
  assert.equal(
    found.list().map(({ principal, name }) => ({ principal, name })),
    keys,
  );
});

slots('equal bytes change nothing, and nothing is inspected', async () => {
  let admissions = 0;
  const found = new HookSlots({}, (wasm, options) => {
    admissions++;
    return admitHooksAsync(wasm, options);
  });
  await found.register(KEY, ONE);
  const held = found.get(KEY);
  const again = await found.register(KEY, new Uint8Array(ONE), { pluginLabel: 'another label' });
  assert.equal([again.kind, 'slot' in again && again.slot === held, admissions], ['unchanged', true, 1]);
  // Other limits, or equal bytes in another slot, are another plugin.
  assert.is((await found.register(KEY, ONE, { call: { fuel: 1_000_000 } })).kind, 'swapped');
  assert.is((await found.register(KEY, ONE, { call: { fuel: Number.POSITIVE_INFINITY } })).kind, 'swapped');
  assert.is((await found.register(KEY, ONE, { limits: { functions: 10 } })).kind, 'swapped');
  assert.is((await found.register(KEY, ONE, { limits: { functions: Number.POSITIVE_INFINITY } })).kind, 'swapped');
  assert.is((await found.register({ ...KEY, name: 'q' }, ONE)).kind, 'registered');
  assert.is(admissions, 6);
});

slots('a module of the engine equals itself only', async () => {
  const found = new HookSlots();
  const [module, other] = [0, 1].map(() => new WebAssembly.Module(prepareHooks(ONE))) as [
    WebAssembly.Module,
    WebAssembly.Module,
  ];
  assert.equal(shown(await found.register(KEY, module)), ['registered', 'one']);
  assert.is((await found.register(KEY, module)).kind, 'unchanged');
  assert.is((await found.register(KEY, other)).kind, 'swapped');
  assert.is((await found.register(KEY, ONE)).kind, 'swapped');
});

slots('a registration that fails changes nothing', async () => {
  const found = new HookSlots();
  const first = await found.register(KEY, TRAPPING);
  assert.is(first.kind, 'rejected');
  assert.is(first.kind === 'rejected' && first.report.admitted, false);
  assert.equal(found.list(), []);
  await found.register(KEY, ONE);
  const held = found.get(KEY);
  assert.equal(shown(await found.register(KEY, TRAPPING)), ['rejected']);
  assert.is(found.get(KEY), held);
});

slots('a plugin must be right for the kind of its slot', async () => {
  const found = new HookSlots();
  assert.is((await found.register({ ...KEY, kind: 'shape' }, ONE)).kind, 'rejected');
  assert.is((await found.register({ ...KEY, kind: 'shape' }, BOTH)).kind, 'registered');
});

slots('metrics have the name of the slot, or the label that the host gives', async () => {
  const telemetry = recordedTelemetry();
  const labels: (string | undefined)[] = [];
  const histogram = (_name: string, _value: number, { plugin }: Readonly<Record<string, string>>): void => {
    labels.push(plugin);
  };
  const found = new HookSlots({ telemetry: { ...telemetry, histogram } });
  await found.register(KEY, ONE);
  await found.register({ ...KEY, name: 'q' }, ONE, { pluginLabel: 'label' });
  labels.length = 0;
  for (const name of ['p', 'q']) saying(found.get({ name }));
  assert.equal(labels, ['p', 'label']);
  await found.register({ ...KEY, name: 'r' }, ONE, { telemetry });
  labels.length = 0;
  saying(found.get({ name: 'r' }));
  assert.equal(labels, [], 'the plugin has a telemetry of its own');
});

slots('the bytes are copied, and options are read, before anything is awaited', async () => {
  const found = new HookSlots();
  const [bytes, options] = [new Uint8Array(ONE), { memoryMaxPages: 2, call: { fuel: 1_000_000 } }];
  const registering = found.register(KEY, bytes, options);
  bytes.fill(0);
  options.memoryMaxPages = 0;
  options.call.fuel = 0;
  assert.equal(shown(await registering), ['registered', 'one']);
  assert.is((await found.register(KEY, ONE, { memoryMaxPages: 2, call: { fuel: 1_000_000 } })).kind, 'unchanged');
});

slots('the kind is fixed at the first registration', async () => {
  const found = new HookSlots();
  await found.register(KEY, ONE);
  const held = found.get(KEY);
  for (const wasm of [BOTH, ONE]) {
    const refused = await found.register({ ...KEY, kind: 'shape' }, wasm);
    const error = refused.kind === 'refused' ? refused.error : undefined;
    assert.equal(error?.failure, { kind: 'KindChanged', from: 'filter', to: 'shape' });
    assert.equal(
      [error?.upstream, error?.message],
      ['ModuleRejected', 'p: the slot is for filter, not for shape: remove it first'],
    );
  }
  assert.is(found.get(KEY), held);
  found.remove(KEY);
  assert.is((await found.register({ ...KEY, kind: 'shape' }, BOTH)).kind, 'registered');
});

slots('a slot says which response hooks a host should call', async () => {
  const found = new HookSlots();
  const shape = await found.register({ name: 's', kind: 'shape' }, BOTH);
  const responseHooks = (slot: HookSlot | undefined): unknown => [
    slot?.hasResponseTransform,
    slot?.hasSseEventTransform,
  ];
  assert.equal(responseHooks('slot' in shape ? shape.slot : undefined), [false, true]);
  await found.register(KEY, ONE);
  assert.equal(responseHooks(found.get(KEY)), [false, false]);
  const slot = found.get(KEY);
  assert.ok(Object.isFrozen(slot));
});

slots('removing says whether there was a slot, and is logged', async () => {
  const telemetry = recordedTelemetry();
  const found = new HookSlots({ telemetry });
  await found.register({ ...KEY, principal: 'a' }, ONE);
  const held = found.get({ principal: 'a', name: 'p' });
  assert.is(found.remove(KEY), false);
  assert.is(found.remove({ principal: 'a', name: 'p' }), true);
  assert.is(found.remove({ principal: 'a', name: 'p' }), false);
  assert.is(saying(held), 'one');
  assert.equal(
    telemetry.events.filter(({ target }) => target === 'cc_lb_plugin.eviction'),
    [
      {
        level: 'info',
        target: 'cc_lb_plugin.eviction',
        message: 'a slot was removed',
        fields: { principal: 'a', plugin: 'p', kind: 'filter', cause: 'remove' },
      },
    ],
  );
});

slots('keeping a set removes the others, and returns their keys', async () => {
  const telemetry = recordedTelemetry();
  const found = new HookSlots({ telemetry });
  for (const name of ['a', 'b', 'c']) await found.register({ name, kind: 'filter' }, ONE);
  assert.equal(found.keepOnly([{ name: 'b' }, { name: 'unknown' }]), [
    { principal: '__global__', name: 'a' },
    { principal: '__global__', name: 'c' },
  ]);
  assert.equal(
    found.list().map(({ name }) => name),
    ['b'],
  );
  const causes = telemetry.events
    .filter(({ target }) => target === 'cc_lb_plugin.eviction')
    .map(({ fields }) => fields.cause);
  assert.equal(causes, ['keep_only', 'keep_only']);
  assert.equal(found.keepOnly([]), [{ principal: '__global__', name: 'b' }]);
  assert.equal(found.keepOnly(new Set([])), []);
});

slots('telemetry that throws leaves no slot half removed', async () => {
  const mine = new Error('mine');
  const telemetry = {
    ...recordedTelemetry(),
    log: (): never => {
      throw mine;
    },
  };
  const found = new HookSlots({ telemetry });
  // Admission may log too: it gets a telemetry of its own.
  for (const name of ['a', 'b'])
    await found.register({ name, kind: 'filter' }, ONE, { telemetry: recordedTelemetry() });
  assert.throws(() => found.keepOnly([]), 'mine');
  assert.equal(found.list(), []);
});

slots('arguments are checked', async () => {
  const found = new HookSlots();
  const messageOf = async (...parameters: readonly unknown[]): Promise<string> => {
    // The cast: what a caller without a type checker can pass.
    const error: unknown = await found.register(...(parameters as [typeof KEY, Uint8Array])).catch((thrown) => thrown);
    return error instanceof TypeError ? error.message : `not a TypeError: ${String(error)}`;
  };
  assert.match(await messageOf(undefined, ONE), /^key must be an object/);
  assert.match(await messageOf({ kind: 'filter' }, ONE), /^key\.name must be a string/);
  assert.match(await messageOf({ ...KEY, principal: '' }, ONE), /^key\.principal must be a string that is not empty/);
  assert.match(await messageOf({ ...KEY, kind: 'transform_response' }, ONE), /^key\.kind must be 'filter' or 'shape'/);
  assert.match(await messageOf(KEY, 'bytes'), /^wasm must be the bytes of a module/);
  assert.match(await messageOf(KEY, ONE, { slot: 'filter' }), /^options\.slot must be left out/);
  assert.match(await messageOf(KEY, ONE, { call: { fuel: -1 } }), /^options\.call\.fuel must be/);
  assert.throws(() => found.get({ name: '' }), /key\.name must be/);
  assert.throws(() => new HookSlots({ slotsMax: -1 }), /options\.slotsMax must be/);
  assert.equal(found.list(), []);
});

slots.run();

const races = suite('registrations that are under way at once');

/** Slots whose admissions end when a test says so. */
function controlled(options = {}): { readonly slots: HookSlots; readonly end: (call: number) => Promise<void> } {
  const gates: (() => void)[] = [];
  const slots = new HookSlots(options, async (wasm, admission) => {
    await new Promise<void>((resolve) => {
      gates.push(resolve);
    });
    return await admitHooksAsync(wasm, admission);
  });
  const end = async (call: number): Promise<void> => {
    gates[call]?.();
    // Long enough for all that the admission sets off.
    for (let turn = 0; turn < 20; turn++) await null;
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { slots, end };
}

/** For each order in which three registrations are admitted: the outcomes if 1 and 3 are equal. */
const ORDERS: readonly (readonly [order: readonly number[], equal: readonly HookRegistration['kind'][]])[] = [
  [
    [0, 1, 2],
    ['superseded', 'superseded', 'swapped'],
  ],
  [
    [0, 2, 1],
    ['registered', 'superseded', 'unchanged'],
  ],
  [
    [1, 0, 2],
    ['superseded', 'superseded', 'swapped'],
  ],
  [
    [1, 2, 0],
    ['unchanged', 'superseded', 'swapped'],
  ],
  [
    [2, 0, 1],
    ['unchanged', 'superseded', 'registered'],
  ],
  [
    [2, 1, 0],
    ['unchanged', 'superseded', 'registered'],
  ],
];
for (const [order, equal] of ORDERS) {
  races(`the one called last wins, and the others say so (admitted in the order ${order})`, async () => {
    const { slots: found, end } = controlled();
    const registering = [ONE, TWO, THREE].map((wasm) => found.register(KEY, wasm));
    for (const call of order) await end(call);
    const kinds = (await Promise.all(registering)).map(({ kind }) => kind);
    assert.equal(kinds, ['superseded', 'superseded', order[0] === 2 ? 'registered' : 'swapped']);
    assert.is(saying(found.get(KEY)), 'three');
  });

  races(`one that fails does not win (admitted in the order ${order})`, async () => {
    const { slots: found, end } = controlled();
    const registering = [ONE, TWO, TRAPPING].map((wasm) => found.register(KEY, wasm));
    for (const call of order) await end(call);
    const [first, second, third] = (await Promise.all(registering)).map(shown);
    const winner = order.indexOf(0) < order.indexOf(1) ? 'swapped' : 'registered';
    assert.equal([first, second, third], [['superseded', 'two'], [winner, 'two'], ['rejected']]);
    assert.is(saying(found.get(KEY)), 'two');
  });

  races(`of equal contents one stays (admitted in the order ${order})`, async () => {
    const { slots: found, end } = controlled();
    const registering = [ONE, TWO, ONE].map((wasm) => found.register(KEY, wasm));
    for (const call of order) await end(call);
    const kinds = (await Promise.all(registering)).map(({ kind }) => kind);
    assert.equal(kinds, equal);
    assert.is(saying(found.get(KEY)), 'one');
  });
}

races('a plugin serves while a later one is admitted', async () => {
  const { slots: found, end } = controlled();
  const registering = [ONE, TWO].map((wasm) => found.register(KEY, wasm));
  await end(0);
  assert.is(saying(found.get(KEY)), 'one');
  await end(1);
  assert.is(saying(found.get(KEY)), 'two');
  await Promise.all(registering);
});

races('registering again what the slot has is a later call too', async () => {
  const { slots: found, end } = controlled();
  const first = found.register(KEY, ONE);
  await end(0);
  await first;
  const second = found.register(KEY, TWO);
  assert.is((await found.register(KEY, ONE)).kind, 'unchanged');
  await end(1);
  assert.equal(shown(await second), ['superseded', 'one']);
});

for (const [what, remove] of [
  ['remove', (found: HookSlots): unknown => found.remove(KEY)],
  ['keepOnly', (found: HookSlots): unknown => found.keepOnly([{ name: 'other' }])],
] as const) {
  races(`${what} wins over registrations that were called before, and only these`, async () => {
    const { slots: found, end } = controlled();
    const before = found.register(KEY, ONE);
    assert.equal(remove(found), what === 'remove' ? false : [], 'there is no slot yet');
    const after = found.register({ ...KEY, kind: 'shape' }, BOTH);
    await end(0);
    assert.equal(shown(await before), ['superseded', undefined]);
    await end(1);
    assert.is((await after).kind, 'registered');
  });
}

races('the first call fixes the kind, unless it fails', async () => {
  const { slots: found, end } = controlled();
  const first = found.register(KEY, TRAPPING);
  assert.equal(shown(await found.register({ ...KEY, kind: 'shape' }, BOTH)), ['refused', 'KindChanged']);
  await end(0);
  assert.equal(shown(await first), ['rejected']);
  const second = found.register({ ...KEY, kind: 'shape' }, BOTH);
  await end(1);
  assert.is((await second).kind, 'registered');
});

races('the registrations of one slot are limited', async () => {
  const { slots: found, end } = controlled({ pendingMax: 2 });
  const registering = [ONE, TWO].map((wasm) => found.register(KEY, wasm));
  assert.equal(shown(await found.register(KEY, THREE)), ['refused', 'TooManyRegistrations']);
  const other = found.register({ ...KEY, name: 'q' }, ONE);
  await end(0);
  const third = found.register(KEY, THREE);
  for (const call of [1, 2, 3]) await end(call);
  assert.equal((await Promise.all([...registering, other, third])).map(shown), [
    ['superseded', 'two'],
    ['superseded', 'three'],
    ['registered', 'one'],
    ['swapped', 'three'],
  ]);
});

races('the number of slots is limited, those under way included', async () => {
  const { slots: found, end } = controlled({ slotsMax: 2 });
  const named = (name: string): Promise<HookRegistration> => found.register({ name, kind: 'filter' }, ONE);
  const [a, b] = [named('a'), named('b')];
  assert.equal(shown(await named('c')), ['refused', 'TooManySlots']);
  for (const call of [0, 1]) await end(call);
  await Promise.all([a, b]);
  assert.equal(shown(await named('c')), ['refused', 'TooManySlots']);
  const swapped = found.register({ name: 'a', kind: 'filter' }, TWO);
  await end(2);
  assert.equal(shown(await swapped), ['swapped', 'two'], 'a slot can be swapped');
  found.remove({ name: 'b' });
  const c = named('c');
  await end(3);
  assert.equal(shown(await c), ['registered', 'one']);
});

races('an admission that throws frees its place', async () => {
  const mine = new Error('mine');
  const found = new HookSlots({ slotsMax: 1, pendingMax: 1 }, () => Promise.reject(mine));
  for (let turn = 0; turn < 3; turn++) {
    const error: unknown = await found.register({ ...KEY, name: `p${turn}` }, ONE).catch((thrown: unknown) => thrown);
    assert.is(error, mine);
  }
});

races.run();
