import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeArchive } from '../../../src/hooks/archive/encode.ts';
import { filterHook, type Hook, type HookName, hooks } from '../../../src/hooks/hook.ts';
import { encodeArchiveJson, jsonFormOf } from '../../../src/hooks/json-form.ts';
import { FilterResponse } from '../../../src/hooks/messages/filter.ts';
import { ShapeResponse } from '../../../src/hooks/messages/shape.ts';
import type { FailureReport } from '../../../src/inspection/failure-report.ts';
import { answering, constantHook, dataAt, filterWith, hookModule, NO_RESULTS } from '../../hooks/hook-module.ts';
import { stackLine, TELLS_STACKS } from '../../support/engine-stacks.ts';
import { answers, filterPlugin, shapePlugin } from '../hook-files.ts';
import { documentOf, run } from '../run.ts';

const dispatch = suite('dispatch of a hook');

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });

/** Returns a check whether a value is of the schema of a hook's request. */
function schemaOf(hook: HookName): (value: unknown) => boolean {
  const path = `../../../abi/schemas/hooks/${hook.replaceAll('_', '-')}-request.json`;
  return ajv.compile(JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')));
}

const texts: Readonly<Record<HookName, string>> = {
  filter: 'results:\n  - upstream_id: a\n    decision: accept\n    reason: empty\n',
  shape:
    'url: https://example.test/v1\nmethod: POST\n' +
    'headers:\n  - name: content-type\n    value: application/json\nbody: {"a":"é"}\n',
  transform_response: 'kind: Replace\nstatus: 201\nheaders: none\nbody: ff 00 (2 bytes, not UTF-8)\n',
  transform_sse_event: 'kind: Drop\n',
};

const requestOf = (hook: Hook): string => encodeArchiveJson(hook.request, hook.sample());
const pluginOf = (hook: HookName): string => (hook === 'filter' ? 'filter.wasm' : 'shape.wasm');
const plugins = { 'filter.wasm': filterPlugin, 'shape.wasm': shapePlugin };

for (const hook of hooks) {
  const { name } = hook;
  const plain = jsonFormOf(hook.response).plain(answers[name]);
  const isOfSchema = schemaOf(name);

  for (const given of [[], ['--sample'], ['r.json'], ['--request', 'r.json'], ['-']]) {
    dispatch(`prints the answer of ${name} as text and as JSON: ${given.join(' ') || 'no request'}`, async () => {
      const text = requestOf(hook);
      assert.ok(isOfSchema(JSON.parse(text)));
      const circumstances = { files: { ...plugins, 'r.json': text }, stdin: text };
      const args = ['dispatch', pluginOf(name), name, ...given];
      const { code, stdout, stderr } = await run(args, circumstances);
      assert.is(code, 0);
      assert.is(stdout, texts[name]);
      assert.match(stderr, new RegExp(`^${name} answered in \\d+\\.\\d ms with [\\d,]+ fuel$`, 'm'));
      assert.is(stderr.startsWith('note: a host does not call'), name === 'transform_sse_event');

      const json = await run([...args, '--json'], circumstances);
      assert.is(json.code, 0);
      assert.is(json.stderr, '');
      // The cast: the fields are compared right here.
      const report = documentOf(json) as {
        generation: number;
        hook: string;
        admission: { admitted: boolean };
        outcome: { kind: string; mode: string; fuel: number; response: unknown };
      };
      assert.equal([report.generation, report.hook, report.admission.admitted], [2, name, true]);
      const { kind, mode, response } = report.outcome;
      assert.equal([kind, mode], ['ok', name === 'transform_sse_event' ? 'noop' : 'active']);
      assert.equal(response, plain);
    });
  }
}

dispatch('gives the request to the plugin', async () => {
  const text = requestOf(filterHook).replace('"thread_id":null', '"thread_id":"a thread"');
  const sampleBytes = encodeArchive(filterHook.request, filterHook.sample()).length;
  const trapIfLonger = `(if (i32.gt_u (local.get 1) (i32.const ${sampleBytes})) (then unreachable))`;
  const wasm = await hookModule(
    { filter: 'active' },
    `${dataAt(4096, NO_RESULTS)} ${answering('filter', 4096, NO_RESULTS.length, trapIfLonger)}`,
  );
  const files = { x: wasm, 'r.json': text };
  assert.is((await run(['dispatch', 'x', 'filter'], { files })).stdout, 'results: none\n');
  assert.is((await run(['dispatch', 'x', 'filter', 'r.json'], { files })).code, 1);
});

dispatch('prints kind, phase and hint of a failure', async () => {
  const shape = constantHook('shape', 4096, encodeArchive(ShapeResponse, answers.shape));
  const wasm = await hookModule(
    { shape: 'active', transform_response: 'noop', transform_sse_event: 'noop' },
    `(func $panic_fmt unreachable)
    (func $f (param i32 i32) (result i64) call $panic_fmt i64.const 0) (export "cc_lb_transform_response" (func $f))
    (export "cc_lb_transform_sse_event" (func $f)) ${shape}`,
  );
  const args = ['dispatch', 'x', 'transform_response'];
  const { code, stdout } = await run(args, { files: { x: wasm } });
  assert.is(code, 1);
  const lines = [
    'transform_response: failed\\n',
    ' {2}phase +cc_lb_transform_response\\n',
    ' {2}error +GuestTrap: .*\\n',
    ` {2}trapped +${stackLine('`panic_fmt` ← `f`', 'x')}\\n`,
    ' {2}cc-lb +GuestTrap\\n',
    ' {2}fuel +[\\d,]+\\n',
    ' {2}hint +.*[Aa] panic .+\\n',
  ];
  assert.match(stdout, new RegExp(`^${lines.join('')}$`));
  const json = await run([...args, '--json'], { files: { x: wasm } });
  assert.is(json.code, 1);
  // The cast: the fields are compared right here.
  const { outcome } = documentOf(json) as { outcome: { error: FailureReport } };
  const { error, ...rest } = outcome;
  assert.is(error.kind, 'GuestTrap');
  const names = error.stack?.map(({ function: name }) => name);
  assert.equal(names, TELLS_STACKS ? ['panic_fmt', 'f'] : undefined);
  assert.match(error.hint ?? '', /[Aa] panic /);
  assert.equal(
    { ...rest, durationMs: 0, fuel: 0 },
    {
      kind: 'error',
      mode: 'noop',
      durationMs: 0,
      fuel: 0,
      phase: 'cc_lb_transform_response',
      upstream: 'GuestTrap',
    },
  );
});

dispatch('names the declared hooks if the plugin does not declare the given one', async () => {
  const { code, stdout, stderr } = await run(['dispatch', 'filter.wasm', 'shape'], { files: plugins });
  assert.is(code, 1);
  assert.is(stderr, 'note: a host does not call shape: the plugin declares filter\n');
  assert.match(stdout, /^shape: failed\n {2}phase +exports\n {2}error +MissingExport: .*\n {2}cc-lb +ModuleRejected\n/);
});

dispatch('reports the admission if the plugin is rejected', async () => {
  const files = { x: await filterWith('unreachable') };
  const { code, stdout } = await run(['dispatch', 'x', 'filter'], { files });
  assert.is(code, 1);
  assert.match(stdout, /^x \(n v\): rejected at probe of filter\n/);
  const document = documentOf(await run(['dispatch', 'x', 'filter', '--json'], { files }));
  assert.not.ok('outcome' in document);
});

const mistakes: readonly (readonly [args: readonly string[], stdin: string, stderr: RegExp])[] = [
  [['filter.wasm', 'fitler'], '', /^error: FUNCTION is 'fitler', but must be one of .+ \(Did you mean filter\?\)\n/],
  [
    ['filter.wasm', 'sign'],
    '',
    /^error: FUNCTION is 'sign', but must be one of filter, shape, .+, the hooks of generation 2\n/,
  ],
  [
    ['fixture:router/router.wasm', 'transform_response'],
    '',
    /^error: FUNCTION is 'transform_response', but must be one of shape, .+, the wire functions of generation 1\n/,
  ],
  [['filter.wasm', 'filter', 'a', '--sample'], '', /^error: the request is given more than once\n/],
  [['filter.wasm', 'filter', 'a', '--request', 'b'], '', /^error: the request is given more than once\n/],
  [['-', 'filter', '-'], '', /^error: FILE and REQUEST are both -, but /],
  [['filter.wasm', 'filter', 'none.json'], '', /^error: cannot read none\.json: no such file\n$/],
  [
    ['filter.wasm', 'filter', '-'],
    '{',
    /^error: standard input is not a request of filter: the text is not JSON: at \$, byte 1, /,
  ],
  [['filter.wasm', 'filter', '-'], '{}', /: missing field `request_id` in `\$` \(byte 0\)\n$/],
  [
    ['shape.wasm', 'shape', '-'],
    '{"headers":[{"name":"x","value_base64":"?"}],"request_id":"r","method":"","path":""}',
    /: at \$\.headers\[0\]\.value_base64, byte \d+, expected base64 with padding, found another string\n$/,
  ],
];
for (const [args, stdin, stderr] of mistakes) {
  dispatch(`refuses ${args.join(' ')} with ${JSON.stringify(stdin)}`, async () => {
    const result = await run(['dispatch', ...args], { stdin, files: plugins });
    assert.is(result.code, 2);
    assert.is(result.stdout, '');
    assert.match(result.stderr, stderr);
  });
}

dispatch('refuses a request that is not UTF-8', async () => {
  const { code, stderr } = await run(['dispatch', 'filter.wasm', 'filter', '-'], {
    files: plugins,
    stdin: Uint8Array.of(0x7b, 0xff),
  });
  assert.is(code, 2);
  assert.is(stderr, 'error: standard input is not a request of filter: it is not UTF-8\n');
});

dispatch('keeps hostile text of an answer from the terminal', async () => {
  const hostile = 'x\u001b[2J\u009b\u202e\nfake';
  const results = [{ upstream_id: hostile, decision: hostile, reason: hostile }];
  const wasm = await hookModule(
    { filter: 'active' },
    constantHook('filter', 4096, encodeArchive(FilterResponse, { results })),
  );
  for (const flags of [[], ['--json']]) {
    const { code, stdout, stderr } = await run(['dispatch', 'x', 'filter', ...flags], { files: { x: wasm } });
    assert.is(code, 0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.not.match(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

dispatch.run();
