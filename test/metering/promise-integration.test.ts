import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type InstantiateOptions,
  instantiateMetered,
  type Meter,
  MeteringError,
  meterModule,
} from '../../src/metering/index.ts';
import { engineHas } from '../support/features.ts';
import { wat } from '../support/wat.ts';

const promises = suite('modules that are suspended until a promise settles');

type Async = (...args: readonly unknown[]) => Promise<unknown>;

/** JavaScript promise integration, where the engine has it. The compiler's types do not know it. */
const integration = WebAssembly as unknown as {
  readonly Suspending?: new (call: (...args: never[]) => unknown) => WebAssembly.ImportValue & (() => void);
  readonly promising?: (call: unknown) => Async;
};

interface Suspended {
  readonly meter: Meter;
  readonly exports: WebAssembly.Exports;
  /** An export of which a call gives a promise. */
  readonly promising: (name: string) => Async;
}

/**
 * Instantiates a module whose import `host.wait` suspends it. `undefined`, with the reason printed,
 * where the engine cannot.
 */
async function suspended(
  text: string,
  wait: (...args: never[]) => unknown,
  options: InstantiateOptions = {},
  more: WebAssembly.ModuleImports = {},
): Promise<Suspended | undefined> {
  const { Suspending, promising } = integration;
  if (Suspending === undefined || promising === undefined) {
    console.log('skipped: this engine has no JavaScript promise integration');
    return undefined;
  }
  const imports = { host: { ...more, wait: new Suspending(wait) } };
  const { instance, meter } = instantiateMetered(meterModule(await wat(text)), imports, options);
  return { meter, exports: instance.exports, promising: (name) => promising(instance.exports[name]) };
}

/** Lets other things happen before it settles. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('the promise was not rejected');
}

async function failureKind(promise: Promise<unknown>): Promise<string> {
  const error = await rejection(promise);
  return error instanceof MeteringError ? error.failure.kind : String(error);
}

const adding = `(module (import "host" "wait" (func $wait (param i32) (result i32)))
  (func (export "run") (param i32) (result i32)
    (i32.add (call $wait (local.get 0)) (call $wait (i32.const 5)))))`;

promises('a module runs on once the promise is fulfilled, and all of it is one run', async () => {
  const found = await suspended(adding, async (value: number) => {
    await turn();
    return value * 2;
  });
  if (found === undefined) return;
  const { meter, promising } = found;
  assert.is(await meter.runAsync(() => promising('run')(16)), 42);
  // Entry; local.get, call; i32.const, call; i32.add.
  assert.is(meter.fuelConsumed, 6);
  meter.refuel({ fuel: 5 });
  assert.is(await failureKind(meter.runAsync(() => promising('run')(16))), 'OutOfFuel');
});

const endless = `(module (import "host" "wait" (func $wait))
  (func (export "run") (call $wait) (loop $again (br $again)))
  (func (export "waits") (loop $again (call $wait) (br $again))))`;

for (const [name, budget, kind] of [
  ['fuel', { fuel: 500 }, 'OutOfFuel'],
  ['time', { wallMs: 30 }, 'Timeout'],
] as const) {
  promises(`an endless module that was suspended ends by ${name}`, async () => {
    const found = await suspended(endless, turn);
    if (found === undefined) return;
    for (const run of ['run', 'waits']) {
      found.meter.refuel(budget);
      assert.is(await failureKind(found.meter.runAsync(() => found.promising(run)())), kind);
      assert.is(found.meter.failure?.kind, kind);
    }
  });
}

promises('time goes on while a module is suspended', async () => {
  const text = '(module (import "host" "wait" (func $wait)) (func (export "run") (call $wait)))';
  let now = 0;
  const sleep = async () => {
    await turn();
    now = 100;
  };
  const found = await suspended(text, sleep, { clock: () => now, wallMs: 50 });
  if (found === undefined || !(await engineHas('exnref'))) return;
  assert.is(await failureKind(found.meter.runAsync(() => found.promising('run')())), 'Timeout');
});

/** A module that catches whatever comes out of its import. */
const catcher = `(module (import "host" "wait" (func $wait (result i32)))
  (global $caught (export "caught") (mut i32) (i32.const 0))
  (func (export "run") (result i32)
    (block $handler (return (try_table (result i32) (catch_all $handler) (call $wait))))
    (global.set $caught (i32.const 1)) (i32.const -1)))`;

