// Prepared files of strangers, in processes of their own, on the runtime that runs the tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admit } from '../../../src/protocol/admit.ts';
import { endless, forgedFilter, forgedRouter, LOOP, slowToCompile } from './forged.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = join(root, 'src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'cc-lb-forged-'));

const DENO = ['run', '--cached-only', '--no-lock', '--node-modules-dir=manual', '--no-prompt'];

/** The arguments that this runtime needs to run the source. */
const runtimeArguments =
  'Deno' in globalThis
    ? [...DENO, '--allow-all']
    : 'Bun' in globalThis
      ? ['--no-install']
      : ['--import', './scripts/typescript.mjs'];

function start(args: readonly string[], before: readonly string[] = runtimeArguments): ChildProcess {
  return spawn(process.execPath, [...before, program, ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, DENO_NO_UPDATE_CHECK: '1' },
  });
}

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], stdin?: Uint8Array, before?: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = start(args, before);
    const printed = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, ...printed }));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}

/** Writes a file with this plugin. */
function file(name: string, plugin: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, plugin);
  return path;
}

const forged = suite('forged prepared plugins');
forged.after(() => rmSync(folder, { recursive: true }));

const NOTE = /^note: \S+ is prepared: its metering is believed, not checked\n/;
const ENDED = /: ended after ([\d,]+) ms: the plugin did not stop; its metering is forged or broken\n$/;

/** Asserts that the child was ended one second after a time, and not before. */
function assertEnded({ code, stdout, stderr }: Finished, wallMs: number): void {
  assert.match(stderr, NOTE);
  const [, after = ''] = ENDED.exec(stderr) ?? [];
  assert.ok(Number(after.replaceAll(',', '')) >= wallMs + 1_000, stderr);
  assert.is(stdout, '');
  assert.is(code, 1);
}

/** 256 pages, which no budget of a dispatch allows, and then a loop. */
const GROW = `(drop (memory.grow (i32.const 256))) ${LOOP}`;
const START = `(func $spin ${LOOP}) (start $spin)`;

const LOG = '(import "extism:host/env" "log_error" (func $log_error (param i64)))';

const LAYER_MS = 200;

/** Plugins that do not stop: with the arguments of the command, and what the run may take. */
const endlessPlugins: Readonly<
  Record<string, readonly [plugin: () => Promise<Uint8Array>, command: string, more: readonly string[], ms: number]>
> = {
  'in its start function': [() => forgedRouter({}, START), 'admit', [], LAYER_MS],
  'in the handshake': [() => forgedRouter({ cc_lb_handshake: endless }), 'conformance', [], LAYER_MS],
  'in a wire function': [() => forgedRouter({ filter: endless }), 'dispatch', ['filter', '--wall-ms', '70'], 70],
  'in the start function of a hook plugin': [() => forgedFilter('', START), 'admit', [], LAYER_MS],
  'in a hook': [() => forgedFilter(LOOP), 'dispatch', ['filter'], LAYER_MS],
  'after its memory grew past the budget': [
    () => forgedRouter({ filter: { code: `(result i32) ${GROW} (i32.const 0)` } }),
    'dispatch',
    ['filter', '--wall-ms', '70'],
    70,
  ],
};
for (const [where, [plugin, command, more, wallMs]] of Object.entries(endlessPlugins))
  forged(`one that loops ${where} is ended one second after its time`, async () => {
    const path = file('endless.wasm', await plugin());
    assertEnded(await run([command, path, ...more]), wallMs);
  });

forged('one that takes forever to compile is ended', async () => {
  const cores = availableParallelism();
  if (cores > 8) return console.log('skipped: a compilation that does not end: too many cores compile at once');
  const path = file('slow.wasm', await slowToCompile(3 * cores));
  const finished = await Promise.all(['admit', 'inspect'].map((command) => run([command, path])));
  for (const each of finished) assertEnded(each, 5_000);
});

forged('--json has a document for one that does not stop, and nothing else on standard output', async () => {
  const path = file('json.wasm', await forgedRouter({ cc_lb_handshake: endless }));
  const { code, stdout, stderr } = await run(['admit', path, '--json']);
  assert.is(code, 1);
  const { error } = JSON.parse(stdout);
  assert.is(error.kind, 'DidNotStop');
  assert.match(`${error.message}\n`, ENDED);
  assert.match(stderr, ENDED);
});

forged('one that logs without end is ended when it wrote too much', async () => {
  const flood = '(loop $forever (call $log_error (call $alloc (i64.const 1000))) (br $forever))';
  const plugin = await forgedRouter({ filter: { code: `(result i32) ${flood} (i32.const 0)` } }, LOG);
  const args = ['dispatch', file('flood.wasm', plugin), 'filter', '--wall-ms', 'none', '--fuel', 'none'];
  const { code, stdout, stderr } = await run(args);
  assert.match(stderr.slice(-200), /: ended: it wrote more than 67,108,864 bytes; its metering is forged or broken\n$/);
  assert.is(stdout, '');
  assert.is(code, 1);
});

forged('the library refuses the bytes of all of them', async () => {
  const { layers } = admit(await forgedRouter({}, START));
  assert.match(layers[1]?.error?.message ?? '', /metered already|prepared/);
});

