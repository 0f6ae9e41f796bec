// --watch with files in memory, and in processes on the runtime that runs the tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../../src/cli/commands/index.ts';
import { EXIT, type Io } from '../../../src/cli/program/command.ts';
import { runProgram } from '../../../src/cli/program/program.ts';
import { watch } from '../../../src/cli/program/watch.ts';
import { recordedIo } from '../recorded-io.ts';
import { runtimeArguments } from '../runtime-arguments.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cc-lb-watch-'));

const watching = suite('--watch');
watching.after(() => rmSync(folder, { recursive: true }));

/** The states of files at one moment, by path. */
type Moment = Readonly<Record<string, string>>;

/** What watching `dir` and `one.wasm` prints, if each look finds the next of some moments. */
async function watchMoments(moments: readonly Moment[]): Promise<{ runs: number; stderr: string }> {
  let moment = 0;
  const now = (): Moment => moments[moment] ?? {};
  const recorded = recordedIo();
  const absent = Object.assign(new Error('absent'), { code: 'ENOENT' });
  const io: Io = {
    ...recorded,
    stdout: {
      color: false,
      write: () => undefined,
      get isClosed() {
        return moment >= moments.length;
      },
    },
    facts: async (path) => {
      const state = now()[path];
      if (path === 'dir') return { kind: 'directory', state: '' };
      if (state === undefined) throw absent;
      return { kind: 'file', state };
    },
    list: async () =>
      Object.keys(now()).flatMap((path) =>
        path.startsWith('dir/') ? [{ name: path.slice(4), isDirectory: false }] : [],
      ),
    pause: async () => {
      moment++;
      if (moment >= moments.length) throw new Error('the end');
    },
  };
  let runs = 0;
  const run = async () => {
    runs++;
    return EXIT.ok;
  };
  const failed = await watch(io, ['dir', 'one.wasm'], run).catch(({ message }) => message);
  assert.is(failed, 'the end');
  return { runs, stderr: recorded.printed.stderr.replaceAll('Waiting for changes. Ctrl-C ends.\n', '') };
}

watching('runs once while nothing changes', async () => {
  const same = { 'one.wasm': '1', 'dir/a.wasm': '1' };
  assert.equal(await watchMoments([same, same, same]), { runs: 1, stderr: '' });
});

watching('runs again when a change has stayed for a look, and names it', async () => {
  const [before, after] = [{ 'one.wasm': '1' }, { 'one.wasm': '2' }];
  assert.equal(await watchMoments([before, after]), { runs: 1, stderr: '' });
  assert.equal(await watchMoments([before, after, after, after]), { runs: 2, stderr: 'changed: one.wasm\n' });
});

watching('waits for a file that is being written', async () => {
  const moments = ['1', 'truncated', 'half', 'whole', 'whole', 'whole'].map((state) => ({ 'one.wasm': state }));
  assert.equal(await watchMoments(moments), { runs: 2, stderr: 'changed: one.wasm\n' });
});

watching('takes a file that does not stop changing as it is', async () => {
  const moments = Array.from({ length: 60 }, (_, moment) => ({ 'one.wasm': String(moment) }));
  assert.equal(await watchMoments(moments), { runs: 3, stderr: 'changed: one.wasm\n'.repeat(2) });
});

watching('says which files are new and which are removed', async () => {
  const moments = [{ 'dir/a.wasm': '1' }, { 'dir/b\u001b.wasm': '1' }, { 'dir/b\u001b.wasm': '1' }];
  assert.equal(await watchMoments(moments), {
    runs: 2,
    stderr: 'new: dir/b\\u{1b}.wasm; removed: dir/a.wasm\n',
  });
  const five = Object.fromEntries([1, 2, 3, 4, 5].map((name) => [`dir/${name}.wasm`, '1']));
  const { stderr } = await watchMoments([{}, five, five]);
  assert.is(stderr, 'new: dir/1.wasm; new: dir/2.wasm; new: dir/3.wasm; 2 more\n');
});

watching('ends if nobody reads the output', async () => {
  const io = { ...recordedIo(), stdout: { color: false, isClosed: true, write: () => undefined } };
  assert.is(await watch(io, ['absent'], async () => EXIT.failed), EXIT.failed);
});

watching('ends if the reader goes away while it waits', async () => {
  let isClosed = false;
  const io: Io = {
    ...recordedIo({ files: { a: '' } }),
    stdout: {
      color: false,
      write: () => undefined,
      get isClosed() {
        return isClosed;
      },
    },
    pause: async () => {
      if (isClosed) throw new Error('it waits on');
      isClosed = true;
    },
  };
  assert.is(await watch(io, ['a'], async () => EXIT.failed), EXIT.failed);
});

