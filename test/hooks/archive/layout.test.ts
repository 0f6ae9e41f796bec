import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bytes,
  enumeration,
  f64,
  list,
  option,
  string,
  struct,
  u16,
  u32,
  u64,
} from '../../../src/hooks/archive/declare.ts';
import { decoderOf } from '../../../src/hooks/archive/decode-value.ts';
import { encoderOf } from '../../../src/hooks/archive/encode-value.ts';
import { layOut, layOutVariant, layoutOf } from '../../../src/hooks/archive/layout.ts';
import type { ArchiveDeclaration } from '../../../src/hooks/archive/type.ts';
import { messageNamed, messages } from '../messages.ts';
import { recorded } from './vectors.ts';

const layout = suite('hooks/archive/layout');

interface RecordedLayout {
  readonly type: string;
  readonly size: number;
  readonly align: number;
  readonly fields?: Readonly<Record<string, number>>;
}

layout('each message is laid out as by the published crate', async () => {
  // The cast: the project's own file.
  const layouts = (await recorded('layouts.json')) as readonly RecordedLayout[];
  assert.is(layouts.length, messages.length);
  for (const { type: name, size, align, fields } of layouts) {
    const type = messageNamed(name);
    const { size: ownSize, align: ownAlign } = layoutOf(type);
    assert.equal([ownSize, ownAlign], [size, align], name);
    const placed = type.kind === 'struct' ? layOut(type.fields).fields : [];
    assert.equal(Object.fromEntries(placed.map((field) => [field.name, field.offset])), fields ?? {}, name);
  }
});

layout('numbers have the alignment of their size, and pointers that of an i32', () => {
  const sizes = (...types: readonly ArchiveDeclaration[]): readonly string[] =>
    types.map(layoutOf).map(({ size, align }) => `${size}, ${align}`);
  assert.equal(sizes(u16, u32, u64, f64), ['2, 2', '4, 4', '8, 8', '8, 8']);
  assert.equal(sizes(string, bytes, list(u64)), ['8, 4', '8, 4', '8, 4']);
  assert.equal(sizes(option(u16), option(u64), option(string)), ['4, 2', '16, 8', '12, 4']);
  assert.equal(sizes(option(option(u16))), ['6, 2']);
});

layout('an enum has room for its greatest variant, and its tag comes first', () => {
  const type = enumeration('Sample', { Small: { a: u16 }, Great: { a: u16, b: u64, c: u16 }, None: {} });
  assert.equal(layoutOf(type), { size: 24, align: 8 });
  assert.ok(type.kind === 'enum');
  const offsets = type.variants.map(({ fields }) => layOutVariant(fields).fields.map(({ offset }) => offset));
  assert.equal(offsets, [[2], [2, 8, 16], []]);
  assert.equal(layoutOf(enumeration('Tag', { A: {}, B: {} })), { size: 1, align: 1 });
  assert.equal(layoutOf(struct('Empty', {})).size, 0);
});

layout('layout, encoder and decoder of a type are composed once', () => {
  for (const composed of [layoutOf, encoderOf, decoderOf])
    for (const type of messages) assert.is(composed(type), composed(type));
});

layout.run();
