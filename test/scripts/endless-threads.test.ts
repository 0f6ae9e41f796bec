// Which threads end when they are terminated, by runtime: what `hostInWorkers` must count on. A
// runtime that is mended fails here, so that somebody sees it.
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runtimeArguments } from '../cli/runtime-arguments.ts';
import type { EndlessKind } from '../host/workers/endless.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = 'test/scripts/endless-thread.ts';

/** Whether a thread ends, by runtime and by what it does. */
const table: Readonly<Record<'node' | 'deno' | 'bun', Readonly<Record<EndlessKind | 'compile', boolean>>>> = {
  node: { 'loop that calls an import': true, loop: true, compile: false },
  deno: { 'loop that calls an import': false, loop: false, compile: false },
  bun: { 'loop that calls an import': true, loop: false, compile: false },
};

const runtime = 'Deno' in globalThis ? 'deno' : 'Bun' in globalThis ? 'bun' : 'node';

/** Runs the program until it prints a line, and kills it. */
async function lineOfProgram(does: 'compile' | 'loop'): Promise<string> {
  const child = spawn(process.execPath, [...runtimeArguments(program), program, does], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('\n')) resolve();
      });
    });
  } finally {
    child.kill('SIGKILL');
  }
  return output;
}

const ending = suite('a thread that is terminated');

ending(`ends or runs on as the table says of ${runtime}`, async () => {
  const ended = { ...JSON.parse(await lineOfProgram('loop')), ...JSON.parse(await lineOfProgram('compile')) };
  assert.equal(ended, table[runtime]);
});

ending.run();
