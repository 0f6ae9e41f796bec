import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AdmitHooksOptions, admitHooks, admitHooksAsync } from '../../src/hooks/admit.ts';
import { HookCompileError, type HookCompileFailure } from '../../src/hooks/compile-error.ts';
import { inspectHooks } from '../../src/hooks/inspect.ts';
import { HookInspectError } from '../../src/hooks/inspect-error.ts';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import { HOOKS_SECTION } from '../../src/hooks/prepared-section.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import { METERING_SECTION, METERING_VERSION } from '../../src/metering/index.ts';
import { customSections, readJsonSection, readSections } from '../../src/wasm/index.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { preparedModule, withoutCompiling, withoutCompilingAsync } from '../support/plugin.ts';
import { withoutTimes } from './hook-fixture.ts';
import { custom, EMPTY_FILTER, filterWith, growingOnce, hookModule, withSections } from './hook-module.ts';

const prepare = suite('hooks/prepare');

const filter = { filter: 'active' } as const;

/** Compiles prepared bytes, as a platform does for a host that may not compile. */
function compiled(wasm: Uint8Array): WebAssembly.Module {
  return new WebAssembly.Module(prepareHooks(wasm));
}

/** The failure with which a compiled module is refused, and its message. */
function refusal(module: WebAssembly.Module): readonly [failure: HookCompileFailure, message: string] {
  const thrown = thrownBy(() => admitHooks(module));
  if (thrown instanceof HookCompileError) return [thrown.failure, thrown.message];
  throw thrown;
}

prepare('a prepared plugin is admitted and runs where nothing may be compiled', async () => {
  const wasm = await hookModule(filter, EMPTY_FILTER);
  const module = compiled(wasm);
  const expected = withoutTimes(admitHooks(wasm).report);
  const { plugin, report } = withoutCompiling(() => admitHooks(module));
  assert.equal(withoutTimes(report), expected);
  const ahead = await withoutCompilingAsync(() => admitHooksAsync(module, { slot: 'filter' }));
  assert.equal(withoutTimes(ahead.report), expected);
  const outcome = withoutCompiling(() => plugin?.filter(filterSample()));
  assert.equal(outcome?.kind === 'ok' && outcome.response, { results: [] });
});

prepare('original bytes cannot be admitted there, and the error names prepareHooks', async () => {
  const wasm = await hookModule(filter, EMPTY_FILTER);
  for (const validates of [true, false]) {
    const admit = (): unknown => admitHooks(wasm, { cache: false });
    assert.is(withoutCompiling(() => failureOf(HookCompileError, admit), validates).kind, 'CompilationRefused');
    assert.match(
      withoutCompiling(() => String(thrownBy(admit)), validates),
      /prepareHooks/,
    );
  }
});

prepare('inspection of a prepared plugin finds what that of the original finds', async () => {
  const wasm = await hookModule(
    { shape: 'active', transform_response: 'noop', transform_sse_event: 'noop' },
    `(memory (export "memory") 257) (table 60000 funcref) (table 60000 funcref) (func $none (export "cc_lb_free"))
    (export "cc_lb_shape" (func $none)) (export "cc_lb_transform_response" (func $none))
    (export "cc_lb_transform_sse_event" (func $none))`,
  );
  const inspection = inspectHooks(wasm);
  const kinds = inspection.warnings.map(({ kind }) => kind);
  for (const kind of ['MistypedFree', 'MistypedHook', 'LargeMemory', 'LargeTable'] as const)
    assert.ok(kinds.includes(kind), kind);
  const module = compiled(wasm);
  assert.equal(inspectHooks(module), inspection);
  assert.equal(inspectHooks(module, 'shape'), inspection);
  assert.is(failureOf(HookInspectError, () => inspectHooks(module, 'filter')).kind, 'MissingHook');
  assert.is(admitHooks(module, { slot: 'filter' }).report.steps[0]?.error?.kind, 'MissingHook');
});

