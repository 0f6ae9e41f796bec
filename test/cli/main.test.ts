// The program as it is published, bundled, in its own process, on the runtime that runs the tests.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';
import { TELLS_STACKS } from '../support/engine-stacks.ts';
import { guest, identityPayload } from '../support/guest-wat.ts';
import { kernelOfPrepared } from '../support/plugin.ts';
import { runtimeArguments } from './runtime-arguments.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const router = 'fixtures/router/router.wasm';
const filter = 'fixtures/hooks/filter/filter.wasm';

const folder = mkdtempSync(join(tmpdir(), 'cc-lb-plugin-'));
const source = join(root, 'src/cli/main.ts');
const program = bundled() ?? source;

/** The path of the bundled program, with the files that it reads where it expects them. */
function bundled(): string | undefined {
  // Node alone runs the bundler; the program runs on the runtime of the tests.
  const node = findNode();
  if (node === undefined) {
    console.log('skipped: the bundled program: no Node on this machine; its source is tested');
    return undefined;
  }
  const script = `import { bundle } from './scripts/build.ts'; await bundle(${JSON.stringify(join(folder, 'dist'))});`;
  const made = spawnSync(node.command, [...node.args, '--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  for (const part of ['abi', 'templates']) cpSync(join(root, part), join(folder, part), { recursive: true });
  return join(folder, 'dist/cli/main.js');
}

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Circumstances {
  readonly stdin?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** A file that standard output goes to instead of being collected. */
  readonly output?: string;
  /** The file to run; the bundle by default. */
  readonly file?: string;
  /** Whether standard output is closed as soon as something was read from it. */
  readonly closesStdout?: boolean;
}

function start(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  output: number | 'pipe',
): ChildProcess {
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...inherited } = process.env;
  return spawn(process.execPath, [...runtimeArguments(file), file, ...args], {
    cwd: root,
    stdio: ['pipe', output, 'pipe'],
    env: { ...inherited, DENO_NO_UPDATE_CHECK: '1', ...env },
  });
}

function run(
  args: readonly string[],
  { stdin, env = {}, output, file = program, closesStdout }: Circumstances = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = start(file, args, env, output === undefined ? 'pipe' : openSync(output, 'w'));
    const printed = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text;
      if (closesStdout) child.stdout?.destroy();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, ...printed }));
    // A program that does not read its standard input may end before it is written.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}

const main = suite('the process');
main.after(() => rmSync(folder, { recursive: true }));

main('prints the version in package.json', async () => {
  // The cast: the comparison below fails if the file has no version.
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  assert.equal(await run(['--version']), { code: 0, stdout: `cc-lb-plugin ${version}\n`, stderr: '' });
});

const codes: readonly (readonly [args: readonly string[], code: number, stdout: RegExp, stderr: RegExp])[] = [
  [['admit', router], 0, /^fixtures\/router\/router\.wasm \(router 1\.0\.0\): admitted\n/, /^$/],
  [['dispatch', router, 'filter'], 0, /^\{\n {2}"results": \[\]\n\}\n$/, /^filter answered in /],
  [['admit', filter], 0, /^fixtures\/hooks\/filter\/filter\.wasm \(.+\): admitted\n/, /^$/],
  [['dispatch', filter, 'filter', '--sample'], 0, /^results: none\n$/, /^filter answered in .+ fuel\n$/],
  [['admit', filter, '--slot', 'shape'], 1, / {4}MissingHook: /, /^$/],
  [['vectors', '--layer', 'offers'], 0, /^Test vectors on this package\n/, /^$/],
  [['vectors', '--layer', 'offers', '--driver', 'exit 7'], 1, /\n {4}the driver ended with exit code 7\n/, /^$/],
  [['inspect', router], 0, /valid module, 26,216 bytes\n/, /^$/],
  [['admit', 'package.json'], 1, /not WebAssembly but JSON: .* \(at byte 0\)\n/, /^$/],
  [['dispatch', router, 'shape'], 1, /^shape: fallback\n/, /^counter /],
  [['dispatch', 'fixtures', 'filter'], 2, /^$/, /^error: cannot read fixtures: it is a directory, not a file\n$/],
  [['inspect', 'no/such.wasm'], 2, /^$/, /^error: cannot read no\/such\.wasm: no such file\n$/],
  [
    ['inspect', 'package.json/x'],
    2,
    /^$/,
    /^error: cannot read package\.json\/x: part of the path is not a directory\n$/,
  ],
  [['inspect', ''], 2, /^$/, /^error: cannot read the file '': no such file\n$/],
  [[], 2, /^$/, /^Usage: cc-lb-plugin \[options\] \[command\]\n/],
  [['--help'], 0, /^Usage: cc-lb-plugin \[options\] \[command\]\n/, /^$/],
  [['admti', 'x', '--json'], 2, /"kind": "UnknownCommand"/, /^error: .*\(Did you mean admit\?\)\n/],
  [['nope'], 2, /^$/, /^error: unknown command 'nope'\n/],
];

