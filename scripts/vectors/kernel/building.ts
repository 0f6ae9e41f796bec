import { kernelFunctionNames } from '../../../src/kernel/functions.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { hexByte } from '../parts.ts';
import { type Import, importing } from './import-parts.ts';
import { type More, refused, type WrittenEnd } from './words.ts';

const ENV = 'extism:host/env';
const failed = refused('InstantiationFailed');
/** A module of one function of type () -> (), up to its functions; and its export `run`. */
const TYPES = '0061736d0100000001040160000003020100';
const EXPORT = '0707010372756e0000';
const RUNS = TYPES + EXPORT;

const initial = { deviation: 'initial memory' };
const unbounded = { deviation: 'tables, objects of garbage collection, `memory.atomic.wait*`' };
const grows = { flags: ['trap-on-grow'] };

/** A module that is not built. */
function fault(id: string, rule: string, wasm: unknown, ends: WrittenEnd, more: More = {}): WrittenVector {
  return { id: `kernel/build-${id}`, rule, ...more, wasm, ends };
}

/** A module that is built, and whose export `run` succeeds. */
function built(id: string, rule: string, wasm: unknown, more: More = {}): WrittenVector {
  return { id: `kernel/build-${id}`, rule, ...more, wasm, steps: [{ call: 'run', ends: { output: '' } }] };
}

const named = ({ module, name, kind }: Import) => ({ module, name, kind });
const unknown = refused('UnknownImports');
const unknownAre = (...imports: readonly Import[]) => refused('UnknownImports', { imports: imports.map(named) });
const mismatch = refused('ImportTypeMismatch');
const notFunction = refused('ImportNotFunction');
const of = (name: string, kind: Import['kind'] = 'function', module = ENV): Import => ({ module, name, kind });

const [wrong, memory, nobody] = [of('length'), of('free', 'memory'), of('f', 'function', 'other')];

/** Imports: KERNEL.md, "What an import must be". */
const imports: readonly WrittenVector[] = [
  ...kernelFunctionNames.map((name) => fault(`type-of-${name}`, 'KI-4', importing([of(name)]), mismatch)),
  fault('type-without-result', 'KI-4', importing([{ ...of('alloc'), type: '60017e00' }]), mismatch),
  fault('type-with-i32', 'KI-4', importing([{ ...of('alloc'), type: '60017f017e' }]), mismatch),
  fault('type-with-a-result', 'KI-4', importing([{ ...of('free'), type: '60017e017e' }]), mismatch),
  fault('type-in-another-order', 'KI-4', importing([{ ...of('store_u8'), type: '60027f7e00' }]), mismatch),
  ...(['memory', 'table', 'global'] as const).map((kind) =>
    fault(`${kind}-as-function`, 'KI-3', importing([of('alloc', kind)]), notFunction),
  ),
  fault('tag-as-function', 'KI-3', importing([of('alloc', 'tag')]), notFunction, {
    flags: ['feature:exceptions'],
  }),
  ...['other', 'memory', 'Alloc', '', '__proto__', 'extism_context', 'store_u32'].map((name) =>
    fault(`unknown-${name || 'empty'}`, 'KI-1', importing([of(name)]), unknown),
  ),
  fault('unknown-memory-of-the-kernel', 'KI-1', importing([of('memory', 'memory')]), unknown),
  ...['extism:host/user', 'wasi_snapshot_preview1', 'env', '', 'main', 'extism:host/env2'].map((module) =>
    fault(
      `unknown-module-${module.replaceAll(/\W+/g, '-') || 'empty'}`,
      'KI-2',
      importing([of('alloc', 'function', module)]),
      unknown,
      module === 'main' ? { deviation: 'imports from a module `main`' } : {},
    ),
  ),
  fault(
    'unknown-all',
    'KI-5',
    'imports-many',
    unknownAre(
      of('fd_write', 'function', 'wasi_snapshot_preview1'),
      of('other'),
      of('cc_lb_log', 'function', 'extism:host/user'),
      of('memory', 'memory', 'env'),
      of('', 'global', ''),
    ),
  ),
  fault('unknown-before-type', 'KI-6', importing([wrong, nobody]), unknown),
  fault('unknown-before-kind', 'KI-6', importing([memory, of('other'), nobody]), unknownAre(of('other'), nobody)),
  fault('type-then-kind', 'KI-6', importing([wrong, memory]), { oneOf: [mismatch, notFunction] }),
  fault('kind-then-type', 'KI-6', importing([memory, wrong]), { oneOf: [mismatch, notFunction] }),
  fault(
    'wrong-type-is-named',
    'KI-5',
    importing([of('alloc')]),
    refused('ImportTypeMismatch', { import: named(of('alloc')) }),
  ),
  {
    id: 'kernel/build-import-twice',
    rule: 'KI-7',
    wasm: 'imports-twice',
    steps: [{ call: 'run', ends: { layer: 'call', error: { kind: 'NonZeroExit', fields: { code: 7 } } } }],
  },
];