prepare('budgets hold in a prepared plugin, also those below what it was prepared with', async () => {
  const grows = await growingOnce();
  const endOf = (module: WebAssembly.Module, options: AdmitHooksOptions): unknown => {
    const error = admitHooks(module, options).report.steps.find(({ status }) => status === 'failed')?.error;
    return error === undefined ? 'ok' : Object(error.failure).stop.kind;
  };
  assert.is(endOf(compiled(grows), { memoryMaxPages: 2 }), 'ok');
  assert.is(endOf(compiled(grows), { memoryMaxPages: 3 }), 'Trap');
  assert.is(endOf(compiled(grows), { memoryMaxPages: 0 }), 'OutOfMemory');
  const endless = await filterWith('(loop $again br $again) i64.const 0');
  assert.is(endOf(compiled(endless), { probe: { fuel: 1_000 } }), 'OutOfFuel');
  const table = await hookModule(filter, `(table 2 funcref) ${EMPTY_FILTER}`);
  assert.is(endOf(compiled(table), { tableMaxEntries: 1 }), 'OutOfMemory');
});

prepare('what is not a plugin, or cannot run, is not prepared', async () => {
  assert.is(failureOf(HookInspectError, () => prepareHooks(new Uint8Array())).kind, 'WasmParseError');
  assert.is(failureOf(HookInspectError, () => prepareHooks(new Uint8Array(8))).kind, 'WasmParseError');
  const wasm = await hookModule(filter, EMPTY_FILTER);
  assert.is(failureOf(HookCompileError, () => prepareHooks(wasm, { limits: { functions: 2 } })).kind, 'LimitExceeded');
  const threads = await hookModule(filter, `(memory (export "memory") 1 1 shared) ${EMPTY_FILTER}`);
  assert.is(failureOf(HookCompileError, () => prepareHooks(threads)).kind, 'FeatureRefused');
  // The casts: what a caller without a type checker can pass.
  assert.throws(() => prepareHooks('x' as unknown as Uint8Array), /wasm must be .* a string was given/);
  assert.throws(() => prepareHooks(wasm, { limit: {} } as unknown as object), /did you mean limits/);
});

prepare('prepared bytes are neither prepared nor admitted again', async () => {
  const bytes = prepareHooks(await hookModule(filter, EMPTY_FILTER));
  assert.is(failureOf(HookInspectError, () => prepareHooks(bytes)).kind, 'AlreadyPrepared');
  const [step] = admitHooks(bytes).report.steps;
  assert.equal([step?.error?.kind, step?.error?.upstream], ['AlreadyPrepared', 'ModuleRejected']);
  assert.match(step?.error?.message ?? '', /WebAssembly\.Module/);
});

prepare('a module that is not prepared is refused, and the error names prepareHooks', async () => {
  const [failure, message] = refusal(new WebAssembly.Module(await hookModule(filter, EMPTY_FILTER)));
  assert.is(failure.kind, 'NotPrepared');
  assert.match(message, /prepareHooks returns: it was not prepared: give the bytes to prepareHooks/);
});

prepare('a plugin of the older protocol is sent to its own function, prepared or not', async () => {
  const wasm = new Uint8Array(await fixture('router/router.wasm'));
  for (const module of [new WebAssembly.Module(wasm), preparedModule(wasm)]) {
    const { report } = admitHooks(module);
    assert.is(report.steps[0]?.error?.kind, 'OtherGeneration');
  }
});

/** Replaces the contents of a custom section. */
function withSection(bytes: Uint8Array, name: string, contents: string): WebAssembly.Module {
  const kept: number[] = [...bytes.slice(0, 8)];
  for (const section of readSections(bytes))
    kept.push(...(section.name === name ? custom(name, contents) : bytes.subarray(section.offset, section.end)));
  return new WebAssembly.Module(Uint8Array.from(kept));
}

