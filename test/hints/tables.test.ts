import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildHint } from '../../src/hints/build.ts';
import { callHint } from '../../src/hints/call.ts';
import { dispatchHint } from '../../src/hints/dispatch.ts';
import { handshakeHint } from '../../src/hints/handshake.ts';
import { hookCallHint } from '../../src/hints/hook-call.ts';
import { hookCompilationHint } from '../../src/hints/hook-compilation.ts';
import { hookInspectionHint } from '../../src/hints/hook-inspection.ts';
import { identityHint, recordHint } from '../../src/hints/identity.ts';
import { hookImportHint, importHint, origins } from '../../src/hints/imports.ts';
import { hintFor, hookStepHint, layerHint } from '../../src/hints/index.ts';
import { jsonHint } from '../../src/hints/json.ts';
import { fileHint } from '../../src/hints/module-file.ts';
import { selfCheckHint } from '../../src/hints/self-check.ts';
import { BuildPluginError, compilePlugin, PluginCallError, preparePlugin } from '../../src/plugin/index.ts';
import { IdentityReadError } from '../../src/protocol/identity.ts';
import { MetadataError } from '../../src/protocol/metadata.ts';
import { SelfCheckExecutionError } from '../../src/protocol/self-check.ts';
import { readModule, WasmFormatError } from '../../src/wasm/index.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import * as samples from './samples.ts';

const tables = suite('the tables of hints');

/** A failure, and its hint. */
interface Hinted {
  readonly of: string;
  readonly hint: string | undefined;
}

function hintedOf<F extends { readonly kind: string }>(
  table: string,
  given: samples.Samples<F>,
  hintOf: (failure: F) => string | undefined,
): readonly Hinted[] {
  return samples.allOf(given).map((failure) => ({ of: `${table}: ${JSON.stringify(failure)}`, hint: hintOf(failure) }));
}

const hinted: readonly Hinted[] = [
  ...hintedOf('json', samples.json, jsonHint),
  ...hintedOf('file', samples.files, fileHint),
  ...hintedOf('build', samples.building, buildHint),
  ...hintedOf('call', samples.calls, callHint),
  ...hintedOf('identity', samples.identities, identityHint),
  ...hintedOf('record', samples.records, recordHint),
  ...hintedOf('handshake', samples.handshakes, handshakeHint),
  ...hintedOf('self-check', samples.selfChecks, selfCheckHint),
  ...hintedOf('dispatch', samples.dispatches, dispatchHint),
  ...hintedOf('inspection', samples.inspections, hookInspectionHint),
  ...hintedOf('compilation', samples.compilations, hookCompilationHint),
  ...hintedOf('hook call', samples.hookCalls, hookCallHint),
];

