import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportedResult } from '../../../src/inspection/failure-report.ts';
import { compilePlugin } from '../../../src/plugin/index.ts';
import { stackLine, TELLS_STACKS } from '../../support/engine-stacks.ts';
import { fixture } from '../../support/fixture.ts';
import { guest, identityPayload } from '../../support/guest-wat.ts';
import { wat } from '../../support/wat.ts';
import { fixtureFiles } from '../fixture-files.ts';
import { documentOf, run } from '../run.ts';

const admit = suite('admit');

const LAYERS = ['identity', 'handshake', 'self_check', 'metadata'];

for (const { path, identity, rejected, functions, slots } of fixtureFiles) {
  const file = `fixture:${path}`;
  const failedAt = rejected === undefined ? LAYERS.length : LAYERS.indexOf(rejected[0]);

  admit(`${path}: text`, async () => {
    const { code, stdout } = await run(['admit', file]);
    assert.is(code, rejected === undefined ? 0 : 1);
    const verdict = rejected === undefined ? 'admitted' : `rejected at layer ${rejected[0]}`;
    assert.is(stdout.split('\n')[0], `${file}${identity === undefined ? '' : ` (${identity})`}: ${verdict}`);
    for (const [index, layer] of LAYERS.entries()) {
      const cost = `\\d+\\.\\d ms${layer === 'handshake' || layer === 'self_check' ? ' +[\\d,]+ fuel' : ''}`;
      const status = index < failedAt ? `passed +${cost}` : index === failedAt ? `failed +${cost}` : 'skipped';
      assert.match(stdout, new RegExp(`^  ${layer} +${status}$`, 'm'));
    }
    if (rejected !== undefined) assert.match(stdout, new RegExp(`^    ${rejected[1]}: .+$`, 'm'));
    if (functions !== undefined) {
      const listed = functions.map((name) => `${name} (version 1)`).join(', ');
      assert.match(stdout, `  functions     ${listed}\n`);
      assert.match(stdout, `  slots         ${slots?.join(', ') || 'none'}\n`);
      assert.match(stdout, '  capabilities  none\n');
    }
    assert.is(/good until {4}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/.test(stdout), rejected === undefined);
  });

  admit(`${path}: JSON`, async () => {
    const result = await run(['admit', file, '--json']);
    assert.is(result.code, rejected === undefined ? 0 : 1);
    assert.is(result.stderr, '');
    const report = documentOf(result);
    assert.is(report.file, file);
    assert.is(report.bytes, (await fixture(path)).length);
    assert.is(report.admitted, rejected === undefined);
    // The cast: the fields are compared right here.
    const layers = report.layers as {
      layer: string;
      status: string;
      durationMs: number;
      fuel?: number;
      error?: { kind: string };
    }[];
    for (const { layer, status, fuel } of layers) {
      const isCalled = status !== 'skipped' && (layer === 'handshake' || layer === 'self_check');
      assert.is(typeof fuel, isCalled ? 'number' : 'undefined', layer);
    }
    assert.equal(
      layers.map(({ layer, status, error }) => [layer, status, error?.kind]),
      LAYERS.map((layer, index) => {
        const status = index < failedAt ? 'passed' : index === failedAt ? 'failed' : 'skipped';
        return [layer, status, index === failedAt ? rejected?.[1] : undefined];
      }),
    );
    assert.is('metadata' in report, rejected === undefined);
    assert.is('accept' in report, functions !== undefined);
  });
}

admit('names the byte at which a module is malformed', async () => {
  const whole = await fixture('router/router.wasm');
  const files = { 'cut.wasm': whole.subarray(0, 20_000) };
  const text = await run(['admit', 'cut.wasm'], { files });
  assert.is(text.code, 1);
  assert.match(text.stdout, /^ {4}WasmParseError: .+ \(at byte 20000\)$/m);
  assert.not.match(text.stdout, 'of the module');
  const report = documentOf(await run(['admit', 'cut.wasm', '--json'], { files }));
  // The cast: compared right here.
  assert.is((report.layers as { error?: { byteOffset?: number } }[])[0]?.error?.byteOffset, 20_000);
});

admit('reports what the engine says of a module that is well-formed but invalid', async () => {
  // The last section of the plugin.
  const identity = (await fixture('router/router.wasm')).subarray(-116);
  // One function of type () -> i32 whose body is empty.
  const invalid = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b];
  const files = { 'invalid.wasm': Uint8Array.from([...invalid, ...identity]) };
  const { code, stdout } = await run(['admit', 'invalid.wasm'], { files });
  assert.is(code, 1);
  assert.match(stdout, 'invalid.wasm (router 1.0.0): rejected at layer handshake');
  assert.match(stdout, /^ {4}Instantiate: the plugin could not be built: the engine refused the module/m);
  // The offset is the engine's; not every engine gives one.
  const compiled = reportedResult(() => compilePlugin(files['invalid.wasm']));
  const report = documentOf(await run(['admit', 'invalid.wasm', '--json'], { files }));
  // The cast: compared right here.
  const error = (report.layers as { error?: { byteOffset?: number } }[])[1]?.error;
  assert.is(error?.byteOffset, compiled.ok ? -1 : compiled.error.byteOffset);
});