prepare('sections that are damaged, or of another version, are refused', async () => {
  const bytes = prepareHooks(await hookModule(filter, EMPTY_FILTER));
  const [section] = customSections(bytes, readSections(bytes)).filter(({ name }) => name === HOOKS_SECTION);
  const text = new TextDecoder().decode(section?.contents);
  assert.equal(admitHooks(withSection(bytes, HOOKS_SECTION, text)).report.admitted, true);
  const damaged: readonly (readonly [contents: string, reason: RegExp])[] = [
    ['{"version":1}', /an older version of this package wrote its section cc_lb\.hooks \(1, this one reads 2\)/],
    [text.replace('"version":2', '"version":3'), /a newer version .* \(3, this one reads 2\): update this package/],
    [text.slice(1), /cc_lb\.hooks cannot be read/],
    [text.replace('"minimum":1', '"minimum":-1'), /cc_lb\.hooks cannot be read: .*minimum/],
    ['', /cc_lb\.hooks cannot be read/],
  ];
  for (const [contents, reason] of damaged) {
    const [failure, message] = refusal(withSection(bytes, HOOKS_SECTION, contents));
    assert.is(failure.kind, 'NotPrepared');
    assert.match(message, reason);
  }
  const [, message] = refusal(withSection(bytes, METERING_SECTION, `{"version":${METERING_VERSION + 1}}`));
  assert.match(message, /prepareHooks returns: .*a newer version of this package wrote its section cc_lb\.metering/);
});

prepare('sections that lack what a call needs are refused before anything uses them', async () => {
  const bytes = prepareHooks(await hookModule(filter, EMPTY_FILTER));
  const module = new WebAssembly.Module(bytes);
  const contentsOf = (name: string): object => Object(readJsonSection(module, name));
  const written = contentsOf(METERING_SECTION);
  for (const field of Object.keys(written)) {
    for (const value of [undefined, null, -1, 'x', [null], [{}], {}]) {
      if (value === 'x' && field === 'importModule') continue;
      // Older packages of this version write no such field.
      if (value === undefined && field === 'customSections') continue;
      const changed = JSON.stringify({ ...written, [field]: value });
      const [failure] = refusal(withSection(bytes, METERING_SECTION, changed));
      assert.is(failure.kind, 'NotPrepared', `${field}: ${JSON.stringify(value)}`);
    }
  }
  const more = JSON.stringify({ ...written, ofLater: 1 });
  assert.ok(admitHooks(withSection(bytes, METERING_SECTION, more)).report.admitted);

  const memory = contentsOf(HOOKS_SECTION);
  for (const other of [
    { importModule: 'x' },
    { sizeExport: 'x' },
    { changingGlobals: ['x'] },
    { sizeExport: 'memory' },
    { minimum: 65_536 },
    { maximum: 0 },
    { maximum: 65_537 },
  ]) {
    const [, message] = refusal(withSection(bytes, HOOKS_SECTION, JSON.stringify({ ...memory, ...other })));
    assert.match(message, /cc_lb\.hooks describes another memory than it has/, JSON.stringify(other));
  }
});

prepare('a section that a plugin brings along is never believed', async () => {
  const wasm = await hookModule(filter, EMPTY_FILTER);
  const forged = JSON.stringify({ version: 1, importModule: 'x', sizeExport: 'memory', minimum: 9, maximum: 9 });
  const brings = withSections(wasm, custom(HOOKS_SECTION, forged), custom(METERING_SECTION, '{}'));
  assert.ok(admitHooks(brings).report.admitted);
  const module = compiled(brings);
  assert.is(WebAssembly.Module.customSections(module, HOOKS_SECTION).length, 1);
  assert.ok(admitHooks(module).report.admitted);
});

prepare('names that preparation would take are left to the plugin', async () => {
  const taken = ['cc_lb.memory_size', 'cc_lb.memory_size_', 'meter counter'];
  const exports = taken.map((name) => `(global (export "${name}") i32 (i32.const 7))`).join('\n');
  const module = compiled(await hookModule(filter, `${exports} ${EMPTY_FILTER}`));
  assert.ok(admitHooks(module).report.admitted);
});

prepare.run();
