import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MeteringError, meterModule } from '../../src/metering/index.ts';
import { leb, moduleOf, section } from '../support/bytes.ts';
import { wat } from '../support/wat.ts';

const limits = suite('limits on the work of compiling');

const repeat = (text: string, times: number): string => text.repeat(times);

/** Modules on both sides of a limit. */
const cases: readonly (readonly [name: string, within: () => string, beyond: () => string])[] = [
  [
    '50,000 locals with those of metering',
    () => `(module (func $f (local ${repeat('i32 ', 49_990)}) call $f))`,
    () => `(module (func $f (local ${repeat('i32 ', 50_000)}) call $f))`,
  ],
  [
    '50,000 locals with parameters',
    () => `(module (func (param i32 i32) (local ${repeat('i32 ', 49_990)}) loop br 0 end))`,
    () => `(module (func (param i32 i32) (local ${repeat('i32 ', 49_998)}) loop br 0 end))`,
  ],
  ['locals beyond all limits', () => '(module (func))', () => `(module (func (local ${repeat('i32 ', 50_001)})))`],
  [
    'nesting',
    () => `(module (func ${repeat('block ', 900)} ${repeat('end ', 900)}))`,
    () => `(module (func ${repeat('block ', 1_001)} ${repeat('end ', 1_001)}))`,
  ],
  ['labels of br_table, by the operands that they carry', () => brTable(1_000, 100), () => brTable(60_000, 400)],
  ['different bulk operations', () => bulkOperations(30), () => bulkOperations(33)],
];

function brTable(labels: number, operands: number): string {
  const results = `(result ${repeat('i32 ', operands)})`;
  return `(module (type $t (func ${results})) (func (type $t) block (type $t)
    ${repeat('i32.const 0 ', operands + 1)} br_table ${repeat('0 ', labels)} end))`;
}

/** A `table.copy` for each pair of some tables. */
function bulkOperations(tables: number): string {
  const pairs = Array.from({ length: tables * tables }, (_, pair) => [pair % tables, Math.floor(pair / tables)]);
  const copies = pairs.map(([to, from]) => `i32.const 0 i32.const 0 i32.const 0 table.copy ${to} ${from}`);
  return `(module ${repeat('(table 0 funcref) ', tables)} (func ${copies.join(' ')}))`;
}

function kindOf(bytes: Uint8Array, options = {}): string {
  try {
    meterModule(bytes, options);
    return 'metered';
  } catch (error) {
    assert.instance(error, MeteringError, String(error));
    return (error as MeteringError).failure.kind;
  }
}

for (const [name, within, beyond] of cases) {
  limits(name, async () => {
    assert.is(kindOf(await wat(within())), 'metered');
    assert.is(kindOf(await wat(beyond())), 'LimitExceeded');
  });
}

limits('size of the module', async () => {
  const bytes = await wat('(module)');
  assert.is(kindOf(bytes, { moduleMaxBytes: bytes.length }), 'metered');
  assert.is(kindOf(bytes, { moduleMaxBytes: bytes.length - 1 }), 'LimitExceeded');
});

/** A module of one function, whose body is these bytes over and over. */
function manyTimes(code: readonly number[], times: number): Uint8Array<ArrayBuffer> {
  const head = [1, ...leb(1 + code.length * times + 1)];
  const size = head.length + 1 + code.length * times + 1;
  const before = moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0));
  const bytes = new Uint8Array(before.length + 1 + leb(size).length + size);
  bytes.set([...before, 10, ...leb(size), ...head, 0], 0);
  const body = bytes.length - 1 - code.length * times;
  for (let at = 0; at < code.length * times; at++) bytes[body + at] = code[at % code.length] ?? 0;
  bytes[bytes.length - 1] = 0x0b;
  return bytes;
}

limits('size of a function with what metering adds', () => {
  const emptyLoop = [0x03, 0x40, 0x0b];
  assert.is(kindOf(manyTimes(emptyLoop, 10_000)), 'metered');
  const large = manyTimes(emptyLoop, 600_000);
  assert.ok(WebAssembly.validate(large), 'the original is valid');
  assert.is(kindOf(large), 'LimitExceeded');
});

limits('what is refused says where', async () => {
  try {
    meterModule(await wat(cases[3]?.[2]() ?? ''));
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /blocks are open at once \(at byte \d+\)/);
  }
});

limits('many segments take time by their number only', async () => {
  const count = 3_000;
  const inits = Array.from({ length: count }, (_, at) => `i32.const 0 i32.const 0 i32.const 0 table.init 0 ${at}`);
  const bytes = await wat(`(module (table 1 funcref) ${repeat('(elem funcref) ', count)} (func ${inits.join(' ')}))`);
  const metered = meterModule(bytes).bytes;
  assert.ok(WebAssembly.validate(metered));
  assert.ok(metered.length < bytes.length * 3, `${bytes.length} bytes became ${metered.length}`);
});

limits.run();