for (const [args, code, stdout, stderr] of codes) {
  main(`${args.map((arg) => arg || "''").join(' ') || 'nothing'} ends with ${code}`, async () => {
    const finished = await run(args);
    assert.match(finished.stderr, stderr);
    assert.match(finished.stdout, stdout);
    assert.is(finished.code, code);
  });
}

main('writes a plugin from the templates beside it, and nothing into a folder with files', async () => {
  const made = join(folder, 'my-filter');
  const args = ['new', made, '--language', 'rust', '--kind', 'filter'];
  const { code, stdout, stderr } = await run(args);
  assert.equal([code, stderr], [0, '']);
  assert.match(stdout, /^my-filter: written to /);
  assert.match(readFileSync(join(made, 'src/lib.rs'), 'utf8'), 'name = "my-filter"');
  assert.is((await run(args)).code, 2);
});

main('runs from source', async () => {
  const { code, stdout } = await run(['admit', router], { file: source });
  assert.match(stdout, /\(router 1\.0\.0\): admitted\n/);
  assert.is(code, 0);
});

main("is bundled with commander's licence, and imports nothing but Node's modules", () => {
  if (program === source) return console.log('skipped: what is in the bundle: no Node on this machine');
  assert.match(readFileSync(join(folder, 'dist/cli/commander.LICENSE'), 'utf8'), 'TJ Holowaychuk');
  const code = readFileSync(program, 'utf8');
  const imported = [...code.matchAll(/(?:^|[;}])import(?:[\w${},* ]+from)?"([^"]+)"/gm)].map(([, name = '']) => name);
  assert.ok(imported.includes('node:module'));
  assert.equal(
    imported.filter((name) => !/^(node:|\.\.?\/)/.test(name)),
    [],
  );
});

main('reads a module from standard input', async () => {
  const { code, stdout } = await run(['admit', '-', '--json'], { stdin: readFileSync(join(root, router)) });
  assert.is(code, 0);
  assert.is(JSON.parse(stdout).file, 'standard input');
});

main('reads a request from standard input', async () => {
  const stdin = new TextEncoder().encode('{"status":500,"body_base64":"b29wcw=="}');
  const args = ['dispatch', 'fixtures/dialect/dialect.wasm', 'normalize_error', '--request', '-'];
  const { code, stdout } = await run(args, { stdin });
  assert.is(code, 0);
  assert.match(atob(JSON.parse(stdout).body_base64), '"message":"oops"');
});

main('prints only the fault of an empty file', async () => {
  const empty = join(folder, 'empty.wasm');
  writeFileSync(empty, '');
  const { code, stdout, stderr } = await run(['inspect', empty]);
  assert.is(code, 1);
  assert.is(stderr, '');
  assert.match(stdout, /not a valid module, 0 bytes\n {2}NotWebAssembly: .*an empty file: .*\n {2}hint: .+\n$/);
});

main('colours a pipe only with FORCE_COLOR', async () => {
  const plain = await run(['inspect', router]);
  assert.not.match(plain.stdout, '\u001b');
  const forced = await run(['inspect', router], { env: { FORCE_COLOR: '1' } });
  assert.match(forced.stdout, '\u001b[32mvalid module\u001b[39m');
  assert.is(forced.stderr, '');
});

main('ends quietly if the reader closes the pipe', async () => {
  // More than a pipe holds, so the program is still writing when the other end is closed.
  const section = 'x'.repeat(90_000);
  const custom = [0x00, ...leb(section.length + 3), ...leb(section.length), ...new TextEncoder().encode(section)];
  const large = join(folder, 'large.wasm');
  writeFileSync(large, Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...custom, ...custom, ...custom, ...custom]));
  const whole = await run(['inspect', large, '--json']);
  assert.is(whole.code, 0);
  assert.ok(whole.stdout.length > 300_000);
  const { code, stderr } = await run(['inspect', large, '--json'], { closesStdout: true });
  assert.is(stderr, '');
  assert.is(code, 0);
});