/** Two faults each, so that the order shows. */
const orders: readonly WrittenVector[] = [
  fault('invalid-before-imports', 'KC-5', 'build-body-type-imports', refused('InvalidModule')),
  fault('feature-before-imports', 'KC-7', 'shared-memory-imports', refused('FeatureRefused'), {
    flags: ['feature:threads'],
    deviation: 'order of build errors',
  }),
  fault('imports-before-memory', 'KC-5', 'imports-large', unknown),
  fault('memory-before-start', 'KC-5', 'build-start-and-initialize-large', refused('OutOfMemory'), initial),
  fault('both-before-kind', 'KC-10', 'build-start-and-initialize-odd', refused('StartAndInitialize')),
  fault('kind-before-start-function', 'KC-11', 'build-initialize-global', refused('ExportNotFunction')),
  fault('type-before-start-function', 'KC-12', 'build-initialize-parameter', refused('InitializeType'), {
    deviation: 'order of build errors',
  }),
];

/** Building: KERNEL.md, "A call, step by step", step 0. */
export const building: readonly WrittenVector[] = [
  ...imports,
  ...orders,
  fault('empty', 'KC-6', [{ hex: '' }], refused('MalformedModule')),
  fault('cut', 'KC-6', [{ hex: '0061736d0100000001' }], refused('MalformedModule')),
  fault('cut-section', 'KC-6', [{ hex: '0061736d010000000105' }], refused('MalformedModule')),
  fault('component', 'KC-6', [{ hex: '0061736d0d000100' }], refused('MalformedModule')),
  fault('body-type', 'KC-8', 'build-body-type', refused('InvalidModule')),
  fault('unknown-type', 'KC-8', [{ hex: '0061736d01000000030201000a040102000b' }], refused('InvalidModule'), {
    about: 'A function of a type that is not declared.',
  }),
  fault('start-trap', 'KC-13', 'build-start-trap', failed),
  fault('start-loop', 'KC-3', 'build-start-loop', failed, { budget: { fuel: 100_000 } }),
  fault('start-grow', 'KC-3', 'build-start-grow', failed, {
    ...grows,
    deviation: 'growth of memory while a plugin is built',
  }),
  fault('start-invalid-handle', 'KC-13', 'build-start-variable', failed, {
    deviation: 'kernel functions in the start function and in initialisation',
  }),
  fault('initialize-trap', 'KC-2', 'build-initialize-trap', failed),
  fault('data-beyond', 'KC-13', 'build-data-beyond', failed),
  fault('elements-beyond', 'KC-13', 'build-elements-beyond', failed),
  fault('initialize-result', 'KC-12', 'build-initialize-result', refused('InitializeType')),
  fault(
    'start-is-memory',
    'KC-11',
    'build-start-is-memory',
    refused('ExportNotFunction', { name: '_start', found: 'memory' }),
  ),
  fault('start-is-table', 'KC-11', 'build-start-is-table', refused('ExportNotFunction')),
  fault('start-and-initialize', 'KC-10', 'build-start-and-initialize', refused('StartAndInitialize')),
  fault('shared-memory', 'KM-19', 'shared-memory', refused('FeatureRefused'), { flags: ['feature:threads'] }),
  fault('wait', 'KM-22', 'atomic-wait', refused('FeatureRefused'), { flags: ['feature:threads'], ...unbounded }),
  fault('new-object', 'KM-20', 'new-object', refused('FeatureRefused'), { flags: ['feature:gc'], ...unbounded }),
  fault('array-constant', 'KM-21', 'array-constant', refused('FeatureRefused'), {
    flags: ['feature:gc', 'feature:extended-constants'],
    ...unbounded,
  }),

  built('memory-32', 'KM-5', 'memory-32-pages'),
  fault('memory-33', 'KM-5', 'memory-33-pages', refused('OutOfMemory'), initial),
  built('memory-33-allowed', 'KM-10', 'memory-33-pages', { budget: { memory_pages: 0, initial_memory_pages: 33 } }),
  fault('memory-32-refused', 'KC-9', 'memory-32-pages', refused('OutOfMemory'), {
    budget: { initial_memory_pages: 31 },
  }),
  fault('memory-follows-growth', 'KM-5', 'memory-32-pages', refused('OutOfMemory'), {
    about: 'Without a budget of its own, the memory at first has that of growth.',
    budget: { memory_pages: 31 },
    ...initial,
  }),
  built('table-100000', 'KM-6', 'table-100000-entries'),
  fault('table-100001', 'KM-6', 'table-100001-entries', refused('OutOfMemory'), unbounded),
  built('tables-together', 'KM-6', 'tables-together', { budget: { table_entries: 120 } }),
  fault('tables-together-over', 'KM-6', 'tables-together', refused('OutOfMemory'), {
    budget: { table_entries: 119 },
    ...unbounded,
  }),
  built('loops', 'KM-18', 'loops'),
  built('blocks-at-the-floor', 'KM-18', blocksOf(2_000)),
  built('globals-at-the-floor', 'KM-18', globalsOf(1_000)),
  ...(
    [
      ['floor', 1_250],
      ['limit', 2_500],
    ] as const
  ).map(([name, count]) => built(`locals-at-the-${name}`, 'KM-18', localsOf(count))),
  {
    id: 'kernel/build-locals-over-the-limit',
    rule: 'KM-17',
    wasm: localsOf(3_000),
    steps: [{ call: 'run', ends: { oneOf: [{ output: '' }, refused('LimitExceeded')] } }],
    about: 'A host may have other limits.',
  },
];

/** A module whose export `run` has from 128 to 16,383 locals of type i32. */
function localsOf(count: number): readonly object[] {
  return [{ hex: `${RUNS}0a07010501${leb(count)}7f0b` }];
}

/** A module whose export `run` has that many blocks in one another. */
function blocksOf(count: number): readonly object[] {
  const body = 3 * count + 2;
  const head = `${RUNS}0a${leb(body + 3)}01${leb(body)}00`;
  return [{ hex: head }, { hex: '0240', times: count }, { hex: '0b', times: count }, { hex: '0b' }];
}

/** A module with that many globals, and the export `run`. */
function globalsOf(count: number): readonly object[] {
  const globals = [{ hex: `06${leb(2 + 5 * count)}${leb(count)}` }, { hex: '7f0041000b', times: count }];
  return [{ hex: TYPES }, ...globals, { hex: `${EXPORT}0a040102000b` }];
}

/** An integer from 128 to 16,383 as LEB128. */
function leb(value: number): string {
  return [(value & 0x7f) | 0x80, value >> 7].map(hexByte).join('');
}
