import { ByteReader } from '../encoding/byte-reader.ts';
import { readS32, readS64, readU32, readU64 } from '../encoding/leb128.ts';
import { abstractHeapType, REF, REF_NULL, readValueType } from '../encoding/types.ts';
import type { CodeReader } from '../grammar/code-reader.ts';
import type { IndexSpace } from '../grammar/indices.ts';
import { spaceOf } from '../grammar/instruction-indices.ts';
import type { WasmModule } from '../grammar/module.ts';
import { type Immediate, instructionName, MEMARG_HAS_MEMORY_INDEX } from '../instructions/index.ts';
import type { Identifiers, ModuleNames } from './module-names.ts';
import { f32Text, f64Text, v128Text } from './number-text.ts';
import type { OpenLabels } from './open-labels.ts';
import type { TextLine } from './text-line.ts';

/** What the indices in a function refer to. */
export interface TextScope {
  readonly module: WasmModule;
  readonly names: ModuleNames;
  /** The parameters and locals of the function. */
  readonly locals: Identifiers;
  readonly labels: OpenLabels;
}

/** Writes an immediate of the latest instruction, or all of them. @param at which one it is. */
type ImmediateText = (scope: TextScope, code: CodeReader, line: TextLine, at: number) => void;

/**
 * The instructions whose name in the table has a suffix, as the text format has them: it
 * distinguishes them by the type that follows.
 */
const NAMES: Readonly<Record<string, string>> = {
  select_t: 'select',
  'ref.test_null': 'ref.test',
  'ref.cast_null': 'ref.cast',
};

/**
 * The opcode of an instruction as the text format writes it.
 *
 * @param opcode as in the table of instructions.
 */
export function opcodeText(opcode: number): string {
  const name = instructionName(opcode) ?? `0x${opcode.toString(16)}`;
  return NAMES[name] ?? name;
}

/**
 * Writes the immediates of the latest instruction, without those of a block's label.
 *
 * @param line the line that begins with the opcode.
 * @throws WasmFormatError for an immediate that is malformed.
 */
export function writeImmediates(scope: TextScope, code: CodeReader, line: TextLine): void {
  const { immediates } = code.instruction;
  if (immediates.length === 0) return;
  const together = TOGETHER[immediates.join(' ')];
  if (together !== undefined) together(scope, code, line, 0);
  else for (const [at, immediate] of immediates.entries()) EACH[immediate](scope, code, line, at);
}

/** Immediates that the text format orders otherwise, or leaves out when they are 0. */
const TOGETHER: Readonly<Record<string, ImmediateText>> = {
  'typeIndex tableIndex': (scope, code, line) => {
    addUnlessFirst(scope, line, 'table', code.values[1]);
    line.add(`(type ${indexText(scope, 'type', code.values[0] ?? 0)})`);
  },
  'dataIndex memoryIndex': (scope, code, line) => {
    addUnlessFirst(scope, line, 'memory', code.values[1]);
    line.add(indexText(scope, 'data', code.values[0] ?? 0));
  },
  'elementIndex tableIndex': (scope, code, line) => {
    addUnlessFirst(scope, line, 'table', code.values[1]);
    line.add(indexText(scope, 'element', code.values[0] ?? 0));
  },
  'memoryIndex memoryIndex': (scope, code, line) => pairText(scope, code, line, 'memory'),
  'tableIndex tableIndex': (scope, code, line) => pairText(scope, code, line, 'table'),
  memoryIndex: (scope, code, line) => addUnlessFirst(scope, line, 'memory', code.values[0]),
  tableIndex: (scope, code, line) => addUnlessFirst(scope, line, 'table', code.values[0]),
  'typeIndex fieldIndex': (scope, code, line) => {
    const [type = 0, field = 0] = code.values;
    line.add(indexText(scope, 'type', type)).add(scope.names.fields(type).of(field) ?? String(field));
  },
  'castFlags labelIndex heapType heapType': (scope, code, line) => {
    const flags = code.bytes[code.starts[0] ?? 0] ?? 0;
    const [, label = 0, source = 0, target = 0] = code.values;
    line.add(scope.labels.text(label));
    line.add(referenceText(scope, source, (flags & 1) !== 0)).add(referenceText(scope, target, (flags & 2) !== 0));
  },
};

