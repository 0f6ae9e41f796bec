// Kills processes that write into folders, 200 of them: `npm run test:kills`. The last line is
// `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findRuntime, thisNode } from '../../../scripts/runtimes.mjs';
import { FolderBytes, FolderRecords } from '../../../src/host/folder-store.ts';
import { Turns } from '../../../src/host/turns.ts';
import { contentsOf, RECORD } from './contents.ts';

/** How long a process may write before it is killed, in milliseconds. */
const WRITES_MS = 30;

/** How many processes run at once. */
const AT_ONCE = 4;

/**
 * Kills processes in the middle of writes, and loads what they left.
 *
 * @returns for each kill what was wrong with it; nothing if the old or the new contents were whole.
 */
export async function killWriters(count: number): Promise<string[]> {
  const turns = new Turns(AT_ONCE);
  const found = Array.from({ length: count }, () => turns.run(killWriter));
  return (await Promise.all(found)).filter((fault) => fault !== undefined);
}

function thisRuntime() {
  const name = 'Deno' in globalThis ? 'deno' : 'Bun' in globalThis ? 'bun' : undefined;
  const runtime = name === undefined ? thisNode() : findRuntime(name);
  if (runtime === undefined) throw new Error(`the runtime of this process, ${name}, was not found`);
  return runtime;
}

const program = fileURLToPath(new URL('writing-process.ts', import.meta.url));
const runtime = thisRuntime();

async function killWriter(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'cc-lb-kills-'));
  try {
    const ended = await written(folder);
    const [entry, ...others] = await new FolderRecords(join(folder, 'records')).entries();
    const bytes = await new FolderBytes(join(folder, 'bytes')).get(RECORD);
    if (others.length > 0) return `there are ${1 + others.length} records`;
    return fault('record', ended, entry?.[1]) ?? fault('bytes', ended, bytes && new TextDecoder().decode(bytes));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param ended the last version whose write was known to have ended. */
function fault(what: string, ended: number, text: string | undefined): string | undefined {
  const version = Number.parseInt(text ?? '', 10);
  if (text !== contentsOf(version)) return `the ${what} of ${text?.length} characters is not whole`;
  return version >= ended ? undefined : `the ${what} has version ${version}, but ${ended} was written`;
}

/** Lets a process write for a while, and kills it. @returns the last version that it reported. */
function written(folder: string): Promise<number> {
  const child = spawn(runtime.command, [...runtime.args, program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * WRITES_MS);
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => {
      // The last line may be cut, and then it has not ended.
      const last = output.split('\n').slice(0, -1).at(-1);
      if (signal === 'SIGKILL' && last !== undefined) resolve(Number(last));
      else reject(new Error(`the process ended by itself, with code ${code}, signal ${signal}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = Number(process.argv[2] ?? 200);
  const begun = performance.now();
  const faults = await killWriters(count);
  for (const each of faults) console.log(each);
  console.log(`${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  console.log(`${count - faults.length} passed, ${faults.length} failed`);
  if (faults.length > 0) process.exitCode = 1;
}
