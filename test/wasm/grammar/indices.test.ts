import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { CodeReader } from '../../../src/wasm/grammar/code-reader.ts';
import { readIndex } from '../../../src/wasm/grammar/indices.ts';
import { type InstructionIndexVisitor, spaceOf, visitIndices } from '../../../src/wasm/grammar/instruction-indices.ts';

const indices = suite('indices');

/** What a visitor is shown, as texts. */
function recorder(): InstructionIndexVisitor & { readonly shown: readonly string[] } {
  const shown: string[] = [];
  return {
    shown,
    index: (space, index, start, end) => shown.push(`${space} ${index} at ${start} to ${end}`),
    heapTypeIndex: (index, start, end) => shown.push(`heap type ${index} at ${start} to ${end}`),
    memarg: (memory, _, at) => shown.push(`memory ${memory} of immediate ${at}`),
  };
}

const rows: readonly (readonly [instruction: string, bytes: readonly number[], ...shown: string[]])[] = [
  ['call', [0x10, 0x85, 0x01], 'function 133 at 1 to 3'],
  ['call_indirect', [0x11, 0x03, 0x02], 'type 3 at 1 to 2', 'table 2 at 2 to 3'],
  ['local.get', [0x20, 0x03]],
  ['i32.load', [0x28, 0x02, 0x08], 'memory 0 of immediate 0'],
  ['i32.load of memory 3', [0x28, 0x42, 0x03, 0x08], 'memory 3 of immediate 0'],
  ['memory.copy', [0xfc, 0x0a, 0x01, 0x02], 'memory 1 at 2 to 3', 'memory 2 at 3 to 4'],
  ['an empty block', [0x02, 0x40]],
  ['a block of a value type', [0x02, 0x7f]],
  ['a block of a reference', [0x02, 0x63, 0x05], 'heap type 5 at 2 to 3'],
  ['a block of a function type', [0x02, 0x07], 'heap type 7 at 1 to 2'],
  ['ref.null func', [0xd0, 0x70]],
  ['ref.null of a type', [0xd0, 0x04], 'heap type 4 at 1 to 2'],
  ['select of a type', [0x1c, 1, 0x64, 0x02], 'heap type 2 at 3 to 4'],
  ['try_table', [0x1f, 0x40, 3, 0x00, 7, 0, 0x02, 0, 0x01, 8, 1], 'tag 7 at 4 to 5', 'tag 8 at 9 to 10'],
  ['struct.get', [0xfb, 0x02, 0x06, 0x01], 'type 6 at 2 to 3'],
];
for (const [instruction, bytes, ...expected] of rows) {
  indices(`${instruction} holds: ${expected.join(', ') || 'none'}`, () => {
    const code = new CodeReader(new ByteReader(new Uint8Array(bytes)));
    code.next();
    assert.ok(code.done);
    const visitor = recorder();
    visitIndices(code, visitor);
    assert.equal(visitor.shown, expected);
  });
}

indices('an index is shown with its space and its bytes', () => {
  const visitor = recorder();
  assert.is(readIndex(new ByteReader(new Uint8Array([9, 0x80, 0x01]), 1), 'tag', visitor), 128);
  assert.equal(visitor.shown, ['tag 128 at 1 to 3']);
});

indices('an immediate has the space of the indices in it', () => {
  assert.equal((['functionIndex', 'memarg', 'blockType', 'catchClauses', 'localIndex', 's32'] as const).map(spaceOf), [
    'function',
    'memory',
    'type',
    'tag',
    undefined,
    undefined,
  ]);
});

indices.run();
