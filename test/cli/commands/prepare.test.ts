import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatCount } from '../../../src/digits.ts';
import { buildPlugin, preparePlugin } from '../../../src/plugin/index.ts';
import { canLink } from '../../../src/plugin/link.ts';
import { buildOffer } from '../../../src/protocol/handshake.ts';
import { readModuleIdentity } from '../../../src/protocol/identity.ts';
import { fixture } from '../../support/fixture.ts';
import { executeHandshake } from '../../support/layers.ts';
import { kernelOfPrepared } from '../../support/plugin.ts';
import { wat } from '../../support/wat.ts';
import { documentOf, run } from '../run.ts';

const prepare = suite('prepare');

const ROUTER = 'fixture:router/router.wasm';

/** What is said where this engine cannot load what has a kernel in it. */
const warning = canLink()
  ? ''
  : 'warning: this engine cannot load the prepared module, because it has 2 memories: ' +
    'with --kernel instance, or --for node20, it has one less\n';

prepare('writes the bytes of preparePlugin and prints both sizes', async () => {
  const { code, stdout, stderr, written } = await run(['prepare', ROUTER, '-o', 'out.wasm']);
  assert.is(code, 0);
  assert.is(stderr, warning);
  const original = await fixture('router/router.wasm');
  const prepared = written.get('out.wasm');
  assert.equal([...written.keys()], ['out.wasm']);
  assert.equal(prepared, preparePlugin(original));
  const sizes = `${formatCount(original.length)} bytes became ${formatCount(prepared?.length ?? 0)} bytes, in out.wasm`;
  assert.match(stdout, new RegExp(`^${ROUTER}: prepared in \\d+\\.\\d ms\n  ${sizes}\n$`));
});

prepare('leaves the kernel out with --kernel instance', async () => {
  const { written } = await run(['prepare', ROUTER, '-o', 'out.wasm', '--kernel', 'instance']);
  const original = await fixture('router/router.wasm');
  assert.equal(written.get('out.wasm'), preparePlugin(original, { kernel: 'instance' }));
});

prepare('writes a module that a host can use without its bytes', async () => {
  const { written } = await run(['prepare', ROUTER, '--output=out.wasm', '--kernel', kernelOfPrepared]);
  const module = new WebAssembly.Module(new Uint8Array(written.get('out.wasm') ?? []));
  assert.is(readModuleIdentity(module).plugin_name, 'router');
  const built = buildPlugin(module);
  assert.ok(built.functionExists('filter'));
  assert.equal(executeHandshake(module, buildOffer([])).implemented_functions, ['filter']);
});

prepare('prints the same as JSON with --json', async () => {
  const result = await run(['prepare', ROUTER, '-o', 'out.wasm', '--json', '--for', 'node']);
  const { durationMs, ...report } = documentOf(result);
  assert.type(durationMs, 'number');
  assert.equal(report, {
    version: 1,
    generation: 1,
    file: ROUTER,
    bytes: (await fixture('router/router.wasm')).length,
    output: 'out.wasm',
    preparedBytes: result.written.get('out.wasm')?.length,
    kernel: 'linked',
  });
});

/** Where the kernel is for each target. */
const kernels = {
  node20: 'instance',
  node: 'linked',
  deno: 'linked',
  bun: 'linked',
  browser: 'instance',
  workers: 'linked',
} as const;
for (const [target, kernel] of Object.entries(kernels)) {
  prepare(`writes for ${target} a module whose kernel is ${kernel}, without a warning`, async () => {
    const { code, stderr, written } = await run(['prepare', ROUTER, '-o', 'out.wasm', '--for', target]);
    assert.equal([code, stderr], [0, '']);
    assert.equal(written.get('out.wasm'), preparePlugin(await fixture('router/router.wasm'), { kernel }));
  });
}

const warnings: readonly (readonly [target: string, kernel: string, warning: string])[] = [
  [
    'node20',
    'linked',
    'Node 20 cannot load the prepared module, because it has 2 memories: ' +
      'with --kernel instance, or --for node20, it has one less',
  ],
  [
    'workers',
    'instance',
    'an edge worker may not compile the kernel at run time: --kernel linked puts it into the module',
  ],
];
for (const [target, kernel, text] of warnings) {
  prepare(`warns of a kernel that is ${kernel} for ${target}, and writes what was asked for`, async () => {
    const args = ['prepare', ROUTER, '-o', 'out.wasm', '--for', target, '--kernel', kernel];
    const { code, stderr, written } = await run(args);
    assert.equal([code, stderr, written.size], [0, `warning: ${text}\n`, 1]);
    assert.is(documentOf(await run([...args, '--json'])).warning, text);
  });
}

