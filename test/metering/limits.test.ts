import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  exceededLimits,
  isLimitName,
  type LimitExceeded,
  type LimitName,
  limitNames,
  MeteringError,
  type MeteringOptions,
  MODULE_LIMITS,
  meterModule,
  NO_LIMITS,
} from '../../src/metering/index.ts';
import { leb, longSection, moduleOf, section } from '../support/bytes.ts';
import { failureOf } from '../support/failure.ts';
import { type EngineFeature, engineHas } from '../support/features.ts';
import { wat } from '../support/wat.ts';

const limits = suite('limits on the structure of a module');

const repeat = (text: string, times: number): string => text.repeat(times);
const list = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** A module with a given count of what a limit counts. */
interface Counted {
  readonly module: (count: number) => string;
  /** Counts come in steps of this: 1 unless told. */
  readonly step?: number;
  /** What an engine must have to take the module. */
  readonly needs?: EngineFeature;
  /**
   * Whether the refusal names a function: those of functions and those that are counted over all
   * functions do.
   */
  readonly inFunction?: true;
}

const code = (text: (count: number) => string): Counted => ({
  inFunction: true,
  module: (count) => `(module (memory 1) (table 1 funcref) (func $other) (func $named ${text(count)}))`,
});

const legacy = (text: (count: number) => string): Counted => ({
  ...code((count) => text(count)),
  module: (count) => `(module (tag $t) (func $other) (func $named ${text(count)}))`,
  needs: 'legacy exceptions',
});

/**
 * One row for each limit but `moduleBytes`, `codeBytes`, `declarationBytes` and `elementBytes`,
 * whose count is that of bytes.
 */
const cases: { readonly [N in LimitName]?: Counted } = {
  customSections: { module: (count) => `(module ${list(count, (index) => `(@custom "c${index}" "")`)})` },
  types: { module: (count) => `(module ${list(count, (index) => `(type (func (param ${repeat('i32 ', index)})))`)})` },
  imports: { module: (count) => `(module ${list(count, (index) => `(import "m" "f${index}" (func))`)})` },
  functions: { module: (count) => `(module ${repeat('(func) ', count)})` },
  tables: { module: (count) => `(module ${repeat('(table 0 funcref) ', count)})` },
  memories: { module: (count) => `(module ${repeat('(memory 0) ', count)})`, needs: 'multiple memories' },
  tags: { module: (count) => `(module ${repeat('(tag) ', count)})`, needs: 'tags' },
  globals: { module: (count) => `(module ${repeat('(global i32 (i32.const 0)) ', count)})` },
  exports: { module: (count) => `(module (func $f) ${list(count, (index) => `(export "e${index}" (func $f))`)})` },
  dataSegments: { module: (count) => `(module (memory 1) ${repeat('(data "") ', count)})` },
  moduleCalls: code((count) => repeat('call $other ', count)),
  moduleIndirectCalls: code((count) => repeat('i32.const 0 call_indirect ', count)),
  moduleTailCalls: code((count) => repeat('block i32.const 0 br_if 0 return_call $other end ', count)),
  moduleValuesAtCalls: {
    inFunction: true,
    module: (count) =>
      `(module (func $other (param i32) (result i32) local.get 0)
        (func $named i32.const 0 ${repeat('call $other ', count / 2)} drop))`,
    step: 2,
  },
  moduleCheckedOperations: code((count) => repeat('f32.const 0 i32.trunc_f32_s drop ', count)),
  moduleBranches: code((count) => repeat('block br 0 end ', count)),
  moduleLabels: { ...code((count) => `block i32.const 0 br_table ${repeat('0 ', count)} end`) },
  moduleBlocks: code((count) => repeat('block end ', count)),
  moduleLoops: code((count) => repeat('loop end ', count)),
  moduleHandlers: { ...legacy((count) => repeat('try catch_all end ', count / 2)), step: 2 },
  moduleBulkOperations: code((count) => repeat('i32.const 0 memory.grow drop ', count)),
  moduleValuesAtJoins: {
    ...code((count) => `(local ${repeat('i32 ', count / 2)}) block end block end`),
    step: 2,
  },
  moduleValuesAtClauses: legacy((count) => `(local i32) ${repeat('try catch_all end ', count)}`),
  moduleLocals: code((count) => `(local ${repeat('i32 ', count)})`),
  moduleLocalGroups: code((count) => list(count, (index) => `(local ${index % 2 === 0 ? 'i32' : 'i64'})`)),
  params: { module: (count) => `(module (type (func (param ${repeat('i32 ', count)}))))` },
  results: { module: (count) => `(module (type (func (result ${repeat('i32 ', count)}))))` },
  fields: {
    module: (count) => `(module (type (struct ${repeat('(field i32) ', count)})))`,
    needs: 'garbage collection',
  },
  bodyBytes: { ...code((count) => repeat('nop ', count - 2)) },
  locals: code((count) => `(local ${repeat('i32 ', count)})`),
  operands: code((count) => `${repeat('i32.const 0 ', count)} ${repeat('drop ', count)}`),
  openBlocks: code((count) => `${repeat('block ', count)} ${repeat('end ', count)}`),
  loopDepth: code((count) => `${repeat('loop ', count)} ${repeat('end ', count)}`),
  handlerDepth: legacy((count) => `${repeat('try ', count)} ${repeat('catch_all end ', count)}`),
  branches: code((count) => repeat('block br 0 end ', count)),
  labels: code((count) => `block i32.const 0 br_table ${repeat('0 ', count)} end`),
  calls: code((count) => repeat('call $other ', count)),
  indirectCalls: code((count) => repeat('i32.const 0 call_indirect ', count)),
  tailCalls: code((count) => repeat('block i32.const 0 br_if 0 return_call $other end ', count)),
  valuesAtCalls: {
    inFunction: true,
    module: (count) =>
      `(module (func $other (param i32) (result i32) local.get 0)
        (func $named i32.const 0 ${repeat('call $other ', count / 2)} drop))`,
    step: 2,
  },
  checkedOperations: code((count) => repeat('f64.const 0 i64.trunc_sat_f64_u drop ', count)),
  memory64Accesses: {
    inFunction: true,
    module: (count) => `(module (memory i64 1) (func) (func $named i64.const 0 ${repeat('i64.load ', count)} drop))`,
    needs: 'memory64',
  },
  blocks: code((count) => repeat('block end ', count)),
  blockParams: {
    ...code(
      (count) =>
        `i32.const 0 i32.const 0 ${repeat('block (param i32 i32) (result i32 i32) end ', count / 2)} drop drop`,
    ),
    step: 2,
  },
  loops: code((count) => repeat('loop end ', count)),
  handlers: { ...legacy((count) => repeat('try catch_all end ', count / 2)), step: 2 },
  clauses: {
    ...code((count) => `block try_table ${repeat('(catch_all 0) ', count)} end end`),
    needs: 'exnref',
  },
  handlerEdges: legacy((count) => `try ${repeat('call $other ', count)} catch_all end`),
  valuesAtJoins: { ...code((count) => `(local ${repeat('i32 ', count / 2)}) block end block end`), step: 2 },
  valuesAtClauses: legacy((count) => `(local i32) ${repeat('try catch_all end ', count)}`),
};