const reason = new Error('no connection');
const failing: readonly (readonly [name: string, wait: () => unknown])[] = [
  [
    'rejects later',
    async () => {
      await turn();
      throw reason;
    },
  ],
  ['rejects', () => Promise.reject(reason)],
  [
    'throws',
    () => {
      throw reason;
    },
  ],
];
for (const [name, wait] of failing) {
  promises(`a function that ${name} ends the run, and nothing in the module catches it`, async () => {
    if (!(await engineHas('exnref'))) return;
    const found = await suspended(catcher, wait);
    if (found === undefined) return;
    const { meter, promising, exports } = found;
    const error = await rejection(meter.runAsync(() => promising('run')()));
    assert.instance(error, MeteringError);
    const { failure, cause } = error as MeteringError;
    assert.equal(failure, { kind: 'HostFunction', function: 'wait', reason: 'no connection' });
    assert.is(cause, reason);
    assert.is((exports.caught as WebAssembly.Global).value, 0);
  });

  promises(`if exceptions propagate, a module catches one of a function that ${name}`, async () => {
    if (!(await engineHas('exnref'))) return;
    const found = await suspended(catcher, wait, { hostExceptions: 'propagate' });
    if (found === undefined) return;
    assert.is(await found.meter.runAsync(() => found.promising('run')()), -1);
    assert.is((found.exports.caught as WebAssembly.Global).value, 1);
  });
}

promises('an exception of WebAssembly from a suspending function ends the run too', async () => {
  if (!(await engineHas('exnref'))) return;
  const tag = new WebAssembly.Tag({ parameters: [] });
  const found = await suspended(catcher, () => Promise.reject(new WebAssembly.Exception(tag, [])));
  if (found === undefined) return;
  assert.is(await failureKind(found.meter.runAsync(() => found.promising('run')())), 'HostFunction');
});

/** Types of suspending imports, what is returned for them, and what the module makes of it. */
const types: readonly (readonly [type: string, given: unknown, result: string, expected: unknown, before?: string])[] =
  [
    ['(param i32)', undefined, '', undefined],
    ['(param i32) (result i64)', 2n ** 62n, '(result i64)', 2n ** 62n],
    ['(param i32) (result f64)', 0.5, '(result f64)', 0.5],
    ['(param i32) (result externref)', 'text', '(result externref)', 'text'],
    ['(param i32) (result i32 f32)', [7, 1.5], '(result i32 f32)', [7, 1.5]],
    ['(type $own)', 9, '(result i32)', 9, '(rec (type $own (func (param i32) (result i32))) (type (struct)))'],
  ];
for (const [type, given, result, expected, before = ''] of types) {
  promises(`a function of ${type} may suspend`, async () => {
    const text = `(module ${before} (import "host" "wait" (func $wait ${type}))
      (func (export "run") ${result} (call $wait (i32.const 3))))`;
    if (!WebAssembly.validate(new Uint8Array(await wat(text))))
      return console.log(`skipped: this engine has no ${type}`);
    const found = await suspended(text, async () => given);
    if (found === undefined) return;
    assert.equal(await found.meter.runAsync(() => found.promising('run')()), expected);
  });
}

