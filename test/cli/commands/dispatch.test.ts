import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stackLine, TELLS_STACKS } from '../../support/engine-stacks.ts';
import { wat } from '../../support/wat.ts';
import { documentOf, run } from '../run.ts';

const dispatch = suite('dispatch');

const ROUTER = 'fixture:router/router.wasm';
const DIALECT = 'fixture:dialect/dialect.wasm';
const SIGNER = 'fixture:signer/signer.wasm';
const BAD = 'fixture:behaviour/bad-answers.wasm';

const candidate = (upstream_id: string): object => ({
  upstream_id,
  name: upstream_id.toUpperCase(),
  kind: 'anthropic_api_key',
  observed_rate_limits: [],
  subscription_quotas: [],
  observed_at_unix_secs: 0,
});

const filterRequest = {
  request_id: 'r',
  headers: [],
  method: 'POST',
  path: '/v1/messages',
  query: null,
  body_base64: '',
  principal: { id: 'p', kind: 'api_key', claims: {} },
  candidates: [candidate('a'), candidate('b')],
};

const filterAnswer = {
  results: [
    { upstream_id: 'a', decision: 'accept', reason: 'its turn' },
    { upstream_id: 'b', decision: 'reject', reason: 'the turn of A' },
  ],
};

const answered: readonly (readonly [args: readonly string[], response: object])[] = [
  [[ROUTER, 'filter'], { results: [] }],
  [[ROUTER, 'filter', '--request', 'dry-run', '--wire-version', 'v3'], { results: [] }],
  [[ROUTER, 'filter', '--sample'], { results: [] }],
  [[ROUTER, 'filter', 'request.json'], filterAnswer],
  [[ROUTER, 'filter', '--request', 'request.json'], filterAnswer],
  [[ROUTER, 'filter', '--request', 'enveloped.json'], filterAnswer],
  [[ROUTER, 'filter', '--request=-'], filterAnswer],
  [[DIALECT, 'normalize_error'], { body_base64: null }],
  [[SIGNER, 'sign'], { url: null, method: null, headers: null, body_base64: null }],
  [['fixture:observer/observer.wasm', 'observe'], {}],
];

const text = JSON.stringify(filterRequest);
const circumstances = {
  stdin: text,
  files: { 'request.json': text, 'enveloped.json': JSON.stringify({ _v: 7, ...filterRequest }) },
};

