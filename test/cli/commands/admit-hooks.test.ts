import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterWith, hookModule } from '../../hooks/hook-module.ts';
import { stackLine } from '../../support/engine-stacks.ts';
import { filterNamed, filterPlugin, shapePlugin } from '../hook-files.ts';
import { documentOf, run } from '../run.ts';

const admit = suite('admit of a hook plugin');

admit('prints the time of each step, the fuel of each probe, hooks and warnings', async () => {
  const { code, stdout, stderr } = await run(['admit', 'shape.wasm'], { files: { 'shape.wasm': shapePlugin } });
  assert.is(code, 0);
  assert.is(stderr, '');
  const lines = [
    /^shape\.wasm \(n v\): admitted$/m,
    /^Steps$/m,
    /^ {2}inspect +passed +\d+\.\d ms$/m,
    /^ {2}compile +passed +\d+\.\d ms$/m,
    /^ {2}probe of shape +passed +\d+\.\d ms +[\d,]+ fuel$/m,
    /^ {2}probe of transform_response +passed +\d+\.\d ms +[\d,]+ fuel$/m,
    /^Hooks$/m,
    /^ {2}shape +active {2}version 1$/m,
    /^ {2}transform_sse_event +noop {4}version 1$/m,
    /^Warnings$/m,
    /^ {2}UnprotectedTypes: the fingerprint of shape does not cover Claim, Header, .*, Upstream: /m,
  ];
  for (const line of lines) assert.match(stdout, line);
  assert.not.match(stdout, 'probe of transform_sse_event');
});

admit('prints the same as JSON, with the generation', async () => {
  const result = await run(['admit', 'shape.wasm', '--json'], { files: { 'shape.wasm': shapePlugin } });
  assert.is(result.code, 0);
  assert.is(result.stderr, '');
  // The cast: the fields are compared right here.
  const { steps, inspection, ...report } = documentOf(result) as {
    steps: { step: string; hook?: string; status: string; fuel?: number }[];
    inspection: { metadata: { name: string }; hooks: { name: string; mode: string }[]; warnings: { kind: string }[] };
  };
  assert.equal(report, { version: 1, generation: 2, file: 'shape.wasm', bytes: shapePlugin.length, admitted: true });
  assert.equal(
    steps.map(({ step, hook, status, fuel }) => [step, hook, status, typeof fuel]),
    [
      ['inspect', undefined, 'passed', 'undefined'],
      ['compile', undefined, 'passed', 'undefined'],
      ['probe', 'shape', 'passed', 'number'],
      ['probe', 'transform_response', 'passed', 'number'],
    ],
  );
  assert.is(inspection.metadata.name, 'n');
  assert.is(inspection.hooks.length, 3);
});

interface Rejected {
  readonly at: string;
  readonly wasm: () => Promise<Uint8Array> | Uint8Array;
  readonly args?: readonly string[];
  /** The lines below the step that failed. */
  readonly lines: RegExp;
  /** A step that is skipped then. */
  readonly skipped?: RegExp;
}

