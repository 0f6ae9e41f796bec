import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../../src/cli/commands/index.ts';
import { documentOf, run } from '../run.ts';

const program = suite('runProgram');

program('prints the help on standard error and ends with 2 if there are no arguments', async () => {
  const { code, stdout, stderr } = await run([]);
  assert.is(code, 2);
  assert.is(stdout, '');
  assert.match(stderr, /^Usage: cc-lb-plugin \[options\] \[command\]\n/);
});

for (const args of [['--help'], ['-h'], ['help']]) {
  program(`prints the help on standard output for ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.is(code, 0);
    assert.is(stderr, '');
    assert.match(stdout, /^Usage: cc-lb-plugin \[options\] \[command\]\n/);
  });
}

program('prints the version for --version', async () => {
  assert.equal(await run(['--version']), { code: 0, stdout: 'cc-lb-plugin 1.2.3\n', stderr: '', written: new Map() });
});

for (const { name, options } of commands) {
  if ('version' in options) continue;
  program(`prints the version for ${name} --version`, async () => {
    for (const args of [[], ['--json'], ['--nope']]) {
      const { code, stdout, stderr } = await run([name, '--version', ...args]);
      assert.equal({ code, stdout, stderr }, { code: 0, stdout: 'cc-lb-plugin 1.2.3\n', stderr: '' });
    }
  });
}

const mistakes: readonly (readonly [args: readonly string[], stderr: string])[] = [
  [['inspcet', 'x'], "error: unknown command 'inspcet' (Did you mean inspect?)\n\nTry: cc-lb-plugin --help\n"],
  [
    ['plugin.wasm'],
    "error: unknown command 'plugin.wasm'; a command comes first: admit FILE\n\nTry: cc-lb-plugin --help\n",
  ],
  [['help', 'admti'], "error: unknown command 'admti' (Did you mean admit?)\n\nTry: cc-lb-plugin --help\n"],
  [['help', 'fly'], "error: unknown command 'fly'\n\nTry: cc-lb-plugin --help\n"],
  [
    ['dispatch', 'filter', 'x.wasm'],
    "error: FUNCTION is 'x.wasm', but must be one of shape, normalize_error, build_signer, sign, on_unauthorized, " +
      'observe, filter, transform_response, transform_sse_event; the order is <FILE> <FUNCTION> [REQUEST]\n\n' +
      'Try: cc-lb-plugin dispatch --help\n',
  ],
  [['fly'], "error: unknown command 'fly'\n\nTry: cc-lb-plugin --help\n"],
  [['\u001b[2J'], "error: unknown command '\\u{1b}[2J'\n\nTry: cc-lb-plugin --help\n"],
  [['--versoin'], "error: unknown option '--versoin' (Did you mean --version?)\n\nTry: cc-lb-plugin --help\n"],
  [['--json', 'admit'], "error: unknown option '--json'\n\nTry: cc-lb-plugin --help\n"],
  [
    ['dispatch', 'x', 'filter', '--version', 'v3'],
    'error: --version has another name now: write --wire-version v3\n\nTry: cc-lb-plugin dispatch --help\n',
  ],
  [
    ['dispatch', 'x', 'filter', '--version=\u001b'],
    'error: --version has another name now: write --wire-version \\u{1b}\n\nTry: cc-lb-plugin dispatch --help\n',
  ],
  ...['admit', 'conformance', 'dispatch'].map((name): readonly [args: readonly string[], stderr: string] => [
    [name, 'x', '--cap', 'storage'],
    `error: --cap has another name now: write --host-capability storage\n\nTry: cc-lb-plugin ${name} --help\n`,
  ]),
  [['admit', '--jsno'], "error: unknown option '--jsno' (Did you mean --json?)\n\nTry: cc-lb-plugin admit --help\n"],
];

for (const [args, expected] of mistakes) {
  program(`refuses ${JSON.stringify(args)}`, async () => {
    const { code, stderr } = await run(args);
    assert.is(code, 2);
    assert.is(stderr, expected);
  });
}

for (const { name } of commands.filter(({ operands }) => 'FILE' in operands)) {
  const required =
    { identity: ['--name', 'a', '--version', '1', '-o', 'out.wasm'], prepare: ['-o', 'out.wasm'] }[name] ?? [];
  const operands = name === 'dispatch' ? ['filter'] : required;

  program(`${name} without its file names what is missing`, async () => {
    const { code, stdout, stderr } = await run([name, ...required]);
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, /^error: missing required argument 'FILE'\n\nTry: cc-lb-plugin \w+ --help\n$/);
  });

  program(`${name} reports an absent file without a hint at the help`, async () => {
    const { code, stdout, stderr } = await run([name, 'no\u0007where.wasm', ...operands]);
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.is(stderr, 'error: cannot read no\\u{7}where.wasm: no such file\n');
  });

  program(`${name} --json prints mistakes as JSON on stdout and as text on stderr`, async () => {
    const missing = await run([name, 'nowhere.wasm', ...operands, '--json']);
    assert.is(missing.code, 2);
    const message = 'cannot read nowhere.wasm: no such file';
    assert.equal(documentOf(missing), { version: 1, error: { kind: 'Unreadable', message } });
    assert.is(missing.stderr, `error: ${message}\n`);
    const unknown = await run([name, ...operands, '--json', '--zebra']);
    const error = { kind: 'UnknownOption', message: "unknown option '--zebra'" };
    assert.equal(documentOf(unknown), { version: 1, error });
  });
}

program('colours a mistake if the stream has colours', async () => {
  const { stderr } = await run(['fly'], { color: true });
  assert.match(stderr, '\u001b[31merror:\u001b[39m');
});

program('rejects with the defect of a command', async () => {
  const defect = new Error('defect');
  try {
    await run(['admit', 'x'], {
      get files(): never {
        throw defect;
      },
    });
    assert.unreachable('no defect');
  } catch (error) {
    assert.is(error, defect);
  }
});

program.run();
