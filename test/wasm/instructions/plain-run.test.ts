import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allInstructions, ByteReader, byFirstByte, CodeReader } from '../../../src/wasm/index.ts';
import { type OperandHeight, passPlain, plainExcept, plainTable } from '../../../src/wasm/instructions/plain-run.ts';

const instructions = allInstructions();

const run = suite('runs of plain instructions');

const everything = plainTable(() => true);
const DROP = 0x1a;
const NOP = 0x01;
const I32_EQZ = 0x45;
const END = 0x0b;
const I32_CONST = 0x41;

const heights = (height = 0, base = 0): OperandHeight => ({ height, base, greatest: height });

/** The fuel of the instructions that are skipped, and the offset of the reader afterwards. */
function passed(
  code: readonly number[],
  end = code.length,
  plain = everything,
  operands = heights(),
): [number, number] {
  const reader = new ByteReader(new Uint8Array(code), 0, end);
  const fuel = passPlain(reader, plain, operands);
  return [fuel, reader.offset];
}

const rows: readonly (readonly [what: string, code: readonly number[], fuel: number])[] = [
  ['no immediates', [I32_EQZ, I32_EQZ, END], 2],
  ['an index of one byte', [0x20, 0x7f, END], 1],
  ['an index of two bytes', [0x20, 0x80, 0x01, END], 1],
  ['an index of four bytes', [0x20, 0x80, 0x80, 0x80, 0x01, END], 1],
  ['an index of full length', [0x20, 0x80, 0x80, 0x80, 0x80, 0x00, END], 1],
  ['the largest positive constant', [I32_CONST, 0xff, 0xff, 0xff, 0xff, 0x07, END], 1],
  ['the least constant', [I32_CONST, 0x80, 0x80, 0x80, 0x80, 0x78, END], 1],
  ['a constant of two bytes', [I32_CONST, 0xff, 0x00, END], 1],
  ['a constant of 64 bits', [0x42, 0x80, 0x80, 0x80, 0x00, END], 1],
  ['a float, whatever its bytes', [0x43, END, END, 0xff, 0xff, END], 1],
  ['a double', [0x44, 1, 2, 3, 4, 5, 6, 7, 0xff, END], 1],
  ['a load', [0x28, 0x02, 0x04, END], 1],
  ['a load with a long offset', [0x28, 0x02, 0x80, 0x80, 0x04, END], 1],
  ['a load with an offset of full length', [0x28, 0x02, 0x80, 0x80, 0x80, 0x80, 0x07, END], 1],
];

for (const [what, code, fuel] of rows) {
  run(`skips ${what}`, () => assert.equal(passed(code), [fuel, code.length - 1]));
  run(`does not skip ${what} that continues after the end`, () =>
    assert.equal(passed(code, code.length - 2), [fuel - 1, fuel - 1]),
  );
}

run('counts fuel: a drop and a nop cost none', () => {
  assert.equal(passed([NOP, DROP, NOP, END]), [0, 3]);
  assert.equal(passed([NOP, I32_EQZ, DROP, END]), [1, 3]);
});

const stops: readonly (readonly [what: string, code: readonly number[]])[] = [
  ['a block', [0x02, 0x40, END]],
  ['a call', [0x10, 0x00]],
  ['the end', [END]],
  ['an integer of five bytes that is too large', [I32_CONST, 0x80, 0x80, 0x80, 0x80, 0x08, END]],
  ['an index of five bytes that is too large', [0x20, 0x80, 0x80, 0x80, 0x80, 0x78, END]],
  ['an integer of six bytes', [0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, END]],
  ['an integer that does not end', [I32_CONST, 0x80, 0x80, 0x80, 0x80]],
  ['a memory index', [0x28, 0x42, 0x01, 0x00, END]],
  ['a memory index, aligned to one byte', [0x28, 0x40, 0x01, 0x00, END]],
  ['flags of more than one byte', [0x28, 0x82, 0x00, 0x00, END]],
  ['a long offset', [0x28, 0x02, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, END]],
  ['a prefix', [0xfc, 0x00, END]],
  ['an unknown byte', [0x27, END]],
  ['a select with types', [0x1c, 0x01, 0x7f, END]],
];

for (const [what, code] of stops) run(`stops at ${what}`, () => assert.equal(passed([I32_EQZ, ...code]), [1, 1]));

run('stops at instructions that are not plain for the caller, and at those that are removed', () => {
  const noDrop = plainTable(({ opcode }) => opcode !== DROP);
  const nop = byFirstByte((_, byte) => byte === NOP);
  const drop = byFirstByte((_, byte) => byte === DROP);
  const noNop = plainTable(({ opcode }) => opcode !== NOP);
  assert.equal(passed([NOP, DROP, END], 3, noDrop), [0, 1]);
  assert.equal(passed([NOP, DROP, END], 3, plainExcept(noDrop, nop)), [0, 0]);
  assert.equal(passed([DROP, NOP, END], 3, plainExcept(noNop, drop)), [0, 0]);
});

run('updates the height of the operand stack, never below its base', () => {
  const operands = heights(3, 2);
  // Two constants; four drops, of which the last finds nothing; two constants.
  const code = [I32_CONST, 0, I32_CONST, 0, DROP, DROP, DROP, DROP, I32_CONST, 0, I32_CONST, 0, END];
  assert.equal(passed(code, code.length, everything, operands), [4, 12]);
  assert.equal(operands, { height: 4, base: 2, greatest: 5 });
});

run('skips as many bytes of each plain instruction as the code reader reads', () => {
  let compared = 0;
  for (const { opcode, name, costs } of instructions) {
    if (opcode > 0xff || everything[opcode] === 255) continue;
    // One byte for each immediate is enough. The other bytes are read as instructions, or not read.
    const code = [opcode, 0, 0, 0, 0, 0, 0, 0, 0, END];
    const reader = new CodeReader(new ByteReader(new Uint8Array(code)));
    reader.next();
    const only = plainTable((instruction) => instruction.opcode === opcode);
    assert.equal(passed(code, code.length, only), [costs.fuel, reader.end], name);
    compared++;
  }
  assert.ok(compared > 150, String(compared));
});

run.run();