const rejected: Readonly<Record<string, Rejected>> = {
  'a filter in the slot shape': {
    at: 'inspect',
    wasm: () => filterPlugin,
    args: ['--slot', 'shape'],
    lines: / {4}MissingHook: the metadata do not declare the hook shape, so .+\n {4}cc-lb calls this ModuleRejected\n/,
    skipped: / {2}compile +skipped\n/,
  },
  'a module with imports': {
    at: 'inspect',
    wasm: () =>
      hookModule(
        { filter: 'active' },
        `(import "a" "b" (func)) (memory (export "memory") 1) (func (export "cc_lb_alloc")) (func (export "cc_lb_free"))
        (func (export "cc_lb_filter"))`,
      ),
    lines: / {4}ImportsPresent: .*\(1, at byte \d+\).*\n {4}cc-lb calls this ModuleRejected\n/,
  },
  'a module that the engine refuses': {
    at: 'compile',
    wasm: () => filterWith(''),
    lines: / {4}InvalidModule: the engine refused the module: .*\n {4}cc-lb calls this ModuleCompile\n/,
    skipped: / {2}probe of filter +skipped\n/,
  },
  'a module with a tail call': {
    at: 'compile',
    wasm: () => filterWith('(return_call 0 (local.get 0) (local.get 1))'),
    lines: / {4}FeatureRefused: the module uses tail calls \(at byte \d+\).*\n {4}cc-lb calls this ModuleCompile\n/,
  },
  'a module with more calls than the limit': {
    at: 'compile',
    wasm: () => filterWith('(drop (call 0 (i32.const 1) (i32.const 1))) (i64.const 0)'),
    args: ['--limit', 'calls=0'],
    lines: / {4}LimitExceeded: .*limits\.calls.*\n {4}cc-lb does not refuse this\n/,
  },
  'a filter that traps': {
    at: 'probe of filter',
    wasm: () => filterWith('unreachable'),
    lines: new RegExp(
      ' fuel\\n {4}GuestTrap: filter: cc_lb_filter failed: .*\\n' +
        ` {4}${stackLine('function 2', 'plugin.wasm')}\\n {4}cc-lb calls this ProbeFailed\\n` +
        ' {4}hint: This trap is a panic ',
    ),
  },
  'an endless filter': {
    at: 'probe of filter',
    wasm: () => filterWith('(loop (br 0)) unreachable'),
    lines:
      / {4}GuestTrap: .* ran out of (?:fuel: [\d,]+ of 10,000,000 fuel|time: [\d,]+ of 200 ms .+)\n {4}cc-lb does not/,
  },
};

for (const [what, { at, wasm, args = [], lines, skipped = /$/ }] of Object.entries(rejected)) {
  admit(`rejects ${what}`, async () => {
    const files = { 'plugin.wasm': await wasm() };
    const { code, stdout } = await run(['admit', 'plugin.wasm', ...args], { files });
    assert.is(code, 1);
    assert.ok(stdout.split('\n')[0]?.endsWith(`: rejected at ${at}`), stdout);
    assert.match(stdout, lines);
    assert.match(stdout, skipped);
    const json = await run(['admit', 'plugin.wasm', ...args, '--json'], { files });
    assert.is(json.code, 1);
    // The cast: the fields are compared right here.
    const report = documentOf(json) as { admitted: boolean; steps: { status: string; error?: { kind: string } }[] };
    const failed = report.steps.find(({ status }) => status === 'failed');
    assert.is(report.admitted, false);
    assert.match(stdout, `    ${failed?.error?.kind}: `);
  });
}

admit('names the byte of a fault in the module, and none of a fault in an answer', async () => {
  const errorOf = async (wasm: Uint8Array): Promise<{ kind: string; byteOffset?: number; hint?: string }> => {
    const document = documentOf(await run(['admit', 'x', '--json'], { files: { x: wasm } }));
    // The cast: the fields are compared right here.
    const { steps } = document as { steps: { error?: { kind: string; byteOffset?: number; hint?: string } }[] };
    return steps.find(({ error }) => error !== undefined)?.error ?? { kind: '' };
  };
  const tailCall = await errorOf(await filterWith('(return_call 0 (local.get 0) (local.get 1))'));
  assert.is(typeof tailCall.byteOffset, 'number');
  assert.match(tailCall.hint ?? '', /^Build without tail calls/);
  const malformed = await errorOf(await filterWith(`i64.const ${(16n << 32n) | 4n}`));
  assert.equal(
    [malformed.kind, malformed.byteOffset, typeof malformed.hint],
    ['MalformedResponse', undefined, 'string'],
  );
});

admit('keeps hostile text from the terminal', async () => {
  const files = { x: filterNamed('x\u001b[2J\u009b\u202e\nfake') };
  for (const flags of [[], ['--json']]) {
    const { code, stdout } = await run(['admit', 'x', ...flags], { files });
    assert.is(code, 0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.not.match(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.match(stdout, flags.length === 0 ? 'x\\u{1b}[2J\\u{9b}\\u{202e}\\nfake' : 'x\\u001b[2J');
  }
});

admit('colours the verdict and the steps on a terminal', async () => {
  const { stdout } = await run(['admit', 'x'], { files: { x: await filterWith('unreachable') }, color: true });
  assert.match(stdout, '\u001b[31mrejected\u001b[39m');
  assert.match(stdout, '\u001b[32mpassed\u001b[39m');
  assert.match(stdout, '\u001b[33mUnprotectedTypes\u001b[39m');
});

admit.run();