promises('runs that overlap have the whole stack each, however long that goes on', async () => {
  const text = `(module (import "host" "wait" (func $wait))
    (func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
      (else (call $wait))))
    (func (export "run") (call $deep (i32.const 100)) (call $deep (i32.const 100))))`;
  const waiting: (() => void)[] = [];
  const found = await suspended(text, () => new Promise<void>((resolve) => waiting.push(resolve)));
  if (found === undefined) return;
  const runs: Promise<unknown>[] = [];
  const resumeOne = async () => {
    waiting.shift()?.();
    await turn();
  };
  const begin = () => {
    const run = found.meter.runAsync(() => found.promising('run')());
    runs.push(run.then(undefined, (failure: unknown) => failure));
  };
  begin();
  await resumeOne();
  for (let each = 0; each < 150; each++) {
    // The next one begins while this one is suspended deep on its stack. Then this one ends, and
    // the next one goes on to where it is suspended again.
    begin();
    await resumeOne();
    await resumeOne();
  }
  while (waiting.length > 0) await resumeOne();
  for (const failure of await Promise.all(runs)) assert.is(failure, undefined);
});

promises('what runs at the same time shares the budgets, and all of it ends', async () => {
  const found = await suspended(endless, turn);
  if (found === undefined) return;
  const { meter, promising } = found;
  meter.refuel({ fuel: 500 });
  const kinds = await Promise.all([1, 2, 3].map(() => failureKind(meter.runAsync(() => promising('waits')()))));
  assert.equal(kinds, ['OutOfFuel', 'OutOfFuel', 'OutOfFuel']);
  assert.is(meter.fuelConsumed, 500);
});

promises('an asynchronous run passes on what is thrown before and after a wait, and what is returned', async () => {
  const { meter, exports } = await (async () => {
    const { instance, meter } = instantiateMetered(
      meterModule(await wat('(module (func (export "trap") unreachable) (func (export "burn") (loop $l (br $l))))')),
    );
    return { meter, exports: instance.exports };
  })();
  const call = (name: string): void => {
    const { [name]: of } = exports;
    if (typeof of === 'function') of();
  };
  assert.is(await meter.runAsync(async () => 'done'), 'done');
  assert.instance(await rejection(meter.runAsync(async () => call('trap'))), WebAssembly.RuntimeError);
  assert.is(await rejection(meter.runAsync(() => Promise.reject(reason))), reason);
  const before = () => {
    throw reason;
  };
  assert.is(await rejection(meter.runAsync(before)), reason);
  const later = async () => {
    await turn();
    call('burn');
  };
  meter.refuel({ fuel: 1000 });
  assert.is(await failureKind(meter.runAsync(later)), 'OutOfFuel');
  const swallowing = async () => {
    await turn();
    try {
      call('burn');
    } catch {}
  };
  meter.refuel({ fuel: 1000 });
  assert.is(await failureKind(meter.runAsync(swallowing)), 'OutOfFuel');
});

promises('an asynchronous run ends with its budget, although its promise never settles', async () => {
  const text = '(module (func (export "burn") (loop $l (br $l))))';
  const { instance, meter } = instantiateMetered(meterModule(await wat(text)));
  const { burn } = instance.exports;
  const burning = (): void => {
    if (typeof burn === 'function') burn();
  };
  const never = new Promise<void>(() => undefined);
  const later = async () => {
    await turn();
    try {
      burning();
    } catch {}
    await never;
  };
  const before = () => {
    try {
      burning();
    } catch {}
    return never;
  };
  for (const run of [later, before]) {
    meter.refuel({ fuel: 1000 });
    const waits = meter.runAsync(() => never);
    const runs = [waits, meter.runAsync(run)].map(failureKind);
    assert.is(await Promise.any(runs), 'OutOfFuel');
    // The other knows why it ended, although there is a new budget by then.
    meter.refuel();
    assert.equal(await Promise.all(runs), ['OutOfFuel', 'OutOfFuel']);
  }
  meter.refuel({ fuel: 0 });
  assert.is(await failureKind(meter.runAsync(() => never)), 'OutOfFuel');
  meter.refuel();
  assert.is(await meter.runAsync(async () => 'done'), 'done');
});

promises.run();