/** How each immediate is written that stands by itself. */
const EACH: { readonly [K in Immediate]: ImmediateText } = {
  blockType: blockTypeText,
  // The label of a `delegate` counts from outside the `try` that it ends.
  labelIndex: ({ labels }, code, line, at) => {
    line.add(labels.text(code.values[at] ?? 0, code.instruction.control === 'end' ? 1 : 0));
  },
  labelTable: ({ labels }, code, line, at) => {
    const reader = code.immediate(at);
    const count = readU32(reader);
    for (let label = 0; label <= count && !line.cut; label++) line.add(labels.text(readU32(reader)));
  },
  functionIndex: addIndex,
  typeIndex: addIndex,
  tableIndex: addIndex,
  globalIndex: addIndex,
  memoryIndex: addIndex,
  dataIndex: addIndex,
  elementIndex: addIndex,
  tagIndex: addIndex,
  localIndex: ({ locals }, code, line, at) => {
    const index = code.values[at] ?? 0;
    line.add(locals.of(index) ?? String(index));
  },
  fieldIndex: addNumber,
  u32: addNumber,
  memarg: memargText,
  s32: (_, code, line, at) => line.add(String(readS32(code.immediate(at)))),
  s64: (_, code, line, at) => line.add(String(readS64(code.immediate(at)))),
  f32: (_, code, line, at) => line.add(f32Text(viewOf(code, at))),
  f64: (_, code, line, at) => line.add(f64Text(viewOf(code, at))),
  v128: (_, code, line, at) => line.add(v128Text(viewOf(code, at))),
  lane: (_, code, line, at) => line.add(String(viewOf(code, at).getUint8(0))),
  lanes16: (_, code, line, at) => {
    const view = viewOf(code, at);
    for (let lane = 0; lane < 16; lane++) line.add(String(view.getUint8(lane)));
  },
  heapType: (scope, code, line, at) => {
    const value = code.values[at] ?? 0;
    const name = instructionName(code.instruction.opcode) ?? '';
    if (/^ref\.(test|cast)/.test(name)) line.add(referenceText(scope, value, name.endsWith('_null')));
    else line.add(heapTypeText(scope, value));
  },
  valueTypes: (_, code, line, at) => {
    const reader = code.immediate(at);
    const count = readU32(reader);
    line.add('(result');
    for (let type = 0; type < count && !line.cut; type++) line.add(readValueType(reader));
    line.append(')');
  },
  catchClauses: catchClausesText,
  castFlags: () => {},
  zeroByte: () => {},
};

/** An index: its identifier if it has one. */
export function indexText({ names }: TextScope, space: IndexSpace, index: number): string {
  return names.of(space, index) ?? String(index);
}

function addIndex(scope: TextScope, code: CodeReader, line: TextLine, at: number): void {
  const immediate = code.instruction.immediates[at];
  const space = immediate === undefined ? undefined : spaceOf(immediate);
  const index = code.values[at] ?? 0;
  line.add(space === undefined ? String(index) : indexText(scope, space, index));
}

function addNumber(_: TextScope, code: CodeReader, line: TextLine, at: number): void {
  line.add(String(code.values[at] ?? 0));
}

/** The memory or table of an index; the first is meant where none is named. */
function addUnlessFirst(scope: TextScope, line: TextLine, space: IndexSpace, index = 0): void {
  if (index !== 0) line.add(indexText(scope, space, index));
}

/** A destination and a source: both are named, or none. */
function pairText(scope: TextScope, { values }: CodeReader, line: TextLine, space: IndexSpace): void {
  const [to = 0, from = 0] = values;
  if (to !== 0 || from !== 0) line.add(indexText(scope, space, to)).add(indexText(scope, space, from));
}

/** Types with more parameters and results than these are given by their index only. */
const SPELLED_OUT_MAX = 8;

