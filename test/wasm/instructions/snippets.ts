import type { Immediate, NamedInstruction } from '../../../src/wasm/instructions/index.ts';

/*
 * Each instruction as text, to be assembled by an assembler that does not use the table. The
 * modules declare nothing, so they are invalid, but the assembler encodes any index. Each index
 * space has its own number, so that no immediate is mistaken for another.
 */

const bytes16 = Array.from({ length: 16 }, (_, index) => 15 - index);

/** For each immediate: how a snippet writes it, and the value that the decoder must find. */
export const samples: { readonly [I in Immediate]: readonly [text: string, value: unknown] } = {
  blockType: ['(result (ref null 300))', [-0x1d, 300]],
  labelIndex: ['301', 301],
  labelTable: ['301 302', [301, 302]],
  functionIndex: ['303', 303],
  typeIndex: ['304', 304],
  tableIndex: ['305', 305],
  localIndex: ['306', 306],
  globalIndex: ['307', 307],
  memoryIndex: ['308', 308],
  memarg: ['309 offset=0x123456789', { memory: 309, offset: 0x123456789 }],
  dataIndex: ['310', 310],
  elementIndex: ['311', 311],
  tagIndex: ['312', 312],
  fieldIndex: ['313', 313],
  u32: ['314', 314],
  s32: ['-315', -315],
  s64: ['-0x123456789', -0x123456789],
  f32: ['1.5', 1.5],
  f64: ['-0.1', -0.1],
  v128: [`i8x16 ${bytes16.join(' ')}`, bytes16],
  lane: ['13', 13],
  lanes16: [bytes16.join(' '), bytes16],
  heapType: ['316', 316],
  valueTypes: ['(result i32 (ref 317))', [[-1], [-0x1c, 317]]],
  catchClauses: [
    '(catch 312 301) (catch_ref 312 302) (catch_all 303) (catch_all_ref 304)',
    [
      [0, 312, 301],
      [1, 312, 302],
      [2, 303],
      [3, 304],
    ],
  ],
  castFlags: ['', 0],
  zeroByte: ['', 0],
};

/** The text of an instruction. */
export interface Snippet {
  readonly text: string;
  /** The instructions that the text encodes to, without the last `end`. */
  readonly names: readonly string[];
  /** The immediates of the instruction that the snippet is for, if they are not the samples. */
  readonly values?: readonly unknown[];
}

const block = samples.blockType[0];

/** Instructions whose text is not just the name and the immediates in binary order. */
export const snippets: { readonly [name: string]: Snippet } = {
  block: { text: `block ${block} end`, names: ['block', 'end'] },
  loop: { text: `loop ${block} end`, names: ['loop', 'end'] },
  if: { text: `if ${block} end`, names: ['if', 'end'] },
  else: { text: `if ${block} else end`, names: ['if', 'else', 'end'] },
  end: { text: '', names: [] },
  try: { text: `try ${block} end`, names: ['try', 'end'] },
  catch: { text: 'try catch 312 end', names: ['try', 'catch', 'end'] },
  catch_all: { text: 'try catch_all end', names: ['try', 'catch_all', 'end'] },
  delegate: { text: 'try delegate 301', names: ['try', 'delegate'] },
  try_table: { text: `try_table ${block} ${samples.catchClauses[0]} end`, names: ['try_table', 'end'] },
  call_indirect: { text: 'call_indirect 305 (type 304)', names: ['call_indirect'] },
  return_call_indirect: { text: 'return_call_indirect 305 (type 304)', names: ['return_call_indirect'] },
  select_t: { text: 'select (result i32 (ref 317))', names: ['select_t'] },
  'table.init': { text: 'table.init 305 311', names: ['table.init'] },
  'memory.init': { text: 'memory.init 308 310', names: ['memory.init'] },
  'ref.test': { text: 'ref.test (ref 316)', names: ['ref.test'] },
  'ref.test_null': { text: 'ref.test (ref null 316)', names: ['ref.test_null'] },
  'ref.cast': { text: 'ref.cast (ref 316)', names: ['ref.cast'] },
  'ref.cast_null': { text: 'ref.cast (ref null 316)', names: ['ref.cast_null'] },
  br_on_cast: { text: 'br_on_cast 301 (ref null any) (ref 316)', names: ['br_on_cast'], values: [1, 301, -0x12, 316] },
  br_on_cast_fail: {
    text: 'br_on_cast_fail 301 (ref any) (ref null 316)',
    names: ['br_on_cast_fail'],
    values: [2, 301, -0x12, 316],
  },
};

/** The text of an instruction, and of what must stand around it. */
export function snippetOf({ name, immediates }: NamedInstruction): Snippet {
  return snippets[name] ?? { text: [name, ...immediates.map((kind) => samples[kind][0])].join(' '), names: [name] };
}
