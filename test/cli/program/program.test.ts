import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../../src/cli/commands/index.ts';
import { documentOf, run } from '../run.ts';

const program = suite('runProgram');

program('without arguments prints the help on stderr, as a mistake', async () => {
  const { code, stdout, stderr } = await run([]);
  assert.is(code, 2);
  assert.is(stdout, '');
  assert.match(stderr, 'Usage:\n  cc-lb-plugin COMMAND');
});

for (const args of [['--help'], ['-h'], ['help'], ['help', 'nonsense']]) {
  program(`${args.join(' ')} prints the help, which lists every command`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.is(code, 0);
    assert.is(stderr, '');
    for (const { name, summary } of commands) {
      assert.match(stdout, new RegExp(`^  ${name}( [A-Z]+)+ +${summary}$`, 'm'));
    }
  });
}

program('--version prints the version', async () => {
  assert.equal(await run(['--version']), { code: 0, stdout: 'cc-lb-plugin 1.2.3\n', stderr: '', written: new Map() });
});

const mistakes: readonly (readonly [args: readonly string[], stderr: string])[] = [
  [['inspcet', 'x'], "error: there is no command 'inspcet'; did you mean inspect?\n\nTry: cc-lb-plugin --help\n"],
  [['fly'], "error: there is no command 'fly'\n\nTry: cc-lb-plugin --help\n"],
  [['\u001b[2J'], "error: there is no command '\\u{1b}[2J'\n\nTry: cc-lb-plugin --help\n"],
  [['--versoin'], 'error: there is no option --versoin; did you mean --version?\n\nTry: cc-lb-plugin --help\n'],
  [['--json', 'admit'], 'error: there is no option --json\n\nTry: cc-lb-plugin --help\n'],
  [['admit', '--jsno'], 'error: there is no option --jsno; did you mean --json?\n\nTry: cc-lb-plugin admit --help\n'],
];

for (const [args, expected] of mistakes) {
  program(`refuses ${JSON.stringify(args)}`, async () => {
    const { code, stderr } = await run(args);
    assert.is(code, 2);
    assert.is(stderr, expected);
  });
}

for (const { name } of commands) {
  const operands = { dispatch: ['filter'], prepare: ['-o', 'out.wasm'] }[name] ?? [];

  program(`${name} without its file says what is missing`, async () => {
    const { code, stdout, stderr } = await run([name]);
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, /^error: FILE is missing: .+\n\nTry: cc-lb-plugin \w+ --help\n$/);
  });

  program(`${name} of a file that is not there says so, without sending to the help`, async () => {
    const { code, stdout, stderr } = await run([name, 'no\u0007where.wasm', ...operands]);
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.is(stderr, 'error: cannot read no\\u{7}where.wasm: there is no such file\n');
  });

  program(`${name} --json tells mistakes on stdout as JSON, and on stderr for people`, async () => {
    const missing = await run([name, 'nowhere.wasm', ...operands, '--json']);
    assert.is(missing.code, 2);
    const message = 'cannot read nowhere.wasm: there is no such file';
    assert.equal(documentOf(missing), { error: { kind: 'Unreadable', message } });
    assert.is(missing.stderr, `error: ${message}\n`);
    const unknown = await run([name, '--json', '--nope']);
    assert.equal(documentOf(unknown), { error: { kind: 'UnknownOption', message: 'there is no option --nope' } });
  });
}

program('colours what it prints where the stream has colours', async () => {
  const { stderr } = await run(['fly'], { color: true });
  assert.match(stderr, '\u001b[31merror:\u001b[39m');
});

program('lets a defect through', async () => {
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