main('ends with 2 if its output cannot be written', async () => {
  const full = '/dev/full';
  if (!existsSync(full)) return console.log(`skipped: a write that fails: there is no ${full} here`);
  const { code, stderr } = await run(['admit', router], { output: full });
  assert.match(stderr, /^error: cannot write the output: .+\n$/);
  assert.is(code, 2);
});

main('replaces an existing file with the prepared one, but never the input, also through a link', async () => {
  const [input, link, output] = [join(folder, 'in.wasm'), join(folder, 'link.wasm'), join(folder, 'out.wasm')];
  copyFileSync(join(root, router), input);
  linkSync(input, link);
  writeFileSync(output, 'old');
  assert.is((await run(['prepare', input, '-o', output, '--kernel', kernelOfPrepared])).code, 0);
  assert.ok(WebAssembly.validate(readFileSync(output)));
  const refused = await run(['prepare', input, '-o', link]);
  assert.is(refused.code, 2);
  assert.match(refused.stderr, 'is the input itself');
  assert.equal(readFileSync(input), readFileSync(join(root, router)));
  const nowhere = await run(['prepare', input, '-o', join(folder, 'absent', 'out.wasm')]);
  assert.is(nowhere.code, 2);
  assert.match(nowhere.stderr, /^error: cannot write .+: no such folder\n$/);
});

main('writes a prepared module to standard output', async () => {
  const [output, piped] = [join(folder, 'file.wasm'), join(folder, 'piped.wasm')];
  assert.is((await run(['prepare', router, '-o', output])).code, 0);
  const { code, stderr } = await run(['prepare', router, '-o', '-'], { output: piped });
  assert.match(stderr, ' bytes, on standard output\n');
  assert.is(code, 0);
  assert.equal(readFileSync(piped), readFileSync(output));
});

main('runs a prepared module in a child process', async () => {
  const output = join(folder, 'prepared.wasm');
  assert.is((await run(['prepare', router, '-o', output, '--kernel', kernelOfPrepared])).code, 0);
  const { code, stdout, stderr } = await run(['admit', '-'], { stdin: readFileSync(output) });
  assert.is(stderr, 'note: standard input is prepared: its metering is believed, not checked\n');
  assert.match(stdout, /^standard input \(router 1\.0\.0\): admitted\n/);
  assert.is(code, 0);
});

main('prints 32 frames of a deeper stack', async () => {
  const fields = `(func $deep (param i32) local.get 0 if local.get 0 i32.const 1 i32.sub call $deep end
    local.get 0 i32.eqz if unreachable end)`;
  const code = '(result i32) i32.const 50 call $deep i32.const 0';
  const deep = join(folder, 'deep.wasm');
  writeFileSync(deep, await guest({ identities: [identityPayload()], fields, exports: { cc_lb_handshake: { code } } }));
  const { stdout } = await run(['admit', deep, '--json']);
  assert.is(stdout.split('"function": "deep"').length - 1, TELLS_STACKS ? 32 : 0);
});

main('ends for a plugin that loops forever', async () => {
  const { code, stdout } = await run(['admit', 'fixtures/behaviour/infinite-loop.wasm']);
  assert.is(code, 1);
  assert.match(stdout, /^ {2}handshake +failed +\d+\.\d ms +10,000,000 fuel\n {4}Timeout: /m);
});

main('a signal ends it, and the driver that it has started', async () => {
  if (process.platform === 'win32') return console.log('skipped: signals: Windows has none');
  const late = join(folder, 'late');
  const driver = `trap '' INT TERM HUP; echo started >&2; sleep 1; echo >'${late}'`;
  const child = start(program, ['vectors', '--layer', 'offers', '--driver', driver], {}, 'pipe');
  const ended = new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)));
  await new Promise((resolve) => child.stderr?.once('data', resolve));
  child.kill('SIGINT');
  assert.is(await ended, 'SIGINT');
  await delay(1500);
  assert.is(existsSync(late), false);
});

/** Encodes an unsigned integer in 3 bytes of LEB128. */
function leb(value: number): number[] {
  return [(value & 0x7f) | 0x80, ((value >> 7) & 0x7f) | 0x80, value >> 14];
}

main.run();
