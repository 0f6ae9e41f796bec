import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { control, exception, parametric } from '../../../src/wasm/instructions/control.ts';
import {
  allInstructions,
  byFirstByte,
  type Feature,
  instructionAt,
  instructionName,
  instructionNamed,
  requiredInstruction,
} from '../../../src/wasm/instructions/index.ts';
import { numeric } from '../../../src/wasm/instructions/numeric.ts';
import { aggregate, reference } from '../../../src/wasm/instructions/reference.ts';
import { namesOf, type Row } from '../../../src/wasm/instructions/row.ts';
import { atomic, memory, table, variable } from '../../../src/wasm/instructions/storage.ts';
import { relaxedVector, vector } from '../../../src/wasm/instructions/vector.ts';
import { thrownBy } from '../../support/failure.ts';

const instructions = allInstructions();

/**
 * Opcodes in use, first and last of each run: the "Index of Instructions" of WebAssembly 3.0, and
 * what the comments add.
 */
const opcodeRuns: readonly (readonly [first: number, last: number])[] = [
  // 0x06, 0x07, 0x09, 0x18 and 0x19 are legacy exceptions, which it does not have.
  [0x00, 0x15],
  [0x18, 0x1c],
  [0x1f, 0x26],
  [0x28, 0xc4],
  [0xd0, 0xd6],
  [0xfb0000, 0xfb001e],
  [0xfc0000, 0xfc0011],
  // The wide arithmetic proposal.
  [0xfc0013, 0xfc0016],
  [0xfd0000, 0xfd0099],
  [0xfd009b, 0xfd00a1],
  [0xfd00a3, 0xfd00a4],
  [0xfd00a7, 0xfd00ae],
  [0xfd00b1, 0xfd00b1],
  [0xfd00b5, 0xfd00ba],
  [0xfd00bc, 0xfd00c1],
  [0xfd00c3, 0xfd00c4],
  [0xfd00c7, 0xfd00ce],
  [0xfd00d1, 0xfd00d1],
  [0xfd00d5, 0xfd00e1],
  [0xfd00e3, 0xfd00ed],
  [0xfd00ef, 0xfd0113],
  // The threads proposal.
  [0xfe0000, 0xfe0003],
  [0xfe0010, 0xfe004e],
];

/** How many instructions each group of the specification has (5.4, "Instructions"). */
const groupSizes: readonly (readonly [name: string, rows: readonly Row[], size: number])[] = [
  ['parametric', parametric, 5],
  ['control', control, 19],
  ['exception: 3 of control, 5 legacy', exception, 8],
  ['variable', variable, 5],
  ['table', table, 8],
  ['memory', memory, 29],
  ['reference', reference, 9],
  ['aggregate: 6 struct, 14 array, 2 extern, 3 i31', aggregate, 25],
  ['numeric: 4 const, 34 test and compare, 64 compute, 38 convert, 4 wide', numeric, 144],
  ['vector', vector, 236],
  ['relaxed vector', relaxedVector, 20],
  ['atomic: 4, 7 loads, 7 stores, 7 times 7 read-modify-write', atomic, 67],
];

const featureSizes: { readonly [F in Feature]: number } = {
  mvp: 172,
  signExtension: 5,
  saturatingFloatToInt: 8,
  bulkMemory: 7,
  referenceTypes: 9,
  simd: 236,
  relaxedSimd: 20,
  tailCall: 2,
  functionReferences: 5,
  exceptions: 3,
  legacyExceptions: 5,
  gc: 32,
  threads: 67,
  wideArithmetic: 4,
};

const hex = (opcode: number): string => `0x${opcode.toString(16)}`;

const instructionTable = suite('instruction table');

instructionTable('has each opcode of the specification once, and no others', () => {
  const expected = opcodeRuns.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  const found = instructions.map(({ opcode }) => opcode).sort((a, b) => a - b);
  assert.equal(found.map(hex), expected.map(hex));
});

instructionTable('names are unique and well formed', () => {
  assert.is(new Set(instructions.map(({ name }) => name)).size, instructions.length);
  for (const { name } of instructions) assert.match(name, /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/);
});

for (const [name, rows, size] of groupSizes) {
  instructionTable(`the group ${name} has ${size} instructions`, () => {
    assert.is(rows.flatMap(([, , names]) => namesOf(names)).length, size);
  });
}

instructionTable('has the instructions of all groups', () => {
  assert.is(
    instructions.length,
    groupSizes.reduce((sum, [, , size]) => sum + size, 0),
  );
});

instructionTable('each feature has as many instructions as it brought', () => {
  const found: { [feature: string]: number } = {};
  for (const { feature } of instructions) found[feature] = (found[feature] ?? 0) + 1;
  assert.equal(found, featureSizes);
});

instructionTable('each instruction is found by its name and by its opcode', () => {
  for (const instruction of instructions) {
    assert.is(instructionNamed(instruction.name), instruction);
    const { name, feature, ...described } = instruction;
    assert.equal(instructionAt(instruction.opcode), described, `${name} of ${feature}`);
    assert.is(instructionAt(instruction.opcode), instructionAt(instruction.opcode));
    assert.is(instructionName(instruction.opcode), name);
  }
});

instructionTable('a required instruction must exist', () => {
  assert.is(requiredInstruction(0x6a), instructionAt(0x6a));
  assert.match(
    String(thrownBy(() => requiredInstruction(0xfb0099))),
    'RangeError: the instruction table has no 0xfb0099',
  );
});

instructionTable('unknown names and opcodes are not found', () => {
  for (const name of ['', 'i32', 'i32.add ', 'I32.ADD', 'toString', 'select t'])
    assert.is(instructionNamed(name), undefined);
  for (const opcode of [0x16, 0x1d, 0x27, 0xc5, 0xd7, 0xfb, 0xff, 0xfb001f, 0xfc0012, 0xfd009a, 0xfd0114, 0xfe0004]) {
    assert.is(instructionAt(opcode), undefined, hex(opcode));
  }
  for (const opcode of [-1, 0x100, 0x10000, 0xffffff, 0xfa0000])
    assert.is(instructionAt(opcode), undefined, hex(opcode));
});

instructionTable(
  'a table by first byte has an entry for every byte, without instruction for prefixes and unused bytes',
  () => {
    const names = byFirstByte(
      (instruction, byte) => `${byte} ${instruction ? instructionName(instruction.opcode) : 'none'}`,
    );
    assert.is(names.length, 256);
    assert.equal(
      [0x00, 0x0b, 0x27, 0x41, 0xfb, 0xfe, 0xff].map((byte) => names[byte]),
      ['0 unreachable', '11 end', '39 none', '65 i32.const', '251 none', '254 none', '255 none'],
    );
  },
);

instructionTable.run();
