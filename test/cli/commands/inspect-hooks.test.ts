import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterHook } from '../../../src/hooks/hook.ts';
import { prepareHooks } from '../../../src/hooks/index.ts';
import { readModule } from '../../../src/wasm/index.ts';
import { custom, filterWith, hookModule } from '../../hooks/hook-module.ts';
import { toHex } from '../../support/hex.ts';
import { filterNamed, filterPlugin, shapePlugin } from '../hook-files.ts';
import { documentOf, run } from '../run.ts';

const inspect = suite('inspect of a hook plugin');

function definedFunctions(bytes: Uint8Array): number {
  const { functions, imports } = readModule(bytes);
  return functions.length - imports.filter(({ kind }) => kind === 'function').length;
}

inspect('shows metadata, hooks, fingerprints, warnings, features and the contents of the module', async () => {
  const { code, stdout, stderr } = await run(['inspect', 'shape.wasm'], { files: { 'shape.wasm': shapePlugin } });
  assert.is(code, 0);
  assert.is(stderr, '');
  assert.match(stdout, /^shape\.wasm: valid module, [\d,]+ bytes, hook ABI\n/);
  const lines = [
    /^Metadata\n {2}name +n\n {2}version +v\n {2}description +d\n {2}usage +u$/m,
    /^Hooks \(3\)\n {2}shape +active +version 1 +[\da-f]{64}$/m,
    /^ {2}transform_sse_event +noop +version 1 +[\da-f]{64}$/m,
    /^Warnings \(3\)\n {2}UnprotectedTypes: /m,
    /^Features\n {2}none that a host may lack$/m,
    /^ {2}cc_lb_alloc +exported +\(i32, i32\) -> \(i32\)$/m,
    /^ {2}cc_lb_filter +not exported$/m,
    /^Imports \(0\)$/m,
  ];
  for (const line of lines) assert.match(stdout, line);
  assert.not.match(stdout, 'Identity');
});

inspect('prints the same as JSON', async () => {
  const result = await run(['inspect', 'f.wasm', '--json'], { files: { 'f.wasm': filterPlugin } });
  assert.is(result.code, 0);
  // The cast: the fields are compared right here.
  const report = documentOf(result) as {
    valid: boolean;
    generation: number;
    inspection: { metadata: { name: string }; hooks: object[]; warnings: { kind: string }[] };
    features: object;
    contents: { protocolFunctions: { name: string; status: string }[] };
  };
  assert.equal([report.valid, report.generation, report.inspection.metadata.name], [true, 2, 'n']);
  const fingerprint = toHex(filterHook.fingerprint());
  assert.equal(report.inspection.hooks, [{ name: 'filter', wireVersion: 1, mode: 'active', fingerprint }]);
  assert.equal(
    report.inspection.warnings.map(({ kind }) => kind),
    ['UnprotectedTypes'],
  );
  assert.equal(report.features, {});
  assert.equal(report.contents.protocolFunctions.filter(({ status }) => status === 'exported').length, 3);
  assert.not.ok('identity' in report || 'identityError' in report);
});

inspect('says why a module is refused, also for a slot, and ends with 0 if it is valid', async () => {
  const other = custom('cc_lb.schema.filter.v1', new Uint8Array(32));
  const files = { 'f.wasm': filterPlugin, 'other.wasm': Uint8Array.from([...filterPlugin, ...other]) };
  const shaped = await run(['inspect', 'f.wasm', '--slot', 'shape'], { files });
  assert.is(shaped.code, 0);
  assert.match(shaped.stdout, /^Metadata\n {2}none: MissingHook: the metadata do not declare the hook shape, so /m);
  assert.match((await run(['inspect', 'f.wasm', '--slot', 'filter'], { files })).stdout, /^ {2}filter +active/m);
  const mismatch = documentOf(await run(['inspect', 'other.wasm', '--json'], { files }));
  // The cast: compared right here.
  const error = mismatch.inspectionError as { kind: string; byteOffset: number };
  assert.equal([error.kind, error.byteOffset], ['FingerprintMismatch', filterPlugin.length + other.length - 32]);
});

