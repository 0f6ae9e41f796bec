import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admitHooks, prepareHooks } from '../../../src/hooks/index.ts';
import { filterWith } from '../../hooks/hook-module.ts';
import { wat } from '../../support/wat.ts';
import { filterPlugin, shapePlugin } from '../hook-files.ts';
import { documentOf, run } from '../run.ts';

const prepare = suite('prepare of a hook plugin');

prepare('writes the bytes of prepareHooks, which admitHooks takes as a module', async () => {
  const { code, stdout, stderr, written } = await run(['prepare', 'x', '-o', 'out.wasm'], {
    files: { x: shapePlugin },
  });
  assert.equal([code, stderr], [0, '']);
  assert.match(stdout, /^x: prepared in \d+\.\d ms\n {2}[\d,]+ bytes became [\d,]+ bytes, in out\.wasm\n$/);
  const prepared = new Uint8Array(written.get('out.wasm') ?? []);
  assert.equal(prepared, prepareHooks(shapePlugin));
  assert.ok(admitHooks(new WebAssembly.Module(prepared)).report.admitted);
});

prepare('prints the same as JSON with --json', async () => {
  const result = await run(['prepare', 'x', '-o', 'out.wasm', '--json'], { files: { x: filterPlugin } });
  const { durationMs, ...report } = documentOf(result);
  assert.type(durationMs, 'number');
  const preparedBytes = result.written.get('out.wasm')?.length;
  assert.equal(report, {
    version: 1,
    generation: 2,
    file: 'x',
    bytes: filterPlugin.length,
    output: 'out.wasm',
    preparedBytes,
  });
});

const refused: Readonly<Record<string, readonly [make: () => Promise<Uint8Array>, kind: string]>> = {
  'a module without metadata': [async () => await wat('(module (func (export "cc_lb_alloc")))'), 'MissingMetadata'],
  'a module with a tail call': [() => filterWith('(return_call 0 (local.get 0) (local.get 1))'), 'FeatureRefused'],
  'an invalid module': [() => filterWith(''), 'InvalidModule'],
  'a prepared module': [async () => prepareHooks(filterPlugin), 'AlreadyPrepared'],
};
for (const [what, [make, kind]] of Object.entries(refused)) {
  prepare(`writes nothing for ${what}`, async () => {
    const files = { x: await make() };
    const { code, stdout, written } = await run(['prepare', 'x', '-o', 'out.wasm'], { files });
    assert.equal([code, written.size], [1, 0]);
    assert.match(stdout, new RegExp(`^x: not prepared\n  ${kind}: .+\n  hint: .+\n$`));
  });
}

prepare('obeys --limit, and refuses --kernel', async () => {
  const files = { x: await filterWith('(drop (call 0 (i32.const 1) (i32.const 1))) (i64.const 0)') };
  const limited = await run(['prepare', 'x', '-o', 'out.wasm', '--limit', 'calls=0'], { files });
  assert.match(limited.stdout, /^x: not prepared\n {2}LimitExceeded: .*limits\.calls/);
  const mistyped = await run(['prepare', 'x', '-o', 'out.wasm', '--limit', 'cals=0'], { files });
  assert.equal([mistyped.code, mistyped.written.size], [2, 0]);
  const kernel = await run(['prepare', 'x', '-o', 'out.wasm', '--kernel', 'linked'], { files });
  assert.is(kernel.code, 2);
  assert.match(kernel.stderr, /^error: --kernel is for plugins of generation 1, .* 2: a hook plugin has no kernel\n/);
});

prepare('makes a module that inspect, admit and dispatch take', async () => {
  const files = { x: prepareHooks(filterPlugin) };
  const { code, stdout } = await run(['inspect', 'x'], { files });
  assert.is(code, 0);
  assert.match(stdout, /^x: valid module, [\d,]+ bytes, hook ABI, prepared\n/);
  assert.match(stdout, /^ {2}filter +active +version 1 +[\da-f]{64}$/m);
  assert.match(stdout, /^ {4}tick +function +\(i32, i32\) -> \(i32\) +the meter$/m);
  assert.match(stdout, /^ {4}memory +memory +1 page .* +lent by the host$/m);
  assert.not.match(stdout, 'nobody provides it');
  assert.not.match(stdout, 'Features');
  assert.match((await run(['admit', 'x'], { files })).stdout, /^x \(n v\): admitted\n/);
  assert.match((await run(['dispatch', 'x', 'filter'], { files })).stdout, /^results:\n {2}- upstream_id: a\n/);
});

prepare.run();
