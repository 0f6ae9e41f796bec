import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MeteringError, meterModule, NO_LIMITS } from '../../src/metering/index.ts';
import { leb, moduleOf, section } from '../support/bytes.ts';
import { failureOf } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { fixturePaths } from '../support/fixtures-list.ts';
import { wat } from '../support/wat.ts';

// Metering adds to every index space that it can: an index that is out of range in the original
// must not become one of its own.

const validity = suite('an invalid module never becomes valid');

const END = 0x0b;
const seed = 20_260_802;

/**
 * Meters a module, and gives the kind of failure; fails when what comes out is not as valid as what
 * went in.
 */
function outcome(bytes: Uint8Array<ArrayBuffer>): string {
  let metered: Uint8Array<ArrayBuffer>;
  try {
    metered = meterModule(bytes).bytes;
  } catch (error) {
    if (!(error instanceof MeteringError)) throw error;
    if (!WebAssembly.validate(bytes)) return error.failure.kind;
    // A valid module may only be refused for a limit.
    assert.is(error.failure.kind, 'LimitExceeded', error.message);
    return error.failure.kind;
  }
  assert.ok(WebAssembly.validate(bytes), 'the original is invalid, and was metered');
  assert.ok(WebAssembly.validate(metered), 'the original is valid, and what was made of it is not');
  return 'metered';
}

/** Modules with one index, `N`, that is in range up to a number. */
const outOfRange: readonly (readonly [name: string, inRange: number, text: string])[] = [
  ['call', 2, '(module (import "" "" (func)) (func) (func call N))'],
  ['ref.func', 2, '(module (import "" "" (func)) (func) (elem declare func 0 1 2) (func ref.func N drop))'],
  ['start', 1, '(module (import "" "" (func)) (func) (start N))'],
  ['export of a function', 1, '(module (import "" "" (func)) (func) (export "a" (func N)))'],
  ['element', 1, '(module (import "" "" (func)) (func) (table 1 funcref) (elem (i32.const 0) N))'],
  ['global.get', 1, '(module (global i32 (i32.const 1)) (global i32 (i32.const 1)) (func global.get N drop))'],
  [
    'global.set',
    1,
    '(module (global (mut i32) (i32.const 1)) (global (mut i32) (i32.const 1)) (func i32.const 1 global.set N))',
  ],
  ['export of a global', 0, '(module (global i32 (i32.const 1)) (export "a" (global N)))'],
  [
    'call_indirect',
    1,
    '(module (type (func)) (type (func)) (table 1 funcref) (func (type 0) i32.const 0 call_indirect (type N)))',
  ],
  ['type of a block', 1, '(module (type (func)) (type (func)) (func (type 0) block (type N) end))'],
  ['type of a function', 1, '(module (type (func)) (type (func)) (func (type N)))'],
  ['type of an import', 1, '(module (type (func)) (type (func)) (import "" "" (func (type N))))'],
  ['memory.size', 0, '(module (memory 1) (func memory.size N drop))'],
  ['table.size', 0, '(module (table 1 funcref) (func table.size N drop))'],
  ['memory.fill', 0, '(module (memory 1) (func i32.const 0 i32.const 0 i32.const 0 memory.fill N))'],
  ['table.fill', 0, '(module (table 1 funcref) (func i32.const 0 ref.null func i32.const 0 table.fill N))'],
  ['memory.init', 0, '(module (memory 1) (data "") (func i32.const 0 i32.const 0 i32.const 0 memory.init N))'],
  [
    'table.init',
    0,
    '(module (table 1 funcref) (elem funcref) (func i32.const 0 i32.const 0 i32.const 0 table.init 0 N))',
  ],
  ['local.get', 0, '(module (func (local i32) local.get N drop))'],
  ['local.set', 0, '(module (func (local i32) loop call 0 i32.const 0 local.set N br 0 end))'],
  ['branch', 1, '(module (func block br N end))'],
];

for (const [name, inRange, text] of outOfRange) {
  validity(`${name}: no index beyond the last is taken`, async () => {
    for (let index = 0; index <= inRange + 12; index++) {
      const bytes = new Uint8Array(await wat(text.replace('N', String(index))));
      if (index <= inRange) assert.is(outcome(bytes), 'metered', `${index} is in range`);
      else assert.is(outcome(bytes), 'InvalidModule', `${index} is out of range`);
    }
  });
}