watching('clears the screen between two runs, on a terminal only', async () => {
  const printed: string[] = [];
  let state = 0;
  const io: Io = {
    ...recordedIo(),
    stdout: {
      color: false,
      erasesLines: true,
      write: (content) => printed.push(String(content)),
      get isClosed() {
        return state > 1;
      },
    },
    facts: async () => ({ kind: 'file', state: String(Math.min(state, 1)) }),
    pause: async () => {
      state++;
    },
  };
  await watch(io, ['a'], async () => {
    printed.push('run');
    return EXIT.ok;
  });
  assert.equal(printed, ['run', '\u001b[2J\u001b[H', 'run']);
});

const refused: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
  'standard input': [['admit', '-'], /^error: --watch needs files, but - is standard input/],
  'a request from standard input': [['dispatch', 'x', 'filter', '-'], /^error: --watch needs files/],
  'an argument that no file repairs': [['admit', 'x', '--limit', 'y'], /^error: --limit is 'y', but/],
};
for (const [what, [args, message]] of Object.entries(refused)) {
  watching(`refuses ${what}`, async () => {
    const io = recordedIo();
    assert.is(await runProgram({ commands, version: '' }, [...args, '--watch'], io), 2);
    assert.match(io.printed.stderr, message);
  });
}

const program = join(root, 'src/cli/main.ts');

/** A process that watches. */
class Watcher {
  readonly #child: ChildProcess;
  readonly ended: Promise<NodeJS.Signals | number | null>;
  #stdout = '';
  stderr = '';

  constructor(...args: readonly string[]) {
    this.#child = spawn(process.execPath, [...runtimeArguments(program), program, ...args, '--watch'], { cwd: root });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => this.#child.on('close', (code, signal) => resolve(signal ?? code)));
  }

  /** Waits until the next run is over. Returns what it printed on standard output. */
  async run(): Promise<string> {
    const giveUpAt = performance.now() + 30_000;
    while (!this.stderr.includes('Waiting for changes.')) {
      if (performance.now() > giveUpAt) throw new Error(`no run: ${this.stderr}${this.#stdout}`);
      await delay(20);
    }
    await delay(50); // Both streams are read by then.
    const printed = this.#stdout;
    this.#stdout = '';
    this.stderr = this.stderr.replace(/[\s\S]*Waiting for changes.*\n/, '');
    return printed;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

const fixtureBytes = (path: string): Uint8Array => readFileSync(join(root, 'fixtures', path));
const router = fixtureBytes('router/router.wasm');

watching('a process outlives every state of a file, and Ctrl-C ends it', async () => {
  const file = join(folder, 'plugin.wasm');
  writeFileSync(file, router);
  const watcher = new Watcher('admit', file);
  try {
    assert.match(await watcher.run(), /\(router 1\.0\.0\): admitted\n/);
    writeFileSync(file, '');
    assert.match(await watcher.run(), /: rejected at layer identity\n/);
    writeFileSync(file, fixtureBytes('behaviour/infinite-loop.wasm'));
    assert.match(await watcher.run(), /Timeout: /);
    rmSync(file);
    assert.is(await watcher.run(), '');
    writeFileSync(join(folder, 'other'), router);
    renameSync(join(folder, 'other'), file);
    assert.match(await watcher.run(), /: admitted\n/);
    // It is written in pieces, as linkers do.
    for (const end of [0, 100, 1000, router.length]) {
      writeFileSync(file, router.subarray(0, end));
      await delay(60);
    }
    // A machine that is busy may take so long between two pieces that one of them is a change.
    for (let printed = ''; !printed.includes(': admitted\n'); ) printed = await watcher.run();
    if (process.platform === 'win32') return console.log('skipped: signals: Windows has none');
    watcher.kill('SIGINT');
    assert.is(await watcher.ended, 'SIGINT');
  } finally {
    watcher.kill('SIGKILL');
  }
});

watching('a process says what has happened, and sees new files in new directories', async () => {
  const directory = join(folder, 'dir');
  mkdirSync(directory);
  const watcher = new Watcher('inspect', directory, '--json');
  try {
    assert.is(JSON.parse(await watcher.run()).counts.errors, 1);
    mkdirSync(join(directory, 'in'));
    copyFileSync(join(root, 'fixtures/router/router.wasm'), join(directory, 'in/a.wasm'));
    assert.equal(JSON.parse(await watcher.run()).counts, { passed: 1, failed: 0, errors: 0 });
    rmSync(join(directory, 'in'), { recursive: true });
    assert.is(JSON.parse(await watcher.run()).counts.errors, 1);
    assert.not.match(watcher.stderr, '\u001b');
  } finally {
    watcher.kill('SIGKILL');
    await watcher.ended;
  }
});

watching.run();