inspect('shows features that a host may lack, and functions of another type', async () => {
  const files = {
    'tail.wasm': await filterWith('(return_call 0 (local.get 0) (local.get 1))'),
    'wide.wasm': await filterWith('(drop (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)))'),
    'typed.wasm': await hookModule({ filter: 'active' }, '(func (export "cc_lb_filter"))'),
  };
  const shown = async (file: string): Promise<string> => (await run(['inspect', file], { files })).stdout;
  assert.match(await shown('tail.wasm'), /^Features\n {2}tail calls at byte \d+, which cc-lb switches off$/m);
  assert.match(await shown('wide.wasm'), /^Features\n {2}wide arithmetic at byte \d+, which few engines have$/m);
  assert.match(
    await shown('typed.wasm'),
    /^ {2}cc_lb_filter +wrong type +\(\) -> \(\), but it must be \(i32, i32\) -> \(i64\)$/m,
  );
});

const warnings: Readonly<Record<string, readonly [wasm: () => Promise<Uint8Array> | Uint8Array, text: RegExp]>> = {
  RepeatedSection: [() => filterNamed('x'), /2 custom sections are named cc_lb\.plugin\.v1, and only the last counts/],
  MistypedFree: [
    () => hookModule({ filter: 'active' }, '(func (export "cc_lb_free")) (func (export "cc_lb_filter"))'),
    /cc_lb_free does not take three i32/,
  ],
  MistypedHook: [
    () =>
      hookModule(
        { shape: 'active', transform_response: 'noop', transform_sse_event: 'noop' },
        `(func $f (param i32 i32) (result i64) i64.const 0) (export "cc_lb_shape" (func $f))
        (export "cc_lb_transform_response" (func $f)) (func (export "cc_lb_transform_sse_event"))`,
      ),
    /the function of transform_sse_event, whose mode is noop, does not/,
  ],
  LargeMemory: [
    () => hookModule({ filter: 'active' }, '(memory (export "memory") 1000) (func (export "cc_lb_filter"))'),
    /a memory begins with 1,000 pages/,
  ],
  LargeTable: [
    () => hookModule({ filter: 'active' }, '(table 200000 funcref) (func (export "cc_lb_filter"))'),
    /a table begins with 200,000 entries/,
  ],
};
for (const [kind, [wasm, text]] of Object.entries(warnings)) {
  inspect(`explains the warning ${kind}`, async () => {
    const { stdout } = await run(['inspect', 'x'], { files: { x: await wasm() } });
    const line = stdout.split('\n').find((each) => each.startsWith(`  ${kind}: `)) ?? '';
    assert.match(line, text);
  });
}

inspect('explains the warning UnusedHook', async () => {
  const files = {
    x: await hookModule(
      { filter: 'active', transform_response: 'active' },
      `(func $f (param i32 i32) (result i64) i64.const 0) (export "cc_lb_filter" (func $f))
      (export "cc_lb_transform_response" (func $f))`,
    ),
  };
  const { stdout } = await run(['inspect', 'x', '--slot', 'filter'], { files });
  assert.match(stdout, 'UnusedHook: no host calls transform_response, because shape is not declared\n');
});

inspect('shows what metering adds with --metered', async () => {
  const { code, stdout } = await run(['inspect', 'x', '--metered'], { files: { x: filterPlugin } });
  assert.is(code, 0);
  assert.match(stdout, /\nMetering\n {2}before +[\d,]+ bytes\n/);
  assert.match(stdout, /^ {2}import {2}cc_lb\.host memory +memory +1 page /m);
  assert.match(stdout, /^ {2}custom +0 +[\d,]+ {2}cc_lb\.hooks$/m);
  const json = documentOf(await run(['inspect', 'x', '--metered', '--json'], { files: { x: filterPlugin } }));
  // The cast: the fields are compared right here.
  const metering = json.metering as { bytesAfter: number; functions: number; sections: { after: number }[] };
  const prepared = prepareHooks(filterPlugin);
  assert.is(metering.bytesAfter, prepared.length);
  assert.is(metering.functions, definedFunctions(prepared) - definedFunctions(filterPlugin));
  assert.is(
    metering.sections.reduce((total, { after }) => total + after, 8),
    metering.bytesAfter,
  );
});

inspect('keeps hostile text from the terminal', async () => {
  const files = { x: filterNamed('x\u001b[2J\u009b\u202e\nfake') };
  for (const flags of [[], ['--json']]) {
    const { code, stdout } = await run(['inspect', 'x', ...flags], { files });
    assert.is(code, 0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.not.match(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    if (flags.length === 0) assert.is(stdout.split('x\\u{1b}[2J\\u{9b}\\u{202e}\\nfake').length, 5);
  }
});

inspect.run();