/** Those of bytes, and how many a module has. */
const bytesOf: { readonly [N in LimitName]?: { readonly module: string; readonly bytes: (whole: number) => number } } =
  {
    moduleBytes: { module: '(module (func))', bytes: (whole) => whole },
    // A count of functions, and two bodies of three and two bytes, with the size of each.
    codeBytes: { module: '(module (func nop) (func))', bytes: () => 1 + 4 + 3 },
    // One type `60 00 00` and one function of it, with the count before each.
    declarationBytes: { module: '(module (func nop))', bytes: () => 4 + 2 },
    // A subsection of functions: its id and size, a count, an index, and a name of one byte.
    nameBytes: { module: '(module (func $f))', bytes: () => 2 + 1 + 1 + 2 },
    // A count, and a segment `00 41 00 0b 01 00`.
    elementBytes: { module: '(module (table 1 funcref) (func $f) (elem (i32.const 0) $f))', bytes: () => 1 + 6 },
  };

/** How metering refuses a module; `undefined` if it does not. */
function refusal(bytes: Uint8Array, options: MeteringOptions): LimitExceeded | undefined {
  try {
    meterModule(bytes, options);
    return undefined;
  } catch (error) {
    if (!(error instanceof MeteringError)) throw error;
    const { failure } = error;
    if (failure.kind !== 'LimitExceeded') throw error;
    return failure;
  }
}