const noModules: readonly (readonly [name: string, content: string])[] = [
  ['package.json', '{\n  "name": "x"\n}'],
  ['an empty file', ''],
];
for (const [name, content] of noModules) {
  admit(`rejects ${name} as not WebAssembly, with the place and what was expected`, async () => {
    const { code, stdout } = await run(['admit', 'file'], { files: { file: content } });
    assert.is(code, 1);
    assert.match(
      stdout,
      /WasmParseError: .*not WebAssembly but (?:JSON|an empty file): a module begins .+ \(at byte 0\)\n {4}hint: /,
    );
  });
}

admit('reads standard input for -', async () => {
  const { code, stdout } = await run(['admit', '-'], { stdin: await fixture('router/router.wasm') });
  assert.is(code, 0);
  assert.match(stdout, /^standard input \(router 1\.0\.0\): admitted\n/);
});

/** A plugin that answers the handshake with the given JSON and logs to the kernel. */
async function answering(accept: string, name = 'made-up'): Promise<Uint8Array> {
  const json = (text: string): string => text.replace(/[\\"]/g, '\\$&');
  const identity = `{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"${name}","plugin_version":"1"}`;
  const bytes = new TextEncoder().encode(accept).length;
  return await wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
    (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
    (import "extism:host/env" "log_warn" (func $log_warn (param i64)))
    (memory 1)
    (data (i32.const 0) "${json(accept)}")
    (func $block (param $length i32) (result i64)
      (local $block i64) (local $at i32)
      (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
      (loop $next
        (call $store_u8 (i64.add (local.get $block) (i64.extend_i32_u (local.get $at))) (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $length))))
      (local.get $block))
    (func (export "cc_lb_handshake") (result i32)
      (call $output_set (call $block (i32.const ${bytes})) (i64.const ${bytes}))
      (call $log_warn (call $block (i32.const 3)))
      (i32.const 0))
    (func (export "cc_lb_self_check") (result i32) (i32.const 1))
    (func (export "observe") (result i32) (i32.const 0))
    (@custom "cc_lb.plugin.v1" "${json(identity)}"))`);
}

const accept = (capabilities: string): string =>
  '{"handshake_schema_version":1,"envelope_version":1,"chosen_versions":{"observe":1},' +
  `"plugin_supported":{"observe":[1]},"implemented_functions":["observe"],"required_capabilities":[${capabilities}]}`;

admit('offers the capabilities of --host-capability, and names the one that is missing', async () => {
  const files = { 'needy.wasm': await answering(accept('"disk","net"')) };
  const without = await run(['admit', 'needy.wasm', '--host-capability', 'disk'], { files });
  assert.is(without.code, 1);
  assert.match(
    without.stdout,
    /^ {4}Validation\.RequiredCapabilityUnavailable: .*net.*\n {4}hint: Do not require `net`.* --host-capability net /m,
  );
  const withBoth = await run(['admit', 'needy.wasm', '--host-capability', 'disk', '--host-capability=net'], { files });
  assert.match(withBoth.stdout, '  capabilities  disk, net\n');
  assert.match(withBoth.stdout, 'rejected at layer self_check');
});

admit('prints the logs of the plugin on stderr, or in the JSON document', async () => {
  const files = { 'logs.wasm': await answering(accept('')) };
  const text = await run(['admit', 'logs.wasm'], { files });
  assert.match(text.stderr, /^warn {4}cc_lb_plugin\.log: \{"h/);
  assert.not.match(text.stderr, 'cc_lb_plugin_handshake_total');
  const json = await run(['admit', 'logs.wasm', '--json'], { files });
  assert.is(json.stderr, '');
  // The cast: compared right here.
  assert.equal(
    (documentOf(json).logs as { message: string }[]).map(({ message }) => message),
    ['{"h'],
  );
});

admit('keeps hostile text from the terminal', async () => {
  const hostile = 'x\\u001b[2J\\u009b1m\\u202e\\n';
  const files = { 'hostile.wasm': await answering(accept(`"${hostile}"`)) };
  for (const flags of [[], ['--json']]) {
    const { code, stdout, stderr } = await run(['admit', 'hostile.wasm', ...flags], { files });
    assert.is(code, 1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.not.match(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.match(stdout, flags.length === 0 ? 'x\\u{1b}[2J\\u{9b}1m\\u{202e}\\n' : 'x\\u001b[2J\\u009b1m\\u202e\\n');
  }
});

admit('says where the plugin trapped', async () => {
  const fields = '(func $panic_fmt unreachable)';
  const code = '(result i32) call $panic_fmt i32.const 0';
  const wasm = await guest({ identities: [identityPayload()], fields, exports: { cc_lb_handshake: { code } } });
  const files = { 'trap.wasm': wasm };
  const { stdout } = await run(['admit', 'trap.wasm'], { files });
  const line = stackLine('`panic_fmt` ← function \\d+', 'trap.wasm');
  assert.match(stdout, new RegExp(`\\n {4}Call: .* wasm trap: .*\\n {4}${line}\\n`));
  // The cast: the fields are compared right here.
  const { layers } = documentOf(await run(['admit', 'trap.wasm', '--json'], { files })) as {
    layers: { error?: { stack?: { function?: string }[] } }[];
  };
  const [error] = layers.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const names = error?.stack?.map(({ function: name }) => name ?? null);
  assert.equal(names, TELLS_STACKS ? ['panic_fmt', null] : undefined);
});

admit('colours the verdict and the layers on a terminal', async () => {
  const { stdout } = await run(['admit', 'fixture:behaviour/trap.wasm'], { color: true });
  assert.match(stdout, '\u001b[31mrejected\u001b[39m');
  assert.match(stdout, '\u001b[32mpassed\u001b[39m');
});

admit.run();