forged('one that answers is shown, with what it claims to have burnt', async () => {
  const path = file('answers.wasm', await forgedRouter({}));
  const { code, stdout, stderr } = await run(['dispatch', path, 'filter', '--json']);
  assert.is(stderr, '');
  assert.is(code, 0);
  const { prepared, outcome } = JSON.parse(stdout);
  assert.equal([prepared, outcome.response], [true, { results: [] }]);
});

const edited = (edit: (text: string) => string) => (honest: Uint8Array) =>
  new TextEncoder().encode(edit(new TextDecoder().decode(honest)));

/** Sections that cannot be believed, and what is said of them. */
const broken: Readonly<Record<string, readonly [edit: (honest: Uint8Array) => Uint8Array, message: RegExp]>> = {
  'of another version': [
    edited((text) => text.replace('"version":4', '"version":5')),
    /prepared anew from its original bytes: a newer version of this package .* cc_lb\.metering \(5, this/,
  ],
  'cut off': [
    (honest) => honest.subarray(0, 100),
    /: its section cc_lb\.metering is damaged: prepare the plugin again\n$/,
  ],
  'that names globals which do not exist': [
    edited((text) => text.replace('meter heap', 'meter heat')),
    /: its section cc_lb\.metering is damaged: prepare the plugin again\n$/,
  ],
};
for (const [what, [edit, message]] of Object.entries(broken))
  forged(`a section ${what} is an error, and nothing is run`, async () => {
    const path = file('broken.wasm', await forgedRouter({}, '', edit));
    const { code, stdout, stderr } = await run(['admit', path]);
    assert.match(stderr, message);
    assert.match(stderr, /\nerror: cannot use the prepared \S+\.wasm: /);
    assert.is(stdout, '');
    assert.is(code, 2);
  });

forged('is read from standard input, and a request too', async () => {
  const plugin = await forgedFilter('');
  assert.is((await run(['admit', '-'], plugin)).code, 0);
  const path = file('filter.wasm', plugin);
  const { code, stderr } = await run(['dispatch', path, 'filter', '-'], new TextEncoder().encode('{}'));
  assert.match(stderr, /\nerror: standard input is not a request of filter: missing field `request_id`/);
  assert.is(code, 2);
});

forged('a request that comes late takes no time of the plugin', async () => {
  const child = start(['dispatch', file('late.wasm', await forgedFilter('')), 'filter', '-']);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await delay(8_000); // Longer than the plugin may take to load.
  child.stdin?.end('{}');
  assert.is(await ended, 2);
  assert.match(stderr, / is not a request of filter: /);
});

forged('on Deno, the child gets the permissions of the program, which must be allowed to start it', async () => {
  if (!('Deno' in globalThis)) return console.log('skipped: permissions: only Deno has them');
  const path = file('permissions.wasm', await forgedFilter(''));
  const granted = [`--allow-read=${root},${folder}`, '--allow-env', '--allow-run'];
  const { code, stdout } = await run(['admit', path], undefined, [...DENO, ...granted]);
  assert.match(stdout, /: admitted\n/);
  assert.is(code, 0);
  const refused = await run(['admit', path], undefined, [...DENO, '--allow-read', '--allow-env']);
  assert.match(refused.stderr, /\nerror: cannot start a child process: .*--allow-run/);
  assert.is(refused.code, 2);
});

/** Starts a plugin that logs and then loops in a call without a deadline, and waits for the log. */
async function startEndless(): Promise<{
  readonly path: string;
  readonly child: ChildProcess;
  readonly printed: () => string;
}> {
  const code = `(result i32) (call $log_error (call $alloc (i64.const 8))) ${LOOP} (i32.const 0)`;
  const path = file('unlimited.wasm', await forgedRouter({ filter: { code } }, LOG));
  const child = start(['dispatch', path, 'filter', '--wall-ms', 'none', '--fuel', 'none']);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  while (!stderr.includes('cc_lb_plugin.log')) await delay(20);
  return { path, child, printed: () => stderr };
}

forged('a signal that ends the program ends the child too', async () => {
  if (process.platform !== 'linux') return console.log('skipped: the child of a program that ended: needs /proc');
  const { path, child } = await startEndless();
  const ended = new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)));
  assert.is(processesWith(path).length, 2);
  child.kill('SIGINT');
  assert.is(await ended, 'SIGINT');
  for (let tries = 0; processesWith(path).length > 0 && tries < 500; tries++) await delay(20);
  assert.equal(processesWith(path), []);
});

forged('a child that dies is an error, and not a defect of the program', async () => {
  if (process.platform !== 'linux') return console.log('skipped: the child that dies: needs /proc');
  const { path, child, printed } = await startEndless();
  const ended = new Promise((resolve) => child.on('close', resolve));
  for (const id of processesWith(path)) if (id !== child.pid) process.kill(id, 'SIGKILL');
  assert.is(await ended, 1);
  assert.match(printed(), /: its process ended with SIGKILL: the engine did not survive the plugin\n$/);
});

/** The processes that have this among their arguments. */
function processesWith(argument: string): number[] {
  const ids = readdirSync('/proc').filter((id) => /^\d+$/.test(id));
  return ids.filter((id) => argumentsOf(id).includes(argument)).map(Number);
}

function argumentsOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return ''; // It has ended in the meantime.
  }
}

forged.run();
