import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeSigned, writeUnsigned } from '../../../src/wasm/encoding/leb128.ts';
import { ByteSink } from '../../../src/wasm/index.ts';

const sinks = suite('byte sink');

sinks('writes signed integers in LEB128, at and around every change of length', () => {
  const edges = [0, 6, 13, 20, 27].flatMap((bits) => [-1, 0, 1].map((by) => 2 ** bits + by));
  for (const value of [...edges, ...edges.map((edge) => -edge), 2 ** 31 - 1, -(2 ** 31)]) {
    const sink = new ByteSink();
    sink.s32(value);
    const expected: number[] = [];
    writeSigned(expected, BigInt(value));
    assert.equal([...sink.view()], expected, String(value));
  }
});

sinks('writes unsigned integers in LEB128, at and around every change of length', () => {
  for (const value of [0, ...[7, 14, 21, 28].flatMap((bits) => [2 ** bits - 1, 2 ** bits]), 2 ** 32 - 1]) {
    const sink = new ByteSink();
    sink.u32(value);
    const expected: number[] = [];
    writeUnsigned(expected, value);
    assert.equal([...sink.view()], expected, String(value));
  }
});

sinks('copies runs of any length, and grows', () => {
  const source = Uint8Array.from({ length: 100 }, (_, index) => index);
  const sink = new ByteSink(1);
  const expected: number[] = [];
  for (let length = 0; length <= 100; length++) {
    sink.copy(source, 100 - length, 100);
    expected.push(...source.subarray(100 - length));
  }
  assert.equal([...sink.view()], expected);
});

sinks('appends the bytes of another sink, but not its spare capacity', () => {
  for (const length of [0, 3, 200]) {
    const other = new ByteSink(1_000);
    other.copy(new Uint8Array(500).fill(9), 0, 500);
    other.clear();
    for (let value = 0; value < length; value++) other.byte(value);
    const sink = new ByteSink(2);
    sink.byte(7);
    sink.appendSink(other);
    assert.equal([...sink.view()], [7, ...Array.from({ length }, (_, value) => value)]);
  }
});

sinks.run();
