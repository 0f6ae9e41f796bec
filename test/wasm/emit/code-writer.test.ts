import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CodeWriter } from '../../../src/wasm/emit/code-writer.ts';
import { ByteSink } from '../../../src/wasm/encoding/byte-sink.ts';
import { instructionName } from '../../../src/wasm/instructions/index.ts';

const writer = suite('code writer');

const instructions: readonly (readonly [name: string, write: (code: CodeWriter) => CodeWriter, ...bytes: number[]])[] =
  [
    ['unreachable', (code) => code.unreachable(), 0x00],
    ['nop', (code) => code.nop(), 0x01],
    ['drop', (code) => code.drop(), 0x1a],
    ['if', (code) => code.if(), 0x04, 0x40],
    ['end', (code) => code.end(), 0x0b],
    ['br', (code) => code.br(3), 0x0c, 3],
    ['br_if', (code) => code.brIf(200), 0x0d, 0xc8, 0x01],
    ['return', (code) => code.return(), 0x0f],
    ['call', (code) => code.call(300), 0x10, 0xac, 0x02],
    ['local.get', (code) => code.localGet(0), 0x20, 0],
    ['local.set', (code) => code.localSet(1), 0x21, 1],
    ['local.tee', (code) => code.localTee(2), 0x22, 2],
    ['global.get', (code) => code.globalGet(3), 0x23, 3],
    ['global.set', (code) => code.globalSet(4), 0x24, 4],
    ['i32.const', (code) => code.i32Const(-1), 0x41, 0x7f],
    ['i64.const of a number', (code) => code.i64Const(-65), 0x42, 0xbf, 0x7f],
    ['i64.const of a bigint', (code) => code.i64Const(2n ** 35n), 0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ['i32.lt_s', (code) => code.i32LtS(), 0x48],
    ['i32.add', (code) => code.i32Add(), 0x6a],
    ['i32.sub', (code) => code.i32Sub(), 0x6b],
    ['i32.div_u', (code) => code.i32DivU(), 0x6e],
    ['i32.or', (code) => code.i32Or(), 0x72],
    ['i64.mul', (code) => code.i64Mul(), 0x7e],
    ['i64.extend_i32_u', (code) => code.i64ExtendI32U(), 0xad],
  ];
for (const [name, write, ...bytes] of instructions) {
  writer(`writes ${name}`, () => {
    assert.equal(write(new CodeWriter()).bytes, bytes);
    assert.is(instructionName(bytes[0] ?? -1), name.split(' ')[0]);
  });
}

writer('writes an opcode with a prefix as a byte and a u32', () => {
  assert.equal(new CodeWriter().opcode(0xfc000a).opcode(0xfd0113).bytes, [0xfc, 0x0a, 0xfd, 0x93, 0x02]);
});

writer('writes block types without and with a result', () => {
  assert.equal(new CodeWriter().blockType().blockType('i64').blockType('(ref 1)').bytes, [0x40, 0x7e, 0x64, 0x01]);
});

writer('names the memory in a memarg unless it is the first', () => {
  assert.equal(new CodeWriter().memarg(0, 130).memarg(2, 1).bytes, [0, 0x82, 0x01, 0x40, 2, 1]);
});

writer('appends to a sink, and continues in another', () => {
  const [first, second] = [new ByteSink(), new ByteSink()];
  first.byte(9);
  new CodeWriter(first).nop().into(second).drop();
  assert.equal([[...first.view()], [...second.view()]], [[9, 0x01], [0x1a]]);
});

writer.run();