for (const [args, response] of answered) {
  dispatch(`prints the response of ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await run(['dispatch', ...args], circumstances);
    assert.is(code, 0);
    assert.equal(JSON.parse(stdout), response);
    assert.match(stderr, new RegExp(`^${args[1]} answered in \\d+\\.\\d ms with [\\d,]+ fuel\n$`));

    const json = await run(['dispatch', ...args, '--json'], circumstances);
    assert.is(json.code, 0);
    assert.is(json.stderr, '');
    // The cast: the fields are compared right here.
    const report = documentOf(json) as {
      function: string;
      admission: { admitted: boolean };
      outcome: { kind: string; response: object };
    };
    assert.is(report.function, args[1]);
    assert.is(report.admission.admitted, true);
    assert.is(report.outcome.kind, 'ok');
    assert.equal(report.outcome.response, response);
  });
}

dispatch('takes a field that only v2 declares, and refuses it with --wire-version v1', async () => {
  const request = {
    request: { request_id: 'r', headers: [], method: 'GET', path: '/x', query: null, body_base64: '' },
    upstream: { kind: 'anthropic_direct' },
    principal: { id: 'p', kind: 'k', claims: {} },
    upstream_base_url: 'https://example.test',
  };
  const world = { stdin: JSON.stringify(request) };
  const newest = await run(['dispatch', DIALECT, 'shape', '--request', '-'], world);
  assert.is(newest.code, 0);
  assert.is(JSON.parse(newest.stdout).url, 'https://example.test/x');
  const v1 = await run(['dispatch', DIALECT, 'shape', '--request', '-', '--wire-version', 'v1'], world);
  assert.is(v1.code, 2);
  assert.match(
    v1.stderr,
    /^error: standard input is not a request of shape: unknown field `upstream_base_url` in `\$`; known: /,
  );
});

dispatch('says where the plugin trapped, and logs no name of its functions', async () => {
  const { stdout, stderr } = await run(['dispatch', BAD, 'shape']);
  assert.match(stdout, new RegExp(`\\n {2}trapped +${stackLine('.+', BAD)}\\n`));
  assert.not.match(stderr, ' ← ');
  // The cast: the fields are compared right here.
  // The cast: the field is compared right here.
  const { outcome } = documentOf(await run(['dispatch', BAD, 'shape', '--json'])) as { outcome: { error: object } };
  assert.is('stack' in outcome.error, TELLS_STACKS);
});

dispatch('prints every digit of an integer in the response', async () => {
  const stdin = '{"upstream":{"kind":"anthropic_direct"},"factory_state":{"key":"k","serial":18446744073709551615}}';
  for (const flags of [[], ['--json']]) {
    const { code, stdout } = await run(['dispatch', SIGNER, 'build_signer', '--request', '-', ...flags], { stdin });
    assert.is(code, 0);
    assert.match(stdout, '18446744073709551615');
  }
});

const fallbacks: readonly (readonly [name: string, policy: string, stage: string, kind: string, details: string])[] = [
  ['shape', 'fail_request', 'plugin_call', 'PluginCall', ''],
  ['normalize_error', 'pass_through', 'response_envelope', 'ResponseVersionMismatch', ''],
  ['build_signer', 'fail_request', 'response_envelope', 'ResponseVersionMissing', ''],
  ['sign', 'fail_request', 'plugin_call', 'PluginCall', 'broken'],
  ['on_unauthorized', 'pass_through', 'response_envelope', 'ResponseNotObject', ''],
  ['observe', 'silent_skip', 'response_decode', 'ResponseDecode', 'unknown field `extra` in `\\$`'],
  ['filter', 'use_default', 'plugin_call', 'PluginCall', ''],
];

dispatch('prints the reason of a trap once, and a hint', async () => {
  const { stdout } = await run(['dispatch', BAD, 'shape']);
  const reasons = stdout.match(/unreachable/gi) ?? [];
  assert.is(reasons.length, 1, stdout);
  assert.match(stdout, /\n {2}trapped +.+\n {2}hint +.+\n$/);
  const { outcome } = documentOf(await run(['dispatch', BAD, 'shape', '--json'])) as {
    outcome: { error: { hint: string } };
  };
  assert.match(stdout, outcome.error.hint);
});

for (const [name, policy, stage, kind, details] of fallbacks) {
  dispatch(`reports the fallback ${policy} if ${name} of bad-answers fails`, async () => {
    const { code, stdout, stderr } = await run(['dispatch', BAD, name]);
    assert.is(code, 1);
    assert.match(
      stdout,
      new RegExp(`^${name}: fallback\n {2}policy +${policy}: .+\n {2}stage +${stage}\n {2}error +${kind}: `),
    );
    assert.is(stdout.includes('\n  details'), details !== '');
    if (details !== '') assert.match(stdout, new RegExp(`\n {2}details +${details}`));
    assert.match(stderr, `counter cc_lb_plugin_dispatch_errors_total +1 {function=${name}, stage=${stage}}\n`);
    assert.match(stderr, /^warn {4}cc_lb_plugin\.dispatch: /m);

    const json = await run(['dispatch', BAD, name, '--json']);
    assert.is(json.code, 1);
    assert.is(json.stderr, '');
    // The cast: the fields are compared right here.
    const { outcome, logs, counters } = documentOf(json) as {
      outcome: { kind: string; policy: string; stage: string; error: { kind: string } };
      logs: { level: string }[];
      counters: { name: string; value: number }[];
    };
    assert.equal([outcome.kind, outcome.policy, outcome.stage, outcome.error.kind], ['fallback', policy, stage, kind]);
    assert.equal(
      logs.map(({ level }) => level),
      ['warn'],
    );
    assert.equal(
      counters.map(({ name: counter, value }) => [counter, value]),
      [['cc_lb_plugin_dispatch_errors_total', 1]],
    );
  });
}

dispatch('names the functions that the plugin implements if it does not implement the given one', async () => {
  const { code, stdout } = await run(['dispatch', DIALECT, 'filter']);
  assert.is(code, 1);
  assert.match(stdout, /^ {2}error +MissingNegotiatedVersion: /m);
  assert.match(stdout, '  the plugin does not implement filter; it implements normalize_error, shape\n');
});

dispatch('reports the admission if the plugin is rejected', async () => {
  const args = ['dispatch', 'fixture:behaviour/trap.wasm', 'observe'];
  const { code, stdout } = await run(args);
  assert.is(code, 1);
  assert.match(stdout, 'trap.wasm (trap 1.0.0): rejected at layer handshake\n');
  const report = documentOf(await run([...args, '--json']));
  assert.not.ok('outcome' in report);
  // The cast: compared right here.
  assert.is((report.admission as { admitted: boolean }).admitted, false);
});

const mistakes: readonly (readonly [args: readonly string[], stdin: string, stderr: RegExp])[] = [
  [[ROUTER], '', /^error: missing required argument 'FUNCTION'\n/],
  [[ROUTER, 'fitler'], '', /^error: FUNCTION is 'fitler', but must be one of shape, .+ \(Did you mean filter\?\)\n/],
  [[ROUTER, 'route'], '', /^error: FUNCTION is 'route', but must be one of shape, /],
  [
    [ROUTER, 'shape', '--wire-version', 'v3'],
    '',
    /^error: --wire-version is 'v3', but must be v1 or v2, the versions of the wire that declare shape\n/,
  ],
  [[ROUTER, 'filter', '--wire-version', '1'], '', /^error: --wire-version is '1', but must be one of v3, v2, v1/],
  [['-', 'filter', '--request', '-'], '', /^error: FILE and --request are both -, but /],
  [[ROUTER, 'filter', '--request', 'none.json'], '', /^error: cannot read none\.json: no such file\n$/],
  [
    [ROUTER, 'filter', '--request', '-'],
    '',
    /^error: standard input is not a request of filter: the text is not JSON: at \$, byte 0, /,
  ],
  [
    [ROUTER, 'filter', '--request', '-'],
    JSON.stringify({ ...filterRequest, headers: [{ name: 1 }] }),
    /at \$\.headers\[0\]\.name, byte 37, expected a string, found 1; write it in quotation marks\n$/,
  ],
  [[ROUTER, 'filter', '--request', '-'], '{}', /: missing field `request_id` in `\$` \(byte 0\)/],
  [[ROUTER, 'filter', '--request', '-'], '\ufeff{}', /byte 0, expected .*, found a byte order mark\n$/],
];

for (const [args, stdin, stderr] of mistakes) {
  dispatch(`refuses ${args.join(' ')} with ${JSON.stringify(stdin)}`, async () => {
    const result = await run(['dispatch', ...args], { stdin });
    assert.is(result.code, 2);
    assert.is(result.stdout, '');
    assert.match(result.stderr, stderr);
  });
}

dispatch('refuses a request that is not UTF-8', async () => {
  const args = ['dispatch', ROUTER, 'filter', '--request', '-'];
  const { code, stderr } = await run(args, { stdin: Uint8Array.from([0x7b, 0xff, 0x7d]) });
  assert.is(code, 2);
  assert.is(stderr, 'error: standard input is not a request of filter: it is not UTF-8\n');
});

/** A plugin that is admitted. Its `observe` logs a hostile text and fails with it. */
async function hostilePlugin(): Promise<Uint8Array> {
  const accept = JSON.stringify({
    handshake_schema_version: 1,
    envelope_version: 1,
    chosen_versions: { observe: 1 },
    plugin_supported: { observe: [1] },
    implemented_functions: ['observe'],
    required_capabilities: [],
  });
  const selfCheck = '{"status":"success","failures":[],"completed_at":1}';
  const identity =
    '{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"hostile","plugin_version":"\\\\u001b[31m"}';
  const quoted = (value: string): string => `"${value.replaceAll('"', '\\"')}"`;
  return await wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
    (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
    (import "extism:host/env" "error_set" (func $error_set (param i64)))
    (import "extism:host/env" "log_error" (func $log_error (param i64)))
    (memory 1)
    (data (i32.const 0) ${quoted(accept)})
    (data (i32.const 1024) ${quoted(selfCheck)})
    (data (i32.const 2048) "\\1b[2Jrm\\0d\\0afake line")
    (func $block (param $from i32) (param $length i32) (result i64)
      (local $block i64) (local $at i32)
      (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
      (loop $next
        (call $store_u8
          (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
          (i32.load8_u (i32.add (local.get $from) (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $length))))
      (local.get $block))
    (func $answer (param $from i32) (param $length i32) (result i32)
      (call $output_set (call $block (local.get $from) (local.get $length)) (i64.extend_i32_u (local.get $length)))
      (i32.const 0))
    (func (export "cc_lb_handshake") (result i32) (call $answer (i32.const 0) (i32.const ${accept.length})))
    (func (export "cc_lb_self_check") (result i32) (call $answer (i32.const 1024) (i32.const ${selfCheck.length})))
    (func (export "observe") (result i32)
      (call $log_error (call $block (i32.const 2048) (i32.const 17)))
      (call $error_set (call $block (i32.const 2048) (i32.const 17)))
      (i32.const 1))
    (@custom "cc_lb.plugin.v1" ${quoted(identity)}))`);
}

dispatch('keeps hostile text of a plugin from the terminal', async () => {
  const files = { 'h.wasm': await hostilePlugin() };
  for (const flags of [[], ['--json']]) {
    const { code, stdout, stderr } = await run(['dispatch', 'h.wasm', 'observe', ...flags], { files });
    assert.is(code, 1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.not.match(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const escaped = flags.length === 0 ? '\\u{1b}[2Jrm\\r\\nfake line' : '\\u001b[2Jrm\\r\\nfake line';
    assert.match(stdout, escaped);
    if (flags.length === 0) assert.match(stderr, `error   cc_lb_plugin.log: ${escaped} {plugin=hostile}\n`);
  }
});

dispatch.run();
