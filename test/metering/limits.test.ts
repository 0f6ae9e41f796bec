import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MeteringError, meterModule } from '../../src/metering/index.ts';
import { leb, longSection, moduleOf, section } from '../support/bytes.ts';
import { engineHas } from '../support/features.ts';
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

/** A module of one function, whose body is these bytes over and over. @param between sections between functions and code. */
function manyTimes(code: readonly number[], times: number, between: readonly number[] = []): Uint8Array<ArrayBuffer> {
  const head = [1, ...leb(1 + code.length * times + 1)];
  const size = head.length + 1 + code.length * times + 1;
  const before = moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0), between);
  const bytes = new Uint8Array(before.length + 1 + leb(size).length + size);
  bytes.set([...before, 10, ...leb(size), ...head, 0], 0);
  const body = bytes.length - 1 - code.length * times;
  for (let at = 0; at < code.length * times; at++) bytes[body + at] = code[at % code.length] ?? 0;
  bytes[bytes.length - 1] = 0x0b;
  return bytes;
}

/** The least `compileWorkMax` with which a module is metered. */
function unitsOf(bytes: Uint8Array): number {
  let [refused, metered] = [-1, 50_000_000];
  while (metered - refused > 1) {
    const middle = Math.floor((refused + metered) / 2);
    if (kindOf(bytes, { compileWorkMax: middle }) === 'metered') metered = middle;
    else refused = middle;
  }
  return metered;
}

/** What instructions take of the work of compiling beside their bytes, by abi/KERNEL.md, "Bounds on the module". */
const unitsOfInstructions: readonly (readonly [name: string, code: readonly number[], units: number])[] = [
  ['plain', [0x41, 0, 0x1a], 0],
  ['call', [0x10, 0], 14],
  ['block and end', [0x02, 0x40, 0x0b], 4 + 3],
  ['loop and end', [0x03, 0x40, 0x0b], 56 + 3],
  ['if, else and end', [0x41, 0, 0x04, 0x40, 0x05, 0x0b], 8 + 4 + 3],
  ['br_if', [0x41, 0, 0x0d, 0], 4],
  ['a bulk operation', [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0b, 0], 100],
];

for (const [name, code, units] of unitsOfInstructions) {
  limits(`work of compiling: ${name}`, () => {
    const memory = section(5, 1, 0, 0);
    const each = (unitsOf(manyTimes(code, 4_000, memory)) - unitsOf(manyTimes(code, 3_000, memory))) / 1_000;
    assert.is(each, code.length + units);
  });
}

limits('work of compiling: functions and their locals', () => {
  const functions = (count: number, locals: number): Uint8Array => {
    const body = [1, ...leb(locals), 0x7f, 0x0b];
    const bodies = Array.from({ length: count }, () => [...leb(body.length), ...body]).flat();
    const types = longSection(3, leb(count).concat(new Array<number>(count).fill(0)));
    return moduleOf(section(1, 1, 0x60, 0, 0), types, longSection(10, leb(count).concat(bodies)));
  };
  // Small ones are gone through twice.
  const each = (locals: number): number => (unitsOf(functions(120, locals)) - unitsOf(functions(110, locals))) / 10;
  const bytes = (locals: number): number => 5 + leb(locals).length;
  const ends = 2 * 3;
  assert.is(each(32), bytes(32) + ends + 2 * (40 + 1));
  assert.is(each(32_000), bytes(32_000) + ends + 2 * (40 + 1_000));
  assert.is(kindOf(functions(1_000, 49_000)), 'metered');
  assert.is(kindOf(functions(10_000, 49_000)), 'LimitExceeded');
});

/** A type of so many parameters and as many results. */
const typeOf = (values: number): readonly number[] => {
  const each = [...leb(values), ...new Array<number>(values).fill(0x7f)];
  return [0x60, ...each, ...each];
};

/** A module of a function of that type, and one that has so many operands on the stack while it does something again and again. */
function withOperands(values: number, code: readonly number[], times: number): Uint8Array<ArrayBuffer> {
  const operands = new Array<readonly number[]>(values).fill([0x41, 0]).flat();
  const again = new Array<readonly number[]>(times).fill(code).flat();
  const drops = new Array<number>(values).fill(0x1a);
  const bodies = [
    [0, 0x00, 0x0b],
    [0, ...operands, ...again, ...drops, 0x0b],
  ].flatMap((body) => [...leb(body.length), ...body]);
  return moduleOf(section(1, 2, ...typeOf(values), 0x60, 0, 0), section(3, 2, 0, 1), section(10, 2, ...bodies));
}