for (const name of limitNames) {
  const counted = cases[name];
  if (counted === undefined) continue;
  limits(`${name}: a module at the limit is taken, one beyond it is refused`, async () => {
    if (counted.needs !== undefined && !(await engineHas(counted.needs))) return;
    const step = counted.step ?? 1;
    const [max, beyond] = [6 * step, 7 * step];
    const options = { limits: { ...NO_LIMITS, [name]: max } };
    assert.is(refusal(await wat(counted.module(max)), options), undefined);
    const bytes = await wat(counted.module(beyond));
    const failure = refusal(bytes, options);
    assert.is(failure?.limit, name);
    assert.is(failure?.max, max);
    assert.ok((failure?.offset ?? -1) > 0 && (failure?.offset ?? 0) < bytes.length, `at ${failure?.offset}`);
    assert.match(failure?.reason ?? '', new RegExp(`more than ${max} ${MODULE_LIMITS[name].counts}.*limits\\.${name}`));
    assert.equal(failure?.function, counted.inFunction ? { index: 1, name: 'named' } : undefined);
    assert.is(refusal(bytes, { limits: NO_LIMITS }), undefined, 'without limits it is taken');
  });
}

for (const name of limitNames) {
  const counted = bytesOf[name];
  if (counted === undefined) continue;
  limits(`${name}: a module at the limit is taken, one beyond it is refused`, async () => {
    const bytes = await wat(counted.module);
    const max = counted.bytes(bytes.length);
    assert.is(refusal(bytes, { limits: { [name]: max } }), undefined);
    const failure = refusal(bytes, { limits: { [name]: max - 1 } });
    assert.is(failure?.limit, name);
    assert.is(failure?.max, max - 1);
  });
}

limits('every limit has a test here', () => {
  for (const name of limitNames) assert.ok(cases[name] !== undefined || bytesOf[name] !== undefined, name);
});

limits(
  'what is counted over all functions is not counted twice, though small functions are gone through twice',
  async () => {
    const bytes = await wat('(module (func $f) (func call $f) (func call $f))');
    assert.is(refusal(bytes, { limits: { moduleCalls: 2 } }), undefined);
    const failure = refusal(bytes, { limits: { moduleCalls: 1 } });
    assert.is(failure?.function?.index, 2);
    assert.match(failure?.reason ?? '', /^the module has more than 1 calls, counted up to function 2/);
  },
);

limits('what is counted over all functions begins anew when handlers turn up', async () => {
  if (!(await engineHas('tags'))) return;
  const bytes = await wat('(module (tag $t) (func $f) (func call $f call $f) (func throw $t))');
  assert.is(refusal(bytes, { limits: { moduleCalls: 2 } }), undefined);
});

limits('each label of a table counts at a join', async () => {
  const table = (labels: string) =>
    wat(`(module (func (local i32) block block local.get 0 br_table ${labels} end end))`);
  // Two blocks and three labels, with one local at each and one operand at the labels.
  const max = 1 + 1 + 3 * 2;
  assert.is(refusal(await table('0 1 0'), { limits: { valuesAtJoins: max } }), undefined);
  assert.is(refusal(await table('0 1 0'), { limits: { valuesAtJoins: max - 1 } })?.limit, 'valuesAtJoins');
});

limits('calls, throws and bulk operations count as edges within handlers only', async () => {
  if (!(await engineHas('legacy exceptions'))) return;
  const text = (code: string, inHandler: boolean) =>
    wat(`(module (import "m" "f" (func $host)) (memory 1) (tag $t)
    (func $own) (func ${inHandler ? 'try' : ''} ${code} ${inHandler ? 'catch_all end' : ''}))`);
  for (const [code, edges] of [
    ['call $own', 1],
    ['call $host', 3],
    ['throw $t', 3],
    ['i32.const 0 memory.grow drop', 1],
  ] as const) {
    const within = await text(code, true);
    assert.is(refusal(within, { limits: { handlerEdges: edges } }), undefined, code);
    assert.is(refusal(within, { limits: { handlerEdges: edges - 1 } })?.limit, 'handlerEdges', code);
    assert.is(refusal(await text(code, false), { limits: { handlerEdges: 0 } }), undefined, code);
  }
});

limits('calls count at joins, those that may reach the host twice, and exits of exported functions', async () => {
  const text = (code: string, named = '') =>
    wat(`(module (import "m" "f" (func $host)) (table 1 funcref) (func $own)
    (func ${named} (local i32) ${code}))`);
  for (const [code, joins] of [
    ['call $own', 1],
    ['call $host', 2],
  ] as const) {
    const bytes = await text(code);
    assert.is(refusal(bytes, { limits: { valuesAtJoins: joins } }), undefined, code);
    assert.is(refusal(bytes, { limits: { valuesAtJoins: joins - 1 } })?.limit, 'valuesAtJoins', code);
  }
  // The operand of the call counts too.
  const indirect = await text('i32.const 0 call_indirect');
  assert.is(refusal(indirect, { limits: { valuesAtJoins: 4 } }), undefined);
  assert.is(refusal(indirect, { limits: { valuesAtJoins: 3 } })?.limit, 'valuesAtJoins');
  // A branch out of an exported function, and its end.
  const exported = await text('i32.const 0 br_if 0', '(export "f")');
  assert.is(refusal(exported, { limits: { valuesAtJoins: 2 + 2 + 1 } }), undefined);
  assert.is(refusal(exported, { limits: { valuesAtJoins: 2 + 2 } })?.limit, 'valuesAtJoins');
});