/** The block type that has neither parameters nor results, as an s33. */
const EMPTY = 0x40 - 0x80;

function blockTypeText(scope: TextScope, code: CodeReader, line: TextLine, at: number): void {
  const value = code.values[at] ?? 0;
  if (value >= 0) {
    line.add(`(type ${indexText(scope, 'type', value)})`);
    const type = scope.module.types[value];
    if (type?.kind !== 'func' || type.params.length + type.results.length > SPELLED_OUT_MAX) return;
    line.add(typesText('param', type.params)).add(typesText('result', type.results));
  } else if (value === REF - 0x80 || value === REF_NULL - 0x80) {
    line.add(typesText('result', [readValueType(code.immediate(at))]));
  } else if (value !== EMPTY) {
    // Every other block type is a value type of one byte.
    line.add(typesText('result', [readValueType(new ByteReader(Uint8Array.of(value & 0x7f)))]));
  }
}

/** Types after a keyword, in parentheses; an empty text without types. */
function typesText(keyword: 'param' | 'result', types: readonly string[]): string {
  return types.length === 0 ? '' : `(${keyword} ${types.join(' ')})`;
}

/** What each kind of catch clause is called, at the index of its byte (specification 5.4.2). */
const CATCHES = ['catch', 'catch_ref', 'catch_all', 'catch_all_ref'] as const;

function catchClausesText(scope: TextScope, code: CodeReader, line: TextLine, at: number): void {
  const reader = code.immediate(at);
  const count = readU32(reader);
  for (let clause = 0; clause < count && !line.cut; clause++) {
    const kind = reader.byte('a catch clause');
    const tag = kind < 2 ? ` ${indexText(scope, 'tag', readU32(reader))}` : '';
    // The block that the clauses belong to is not open for them.
    line.add(`(${CATCHES[kind]}${tag} ${scope.labels.text(readU32(reader))})`);
  }
}

function heapTypeText(scope: TextScope, value: number): string {
  return abstractHeapType(value) ?? indexText(scope, 'type', value);
}

function referenceText(scope: TextScope, value: number, nullable: boolean): string {
  return `(ref ${nullable ? 'null ' : ''}${heapTypeText(scope, value)})`;
}

/** Exponents of alignments that the text format can write: it wants a u32. */
const EXPONENT_MAX = 31;

function memargText(scope: TextScope, code: CodeReader, line: TextLine, at: number): void {
  const reader = code.immediate(at);
  const flags = readU32(reader);
  const namesMemory = (flags & MEMARG_HAS_MEMORY_INDEX) !== 0;
  const memory = namesMemory ? readU32(reader) : 0;
  const offset = readU64(reader);
  const exponent = (flags >>> 0) - (namesMemory ? MEMARG_HAS_MEMORY_INDEX : 0);
  addUnlessFirst(scope, line, 'memory', memory);
  if (offset > 0n) line.add(`offset=${offset}`);
  // Engines refuse an exponent over that of the access.
  if (exponent > EXPONENT_MAX) line.add(`(; align=2^${exponent} ;)`);
  else if (2 ** exponent !== accessBytes(opcodeText(code.instruction.opcode))) line.add(`align=${2 ** exponent}`);
}

/** How many bytes the lanes of `v128.load8x8_s` and its relatives take together. */
const EXTENDED_BYTES = 8;

/** How many bytes an instruction accesses, which its alignment is if the text gives none. */
function accessBytes(name: string): number {
  const [, bits, lanes] = /(?:load|store|rmw|wait)(\d+)(x\d+)?/.exec(name) ?? [];
  if (lanes !== undefined) return EXTENDED_BYTES;
  if (bits !== undefined) return Number(bits) / 8;
  // `memory.atomic.notify` accesses an i32.
  const [, width = '32'] = /^[ifv](\d+)\./.exec(name) ?? [];
  return Number(width) / 8;
}

function viewOf(code: CodeReader, at: number): DataView {
  const start = code.starts[at] ?? 0;
  const { buffer, byteOffset } = code.bytes;
  return new DataView(buffer, byteOffset + start, code.end - start);
}