/** What grows with the operands of a stack, or with those that a type names. */
const unitsOfOperands: readonly (readonly [name: string, code: readonly number[], units: number])[] = [
  ['a call, by the square', [0x10, 0], 14 + Math.floor((200 * 200) / 32)],
  ['a block below operands', [0x02, 0x40, 0x0b], 4 + 3 + 2 * (100 - 16)],
  ['a block that takes and gives them', [0x02, 0x00, 0x0b], 4 + 3 + 2 * (100 + 200 - 16)],
];
for (const [name, code, units] of unitsOfOperands) {
  limits(`work of compiling: ${name}`, () => {
    const each = (unitsOf(withOperands(100, code, 700)) - unitsOf(withOperands(100, code, 600))) / 100;
    assert.is(each, code.length + units);
  });
}

limits('work of compiling: indices of nothing are for the engine to refuse', () => {
  const codes = [
    [0xfb, 1, 7, 0x1a],
    [0x41, 0, 0x11, 9, 0],
    [0x02, 9, 0x0b],
    [0x10, 9],
  ];
  for (const code of codes) assert.is(kindOf(manyTimes(code, 1)), 'InvalidModule', code.join());
  // An exception of a tag that is not there, where there are others that carry exceptions.
  const body = [0, 0x08, 5, 0x0b];
  const types = section(1, 2, 0x60, 0, 0, 0x60, 1, 0x69, 0);
  const bytes = moduleOf(types, section(3, 1, 0), section(13, 1, 0, 1), section(10, 1, body.length, ...body));
  assert.is(kindOf(bytes), 'InvalidModule');
});

limits('work of compiling: the fields of a struct that is made', async () => {
  const made = async (fields: number): Promise<number> => {
    const type = `(type $s (struct ${'(field i32)'.repeat(fields)}))`;
    return unitsOf(await wat(`(module ${type} (func (drop (struct.new_default $s))))`));
  };
  // A field takes two bytes in the type section; a small function is gone through twice.
  if (await engineHas('garbage collection')) assert.is(((await made(110)) - (await made(100))) / 10, 2 * 7 + 2 * 4);
});

limits('what engines take, with what metering adds', () => {
  const globals = (count: number): Uint8Array => {
    const each = [0x7f, 0, 0x41, 0, 0x0b];
    const contents = new Uint8Array(count * each.length);
    for (let at = 0; at < contents.length; at++) contents[at] = each[at % each.length] ?? 0;
    const head = [...leb(leb(count).length + contents.length), ...leb(count)];
    const bytes = new Uint8Array([...moduleOf(), 6, ...head].length + contents.length);
    bytes.set([...moduleOf(), 6, ...head]);
    bytes.set(contents, bytes.length - contents.length);
    return bytes;
  };
  assert.is(kindOf(globals(999_000)), 'metered');
  assert.is(kindOf(globals(999_998)), 'LimitExceeded');
});

limits('work of compiling: what is in sections, before they are read', () => {
  const bytesOf = (id: number, contents: readonly number[]): number =>
    unitsOf(moduleOf(section(id, ...contents))) / section(id, ...contents).length;
  const custom = (name: string) => [
    name.length,
    ...new TextEncoder().encode(name),
    ...new Array<number>(8_192).fill(0),
  ];
  assert.is(Math.round(bytesOf(0, custom('any')) * 100) / 100, 0.25);
  const types = [...leb(1_000), ...Array.from({ length: 1_000 }, () => [0x60, 0, 0]).flat()];
  assert.is(bytesOf(1, types), 7);
  const segments = [...leb(2_000), ...Array.from({ length: 2_000 }, () => [1, 0]).flat()];
  assert.is(unitsOf(moduleOf(section(11, ...segments))), Math.floor(section(11, ...segments).length / 4) + 2_000 * 25);
  const cut = moduleOf(section(1, ...types)).slice();
  // Types that are wrong in their contents: those are not looked at when their bytes alone are too many.
  cut[12] = 0x77;
  assert.is(kindOf(cut), 'MalformedModule');
  assert.is(kindOf(cut, { compileWorkMax: 100 }), 'LimitExceeded');
});

limits('work of compiling: no limit, and what is none', async () => {
  const bytes = manyTimes([0x10, 0], 850_000);
  assert.is(kindOf(bytes), 'LimitExceeded');
  assert.is(kindOf(bytes, { compileWorkMax: Number.POSITIVE_INFINITY }), 'metered');
  for (const wrong of [Number.NaN, -1]) {
    assert.is(kindOf(bytes, { compileWorkMax: wrong }), 'InvalidArgument');
    assert.is(kindOf(bytes, { moduleMaxBytes: wrong }), 'InvalidArgument');
  }
});

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