tables('have a hint for every failure, in plain sentences', () => {
  assert.ok(hinted.length > 150, String(hinted.length));
  for (const { of, hint = '' } of hinted) {
    assert.match(hint, /^[A-Z][^\n]{20,420}[.]$/, of);
    assert.not.match(hint, /(?<!allow-)undefined(?! symbol)|\[object|\.\.$/, of);
  }
});

tables('have no hint that serves two failures', () => {
  const byHint = new Map<string, string>();
  for (const { of, hint = '' } of hinted) {
    assert.is(byHint.get(hint), undefined, of);
    byHint.set(hint, of);
  }
});

tables('have no hint for what says nothing about the plugin', () => {
  const host: readonly (string | undefined)[] = [
    callHint({ kind: 'Disposed' }),
    callHint({ kind: 'Reentrant' }),
    callHint({ kind: 'InvalidArgument', argument: 'x', expected: 'y' }),
    buildHint({ kind: 'InvalidArgument', argument: 'x', expected: 'y' }),
    dispatchHint({ kind: 'RequestValue', reason: 'x' }),
    dispatchHint({ kind: 'Panic' }),
    handshakeHint({ kind: 'SerializeOffer', reason: 'x' }),
    handshakeHint({ kind: 'Validation', violation: { kind: 'CapabilityCountExceeded', count: 33, max: 32 } }),
    selfCheckHint({ kind: 'Clock', reason: 'x' }),
    recordHint({ kind: 'ExpirationBeforeHandshake' }),
    hookCallHint({ kind: 'Panic' }),
    hookCompilationHint({ kind: 'NotPrepared', reason: 'x' }),
  ];
  assert.equal(
    host.filter((hint) => hint !== undefined),
    [],
  );
});

tables('have one hint for a failure wherever it occurs', () => {
  const build = { kind: 'AlreadyPrepared' } as const;
  assert.is(handshakeHint({ kind: 'Instantiate', reason: 'x', build }), buildHint(build));
  assert.is(selfCheckHint({ kind: 'Instantiate', reason: 'x', build }), buildHint(build));
  const call = { kind: 'NonZeroExit', code: 3 } as const;
  for (const hint of [
    handshakeHint({ kind: 'Call', reason: 'x', call }),
    selfCheckHint({ kind: 'Call', reason: 'x', call }),
    dispatchHint({ kind: 'PluginCall', reason: 'x', call }),
  ])
    assert.is(hint, callHint(call));
  for (const fault of samples.allOf(samples.json)) {
    const { path, offset } = fault;
    assert.is(dispatchHint({ kind: 'ResponseDecode', path, offset, reason: 'x', fault }), jsonHint(fault));
  }
});

tables('are found by the class of an error', () => {
  for (const failure of samples.allOf(samples.identities))
    assert.is(hintFor(new IdentityReadError(failure)), identityHint(failure));
  for (const failure of samples.allOf(samples.selfChecks))
    assert.is(hintFor(new SelfCheckExecutionError(failure)), selfCheckHint(failure));
  for (const failure of samples.allOf(samples.records))
    assert.is(hintFor(new MetadataError(failure)), recordHint(failure));
  for (const failure of samples.allOf(samples.calls))
    assert.is(hintFor(new PluginCallError(failure)), callHint(failure));
  assert.is(hintFor(new Error('of another class')), undefined);
});

tables('know the fault in the bytes behind an error of who read them', async () => {
  const html = new TextEncoder().encode('<!doctype html>');
  const expected = fileHint(failureOf(WasmFormatError, () => readModule(html)));
  assert.match(expected ?? '', /^Download the file again/);
  for (const read of [
    () => compilePlugin(html),
    () => preparePlugin(html),
    () => compilePlugin(html, { metering: false }),
  ])
    assert.is(hintFor(thrownBy(read)), expected);
});

tables('know the fault in a body that only metering reads', () => {
  const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const type = [0x01, 4, 1, 0x60, 0, 0];
  // A constant whose last byte says that another follows.
  const bodies = [0x03, 2, 1, 0, 0x0a, 5, 1, 3, 0, 0x41, 0x80];
  const thrown = thrownBy(() => compilePlugin(Uint8Array.from([...header, ...type, ...bodies])));
  assert.ok(thrown instanceof BuildPluginError && thrown.failure.kind === 'MalformedModule');
  assert.match(hintFor(thrown) ?? '', /^Copy or download the whole file again/);
  // Without the error that knows the fault, there is the hint for every malformed module.
  assert.is(hintFor(new BuildPluginError(thrown.failure)), buildHint(thrown.failure));
});

tables('know that an object may have no field at all', () => {
  const unknown = { kind: 'UnknownField', path: '$', offset: 1, field: 'x', expected: 'nothing', found: 'the field x' };
  const hintOf = (known: readonly string[]) => jsonHint({ ...unknown, kind: 'UnknownField', known });
  assert.is(hintOf([]), 'Leave the field `x` out of $, which may have no field.');
  assert.is(hintOf(['a', 'b']), 'Leave the field `x` out of $, which may have no field but `a`, `b`.');
});

tables('have no hint for a layer or a step that did not fail', () => {
  assert.is(layerHint({ layer: 'handshake' }), undefined);
  assert.is(hookStepHint({ step: 'compile' }), undefined);
});

tables('have a hint for what stops a hook', () => {
  const hints = samples.stopped.map(hookCallHint);
  assert.is(new Set(hints).size, samples.stopped.length);
  for (const hint of hints) assert.match(hint ?? '', /^[A-Z].{20,}\.$/);
});

tables('have a hint for each origin of an import, which names the import or its maker', () => {
  const imports: readonly (readonly [module: string, name: string, origin: string, hint: RegExp])[] = [
    ['extism:host/env', 'alocate', 'kernel', /`alocate`/],
    ['extism:host/env', 'input_lenght', 'kernel', /did you mean `input_length`\?$/],
    ['extism:host/user', 'cc_lb_log', 'host-functions', /`cc_lb_log`.*--host-functions/],
    ['extism:host/user', 'cc_lb_lgo', 'host-functions', /did you mean `cc_lb_log`\?$/],
    ['extism:host/user', 'fetch', 'host-functions', /cc_lb_storage_get/],
    ['env', 'extism_alloc', 'kernel-elsewhere', /`alloc` from extism:host\/env/],
    ['env', 'cc_lb_log', 'host-functions-elsewhere', /extism:host\/user/],
    ['gojs', 'runtime.wasmExit', 'go', /TinyGo/],
    ['wasi_snapshot_preview1', 'fd_write', 'wasi', /`fd_write`.*wasm32-unknown-unknown/],
    ['wasi:cli/environment@0.2.0', 'get-environment', 'component', /wasm32-wasip2/],
    ['__wbindgen_placeholder__', '__wbg_new_0', 'wasm-bindgen', /cargo tree -i wasm-bindgen/],
    ['wbg', '__wbindgen_throw', 'wasm-bindgen', /wasmbind of chrono/],
    ['env', 'abort', 'abort', /--use abort=/],
    ['env', 'console.log', 'assemblyscript', /`console.log`/],
    ['env', 'seed', 'assemblyscript', /Math.random/],
    ['env', 'memory', 'memory', /--import-memory/],
    ['env', '__linear_memory', 'memory', /object file/],
    ['GOT.mem', 'x', 'position-independent', /-shared/],
    ['env', '__memory_base', 'position-independent', /SIDE_MODULE/],
    ['env', 'emscripten_resize_heap', 'emscripten', /instead of Emscripten/],
    ['a', 'a', 'emscripten', /instead of Emscripten/],
    ['env', 'memcpy', 'memory-functions', /-fcompiler-rt/],
    ['env', 'puts', 'undefined-symbol', /`puts`.*--allow-undefined/],
  ];
  for (const [module, name, origin, hint] of imports) {
    const wanted = { module, name };
    assert.is(origins.find(({ holds }) => holds(wanted))?.id, origin, `${module} ${name}`);
    assert.match(importHint(wanted), hint);
  }
  const covered = new Set(imports.map(([, , origin]) => origin));
  assert.equal(
    origins.map(({ id }) => id).filter((id) => !covered.has(id)),
    [],
  );
  assert.match(importHint({ module: 'index', name: 'log' }), /`log` from `index`/);
  assert.match(hookImportHint({ module: 'extism:host/env', name: 'alloc' }), /cc-lb-pdk-wasmtime/);
  assert.match(hookImportHint({ module: 'index', name: 'log' }), /`log` from `index`/);
});

tables('escape what a plugin chose', () => {
  const evil = '\u001b[2J\n';
  for (const hint of [
    importHint({ module: evil, name: evil }),
    identityHint({ kind: 'MissingCustomSection', near: evil }),
    handshakeHint({ kind: 'ImplementedUnknownFunction', function: evil }),
    hookInspectionHint({ kind: 'InvalidMetadata', violation: { kind: 'UnknownHook', hook: evil } }),
  ])
    assert.not.match(hint ?? '', /[\p{Cc}]/u);
});

tables.run();
