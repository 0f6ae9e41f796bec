import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ByteReader,
  CodeReader,
  instructionName,
  readCatchClause,
  readLabelTable,
  readVector,
  WasmFormatError,
} from '../../../src/wasm/index.ts';
import { failureOf } from '../../support/failure.ts';
import { wat } from '../../support/wat.ts';
import { decodeExpression, onlyExpression } from '../instructions/decode.ts';

const codeReader = suite('code reader');

/** What a reader says of each instruction in some bytes. */
function read(
  bytes: Uint8Array,
): { readonly name: string; readonly start: number; readonly end: number; readonly values: number[] }[] {
  const code = new CodeReader(new ByteReader(bytes));
  const found: ReturnType<typeof read> = [];
  while (!code.done) {
    code.next();
    const { opcode, immediates } = code.instruction;
    found.push({
      name: instructionName(opcode) ?? '',
      start: code.start,
      end: code.end,
      values: code.values.slice(0, immediates.length),
    });
  }
  return found;
}

const text = `(module (func block (result i32) block (type 5) block (result (ref null 300)) end end end
  br_table 1 2 3 memory.copy 3 4 i32.load 7 offset=0x123456789 align=2 i64.store offset=8 call_indirect 305 (type 304)
  v128.const i64x2 1 2 i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 i32.const -1 i64.const -9223372036854775808
  f32.const 1.5 f64.const 2.5 ref.null func ref.null 316 select (result i32 (ref 317)) memory.atomic.notify 2 offset=9
  try_table (catch 312 1) (catch_all 2) end
  br_on_cast 1 (ref null any) (ref 316) array.new_fixed 3 9 i8x16.extract_lane_s 5
  local.get 1000 global.set 1001 table.init 7 8))`;

codeReader('finds the same instructions as another decoder, in bytes without gaps', async () => {
  const bytes = onlyExpression(await wat(text));
  const found = read(bytes);
  assert.equal(
    found.map(({ name }) => name),
    decodeExpression(bytes).map(({ instruction: { opcode } }) => instructionName(opcode)),
  );
  assert.is(found[0]?.start, 0);
  assert.equal(
    found.slice(1).map(({ start }) => start),
    found.slice(0, -1).map(({ end }) => end),
  );
  assert.is(found[found.length - 1]?.end, bytes.length);
});

codeReader('gives the values of immediates', async () => {
  const found = read(onlyExpression(await wat(text)));
  const values = (name: string): number[][] => found.filter((each) => each.name === name).map((each) => each.values);
  assert.equal(values('block'), [[-1], [5], [0x63 - 0x80]]);
  assert.equal(values('br_table'), [[3]]);
  assert.equal(values('memory.copy'), [[3, 4]]);
  assert.equal(values('i32.load'), [[7]]);
  assert.equal(values('i64.store'), [[0]]);
  assert.equal(values('memory.atomic.notify'), [[2]]);
  assert.equal(values('call_indirect'), [[304, 305]]);
  assert.equal(values('ref.null'), [[-0x10], [316]]);
  assert.equal(values('select_t'), [[2]]);
  assert.equal(values('array.new_fixed'), [[3, 9]]);
  assert.equal(values('local.get'), [[1000]]);
  assert.equal(values('global.set'), [[1001]]);
  assert.equal(values('table.init'), [[8, 7]]);
  assert.is(values('br_on_cast')[0]?.[1], 1);
  assert.equal(
    values('try_table').map(([, clauses]) => clauses),
    [2],
  );
});

codeReader('reads the parts of longer immediates', async () => {
  const code = new CodeReader(
    new ByteReader(
      onlyExpression(await wat('(module (func br_table 5 6 7 8 try_table (catch 3 1) (catch_all_ref 0) end))')),
    ),
  );
  code.next();
  assert.equal(readLabelTable(code.immediate(0)), [5, 6, 7, 8]);
  code.next();
  assert.equal(readVector(code.immediate(1), readCatchClause), [
    { tag: 3, label: 1 },
    { tag: undefined, label: 0 },
  ]);
});

/** Malformed code, and the failure. */
const malformed: readonly (readonly [name: string, bytes: readonly number[], kind: string, offset: number])[] = [
  ['nothing', [], 'UnexpectedEnd', 0],
  ['a reserved opcode', [0x01, 0xc5], 'UnknownEncoding', 1],
  ['0xff', [0xff], 'UnknownEncoding', 0],
  ['a reserved number after a prefix', [0xfc, 0x12], 'UnknownEncoding', 0],
  ['a number that would change the prefix', [0xfc, 0x80, 0x80, 0x04], 'UnknownEncoding', 0],
  ['a number that would be another prefix', [0xfb, 0x8a, 0x80, 0x04], 'UnknownEncoding', 0],
  ['a prefix alone', [0xfd], 'UnexpectedEnd', 1],
  ['a missing immediate', [0x20], 'UnexpectedEnd', 1],
  ['an index that is too long', [0x20, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 'IntegerTooLong', 1],
  ['an index that is too large', [0x20, 0xff, 0xff, 0xff, 0xff, 0x10], 'IntegerTooLarge', 1],
  ['a constant that never ends', [0x42, ...Array(11).fill(0x80)], 'IntegerTooLong', 1],
  ['half a float', [0x44, 0, 0, 0], 'UnexpectedEnd', 4],
  ['half a vector', [0xfd, 0x0c, 0, 0, 0], 'UnexpectedEnd', 5],
  ['missing labels', [0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f], 'UnexpectedEnd', 6],
  ['a catch clause of an unknown kind', [0x1f, 0x40, 1, 4, 0], 'UnknownEncoding', 3],
  ['missing catch clauses', [0x1f, 0x40, 0xff, 0xff, 0xff, 0xff, 0x0f], 'UnexpectedEnd', 7],
  ['a block of an unknown type', [0x02, 0x64, 0x55], 'UnknownEncoding', 2],
];

for (const [name, bytes, kind, offset] of malformed) {
  codeReader(`refuses ${name}`, () => {
    const failure = failureOf(WasmFormatError, () => {
      const code = new CodeReader(new ByteReader(new Uint8Array(bytes)));
      do code.next();
      while (!code.done);
    });
    assert.is(failure.kind, kind);
    assert.is(failure.offset, offset);
  });
}

codeReader('reads padded integers', () => {
  const found = read(new Uint8Array([0x20, 0x85, 0x80, 0x80, 0x80, 0x00, 0xfc, 0x8b, 0x80, 0x00, 0x00, 0x0b]));
  assert.equal(
    found.map(({ name, values }) => [name, values]),
    [
      ['local.get', [5]],
      ['memory.fill', [0]],
      ['end', []],
    ],
  );
});

codeReader('does not read beyond the end of its reader', () => {
  const code = new CodeReader(new ByteReader(new Uint8Array([0x41, 0x80, 0x00, 0x0b]), 0, 2));
  assert.throws(
    () => code.next(),
    (error: unknown) => error instanceof WasmFormatError,
  );
});

codeReader.run();