limits('accesses to memory count in modules with a 64-bit memory only', async () => {
  const text = (memory: string, code: string) => wat(`(module (memory ${memory} 1) (func ${code} drop))`);
  const none = { limits: { memory64Accesses: 0 } };
  assert.is(refusal(await text('', 'i32.const 0 i32.load'), none), undefined);
  if (!(await engineHas('memory64'))) return;
  assert.is(refusal(await text('i64', 'i64.const 0'), none), undefined);
  for (const load of ['i32.load', 'v128.load']) {
    assert.is(refusal(await text('i64', `i64.const 0 ${load}`), none)?.limit, 'memory64Accesses', load);
  }
});

limits('each catch clause counts the locals and operands of its function', async () => {
  const [three, two] = [{ valuesAtClauses: 3 }, { valuesAtClauses: 2 }];
  if (await engineHas('legacy exceptions')) {
    const bytes = await wat('(module (tag $t) (func (local i32) try catch $t catch_all end try catch_all end))');
    assert.is(refusal(bytes, { limits: three }), undefined);
    assert.is(refusal(bytes, { limits: two })?.limit, 'valuesAtClauses');
  }
  if (await engineHas('exnref')) {
    const clauses = 'block i32.const 0 try_table (catch_all 0) end drop end block try_table (catch_all 0) end end';
    const bytes = await wat(`(module (func (local i32) ${clauses}))`);
    assert.is(refusal(bytes, { limits: three }), undefined);
    assert.is(refusal(bytes, { limits: two })?.limit, 'valuesAtClauses');
  }
});

limits('a loop counts for the blocks that are put around it', async () => {
  const bytes = await wat('(module (func (local i32) loop end))');
  assert.is(refusal(bytes, { limits: { valuesAtJoins: 4 } }), undefined);
  assert.is(refusal(bytes, { limits: { valuesAtJoins: 3 } })?.limit, 'valuesAtJoins');
});

limits('an empty group of locals is a local too', () => {
  const groups = [0, 0x7f, 0, 0x7e, 0, 0x7f];
  const body = [3, ...groups, 0x0b];
  const bytes = moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(10, 1, body.length, ...body));
  assert.is(refusal(bytes, { limits: { locals: 3 } }), undefined);
  assert.is(refusal(bytes, { limits: { locals: 2 } })?.limit, 'locals');
});

limits('a function without a name is named by its index, and a very long name is cut', async () => {
  const text = (name: string) => wat(`(module (func ${name} block end))`);
  assert.match(refusal(await text(''), { limits: { blocks: 0 } })?.reason ?? '', /^function 0 has more than 0 blocks/);
  const long = refusal(await text(`$${'n'.repeat(2_000)}`), { limits: { blocks: 0 } });
  assert.is(long?.function?.name?.length, 2_000);
  assert.ok((long?.reason.length ?? 0) < 300, long?.reason);
});

limits('an option that is gone is refused by the name of its successor', async () => {
  const bytes = await wat('(module)');
  for (const [former, successor] of [
    ['compileWorkMax', 'limits'],
    ['moduleMaxBytes', 'limits.moduleBytes'],
  ] as const) {
    const options: Record<string, number> = { [former]: 13_000_000 };
    const failure = failureOf(MeteringError, () => meterModule(bytes, options));
    assert.equal(failure, {
      kind: 'InvalidArgument',
      argument: `options.${former}`,
      expected: `left out: use ${successor}`,
    });
  }
});

limits('an unknown limit, and a wrong value, is refused by name', async () => {
  const bytes = await wat('(module)');
  const argumentOf = (given: Record<string, unknown>): string => {
    const failure = failureOf(MeteringError, () => meterModule(bytes, { limits: given }));
    return failure.kind === 'InvalidArgument' ? failure.argument : failure.kind;
  };
  for (const wrong of [Number.NaN, -1, '7', null]) assert.is(argumentOf({ calls: wrong }), 'options.limits.calls');
  for (const wrong of [7, null, 'calls']) {
    // Wrong on purpose, as a host in JavaScript may be.
    const given = { limits: wrong } as unknown as MeteringOptions;
    const expected = { kind: 'InvalidArgument', argument: 'options.limits', expected: 'an object' };
    assert.equal(
      failureOf(MeteringError, () => meterModule(bytes, given)),
      expected,
    );
  }
  assert.is(argumentOf({ call: 1 }), 'options.limits.call');
  assert.is(argumentOf({ toString: 1 }), 'options.limits.toString');
  assert.ok(isLimitName('calls') && !isLimitName('toString'));
});