prepare('reads standard input', async () => {
  const { code, written } = await run(['prepare', '-', '-o', 'out.wasm'], { stdin: await wat('(module)') });
  assert.is(code, 0);
  assert.is(written.size, 1);
});

prepare('writes the bytes to standard output for -, and the report to standard error', async () => {
  const { code, stdout, stderr, written } = await run(['prepare', ROUTER, '-o', '-']);
  assert.is(code, 0);
  assert.is(stdout, '');
  assert.ok(stderr.startsWith(warning));
  assert.match(stderr, /: prepared in .+ ms\n {2}26,216 bytes became .+ bytes, on standard output\n$/);
  assert.equal(written.get('-'), preparePlugin(await fixture('router/router.wasm')));
  const failed = await run(['prepare', '-', '-o', '-'], { stdin: 'text' });
  assert.is(failed.code, 1);
  assert.is(failed.stdout, '');
  assert.match(failed.stderr, 'standard input: not prepared\n  MalformedModule: ');
  assert.is(failed.written.size, 0);
});

prepare('refuses standard output that is a terminal, or has the JSON document', async () => {
  const [terminal, json] = await Promise.all([
    run(['prepare', ROUTER, '-o', '-'], { isTerminal: true }),
    run(['prepare', ROUTER, '-o', '-', '--json']),
  ]);
  assert.equal([terminal.code, terminal.written.size, json.code, json.written.size], [2, 0, 2, 0]);
  assert.match(terminal.stderr, "error: --output is '-', but must be a file: standard output is a terminal\n");
  assert.match(json.stderr, "error: --output is '-', but must be a file: the document of --json is on standard output");
});

prepare('says for a file of another format what to pass instead', async () => {
  const files = { 'in.wasm': '{"name":"a-plugin"}', 'page.wasm': '<!doctype html><p>not found' };
  for (const [file, hint] of [
    ['in.wasm', 'Pass the .wasm file, and not JSON such as a manifest'],
    ['page.wasm', 'Download the file again: the server sent a page'],
  ] as const) {
    const { stdout } = await run(['prepare', file, '-o', 'out.wasm'], { files });
    assert.match(stdout, new RegExp(`\n  hint: ${hint}`));
  }
});

const refused: Readonly<Record<string, readonly [wasm: () => Promise<Uint8Array | string>, kind: string]>> = {
  'no module': [async () => 'text', 'MalformedModule'],
  'an invalid module': [async () => await wat('(module (func (result i32)))'), 'InvalidModule'],
  'a module that waits': [
    async () =>
      await wat('(module (memory 1) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))'),
    'FeatureRefused',
  ],
  'a prepared module': [async () => preparePlugin(await wat('(module)')), 'AlreadyPrepared'],
};
for (const [what, [make, kind]] of Object.entries(refused)) {
  prepare(`writes nothing for ${what}`, async () => {
    const files = { 'in.wasm': await make() };
    const { code, stdout, written } = await run(['prepare', 'in.wasm', '-o', 'out.wasm'], { files });
    assert.is(code, 1);
    assert.is(written.size, 0);
    assert.match(stdout, new RegExp(`^in\\.wasm: not prepared\n  ${kind}: .+\n  hint: .+\n$`));
    const json = await run(['prepare', 'in.wasm', '-o', 'out.wasm', '--json'], { files });
    assert.is(json.code, 1);
    // The cast: compared right here.
    assert.is((documentOf(json).error as { kind: string }).kind, kind);
  });
}

const mistakes: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
  'no output': [
    ['in.wasm'],
    /^error: required option '-o, --output <OUT>' not specified\n\nTry: cc-lb-plugin prepare --help\n$/,
  ],
  'the input as output': [
    ['in.wasm', '-o', 'in.wasm'],
    /^error: in\.wasm is the input itself: write to another file\n$/,
  ],
  'a directory as output': [
    ['in.wasm', '-o', 'folder/'],
    /^error: cannot write folder\/: it is a directory, not a file\n$/,
  ],
  'a kernel anywhere else': [
    ['in.wasm', '-o', 'a', '--kernel', 'beside'],
    /^error: --kernel is 'beside', but must be one of linked, instance\n/,
  ],
  'two outputs': [['in.wasm', '-o', 'a', '--output', 'b'], /^error: --output is given more than once\n/],
};
for (const [what, [args, message]] of Object.entries(mistakes)) {
  prepare(`refuses ${what}`, async () => {
    const files = { 'in.wasm': await wat('(module)') };
    const { code, stdout, stderr, written } = await run(['prepare', ...args], { files });
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
    assert.is(written.size, 0);
  });
}

prepare.run();