validity('a module that lacks what its code needs', async () => {
  for (const text of [
    '(module (func call 1))',
    '(module (func i32.const 0 memory.grow drop))',
    '(module (func i32.const 0 i32.load drop))',
    '(module (func ref.null func i32.const 0 table.grow 0 drop))',
    '(module (func i32.const 0 global.set 0))',
    '(module (func i32.const 0))',
    '(module (func (result i32)))',
    '(module (func i32.add))',
  ]) {
    assert.is(outcome(new Uint8Array(await wat(text))), 'InvalidModule', text);
  }
});

validity('any change of any byte', async () => {
  for (const path of ['behaviour/echo.wasm', 'behaviour/exit-code.wasm', 'host-calls/host-calls.wasm']) {
    const original = await fixture(path);
    const kinds = new Set<string>();
    const changes = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const check = (places: [number, number][]): void => {
      const bytes = new Uint8Array(original);
      for (const [at, byte] of places) bytes[at] = byte;
      kinds.add(outcome(bytes));
    };
    fc.assert(fc.property(changes, check), { seed, numRuns: 400, includeErrorInReport: true });
    assert.ok(kinds.size > 2, [...kinds].join());
  }
});

validity('a module that was cut off', async () => {
  const original = await fixture('behaviour/echo.wasm');
  for (let length = 0; length < original.length; length++) outcome(new Uint8Array(original.slice(0, length)));
});

for (const path of fixturePaths) {
  validity(`metered fixture: ${path}`, async () => {
    assert.is(outcome(new Uint8Array(await fixture(path))), 'metered');
  });
}

validity('metering twice is metering', async () => {
  const bytes = await wat(
    '(module (func (export "run") (result i32) i32.const 7) (global (export "meter counter") i32 (i32.const 5)))',
  );
  const once = meterModule(bytes).bytes;
  assert.is(outcome(once), 'metered');
});

for (const wrong of [undefined, null, 'bytes', [0], Promise.resolve(), { length: 0 }]) {
  validity(`not bytes: ${wrong}`, () => {
    try {
      meterModule(wrong as never); // what a caller without types may give
      assert.unreachable();
    } catch (error) {
      assert.instance(error, MeteringError);
      assert.is((error as MeteringError).failure.kind, 'InvalidArgument');
    }
  });
}

validity('bytes that another thread may change are copied first', async () => {
  if (typeof SharedArrayBuffer === 'undefined') return console.log('skipped: there is no SharedArrayBuffer here');
  const bytes = await wat('(module (func (export "run")))');
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  assert.equal(meterModule(shared).bytes, meterModule(bytes).bytes);
});

/** A module of one function of no type, whose body is given without its size. */
const functionOf = (body: Uint8Array): Uint8Array => {
  const count = [1, ...leb(body.length)];
  const before = [
    ...moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0)),
    ...[10, ...leb(count.length + body.length), ...count],
  ];
  const bytes = new Uint8Array(before.length + body.length);
  bytes.set(before);
  bytes.set(body, before.length);
  return bytes;
};

validity('bytes after the end of a function are refused, where they are', () => {
  const failure = failureOf(MeteringError, () => meterModule(functionOf(Uint8Array.of(0, END, END))));
  assert.is(failure.kind, 'MalformedModule');
  assert.match(new MeteringError(failure).message, /bytes follow the end of a function body \(at byte \d+\)/);
});

validity('a function that metering would make longer than engines take is refused', () => {
  // A branch on a local, again and again: a charge comes before each.
  const unit = [0x20, 0, 0x0d, 0];
  const units = 750_000;
  const body = new Uint8Array(4 + units * unit.length);
  body.set([1, 1, 0x7f]);
  for (let index = 0; index < units; index++) body.set(unit, 3 + index * unit.length);
  body[body.length - 1] = END;
  const failure = failureOf(MeteringError, () => meterModule(functionOf(body), { limits: NO_LIMITS }));
  assert.is(failure.kind, 'LimitExceeded');
  assert.match(
    new MeteringError(failure).message,
    /function 0 would have \d+ bytes, but engines accept at most 7654321/,
  );
});

validity.run();