limits('a section is refused by its size before it is read', () => {
  const types = [...leb(1_000), ...Array.from({ length: 1_000 }, () => [0x60, 0, 0]).flat()];
  const cut = moduleOf(section(1, ...types)).slice();
  // A type that is wrong.
  cut[12] = 0x77;
  assert.is(failureOf(MeteringError, () => meterModule(cut)).kind, 'MalformedModule');
  assert.is(refusal(cut, { limits: { declarationBytes: 100 } })?.limit, 'declarationBytes');
});

limits('what engines take stays a limit when all are lifted', async () => {
  const locals = (count: number) => wat(`(module (func $f (local ${repeat('i32 ', count)}) call $f))`);
  assert.is(refusal(await locals(49_990), { limits: NO_LIMITS }), undefined);
  const failure = refusal(await locals(50_000), { limits: NO_LIMITS });
  assert.is(failure?.kind, 'LimitExceeded');
  assert.is(failure?.limit, undefined);
});

limits('indices of nothing are for the engine to refuse', () => {
  const codes = [
    [0xfb, 1, 7, 0x1a],
    [0x41, 0, 0x11, 9, 0],
    [0x02, 9, 0x0b],
    [0x10, 9],
    [0x41, 0, 0x0e, 0, 90],
  ];
  for (const code of codes) {
    const body = [0, ...code, 0x0b];
    const bytes = moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(10, 1, body.length, ...body));
    assert.is(failureOf(MeteringError, () => meterModule(bytes)).kind, 'InvalidModule', code.join());
  }
});

limits('different bulk operations are bounded', async () => {
  // A `table.copy` for each pair of some tables.
  const copies = (tables: number) => {
    const pairs = list(tables * tables, (pair) => {
      return `i32.const 0 i32.const 0 i32.const 0 table.copy ${pair % tables} ${Math.floor(pair / tables)}`;
    });
    return wat(`(module ${repeat('(table 0 funcref) ', tables)} (func ${pairs}))`);
  };
  assert.is(refusal(await copies(30), {}), undefined);
  assert.is(refusal(await copies(33), {})?.kind, 'LimitExceeded');
});

limits('many segments take time by their number only', async () => {
  const count = 3_000;
  const inits = list(count, (at) => `i32.const 0 i32.const 0 i32.const 0 table.init 0 ${at}`);
  const bytes = await wat(`(module (table 1 funcref) ${repeat('(elem funcref) ', count)} (func ${inits}))`);
  const metered = meterModule(bytes).bytes;
  assert.ok(WebAssembly.validate(metered));
  assert.ok(metered.length < bytes.length * 3, `${bytes.length} bytes became ${metered.length}`);
});

limits('many functions, each with names and exports, are refused in time that grows with their bytes', () => {
  // 60,000 exports of one function: the first release wrote its type for each.
  const names = Array.from({ length: 60_000 }, (_, index) => {
    const name = [...new TextEncoder().encode(index.toString(36))];
    return [name.length, ...name, 0, 0];
  });
  const wide = [0x60, ...leb(1_000), ...new Array<number>(1_000).fill(0x7f), 0];
  const bytes = moduleOf(
    longSection(1, [1, ...wide]),
    section(3, 1, 0),
    longSection(7, leb(names.length).concat(names.flat())),
    section(10, 1, 3, 0, 0x00, 0x0b),
  );
  assert.is(refusal(bytes, {})?.limit, 'exports');
  const { info, bytes: metered } = meterModule(bytes, { limits: NO_LIMITS });
  assert.is(info.exports.length, 60_000);
  assert.is(info.types.length, 1);
  assert.ok(metered.length < bytes.length * 6, `${bytes.length} bytes became ${metered.length}`);
});

limits('those that a module exceeds are named, in the order in which they refuse it', async () => {
  const wasm = await wat(`(module ${repeat('(func (local i32 i64)) ', 4)})`);
  const options: MeteringOptions = { limits: { functions: 3, moduleLocals: 7, moduleLocalGroups: 7, locals: 2 } };
  assert.equal(exceededLimits(wasm), []);
  assert.equal(exceededLimits(wasm, options), ['functions', 'moduleLocals', 'moduleLocalGroups']);
  assert.is(options.limits?.functions, 3);
  assert.is(failureOf(MeteringError, () => exceededLimits(wasm.subarray(1))).kind, 'MalformedModule');
});

limits.run();
