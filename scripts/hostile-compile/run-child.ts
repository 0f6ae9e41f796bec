import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRuntime } from '../runtimes.mjs';
import type { Project } from './project.ts';

/** A runtime that this machine has. */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What a phase took, in milliseconds and MB. */
export interface PhaseReport {
  readonly name: string;
  readonly wallMs: number;
  /** Processor time of the process. */
  readonly cpuMs: number;
  /** Processor time of the thread that called; `undefined` where the system does not tell. */
  readonly threadMs: number | undefined;
  /** The most memory since the first phase, beyond what the process had before. */
  readonly peakMb: number;
  /** The same of address space, in GB; 0 where the system does not tell. */
  readonly spaceGb: number;
  readonly end: PhaseEnd;
}

/** How a phase ended. */
export type PhaseEnd =
  | 'done'
  | { readonly ended: string; readonly fuel?: number; readonly message?: string }
  | { readonly thrown: string; readonly name?: string; readonly kind?: string; readonly limit?: string };

/** What became of a process. */
export interface ChildReport {
  /**
   * Whether the engine takes the module as it was before metering; `undefined` when the process did
   * not get so far.
   */
  readonly valid: boolean | undefined;
  readonly phases: readonly PhaseReport[];
  /** The phase that the process died in, with how it died; `undefined` for one that ended well. */
  readonly died: { readonly phase: string; readonly how: string } | undefined;
}

/** What a process is to do. */
export interface Job {
  /** A clone of the project. */
  readonly project: Project;
  readonly wasm: Uint8Array;
  /** The same module under another name, for the admission. */
  readonly admitted: Uint8Array;
  /** Options of `compilePlugin`. */
  readonly compile: Readonly<Record<string, unknown>>;
  /** Options of `admit`. */
  readonly admit: Readonly<Record<string, unknown>>;
  readonly phases: readonly string[];
  /**
   * Whether the library is run for a while first, so that it is compiled itself before anything is
   * measured.
   */
  readonly warm: boolean;
  /** How long the engine's threads may go on, in milliseconds, before that is given up. */
  readonly idleMs: number;
  /** How long the process may take. */
  readonly timeoutMs: number;
}

const child = fileURLToPath(new URL('child.mjs', import.meta.url));

/** A plugin that is admitted, in a built clone. */
const NEXT = 'fixtures/router/router.wasm';

/** How often it is compiled before anything is measured. */
const WARM_UP = 3;

const OUTPUT_BYTES_MAX = 100_000;

/** The runtime of a name. @throws Error when this machine has none. */
export function runtimeNamed(name: string): Runtime {
  const found: { readonly command: string; readonly args: readonly string[] } | undefined = findRuntime(name);
  if (found === undefined) throw new Error(`there is no runtime ${name} on this machine`);
  // The child is plain JavaScript: Node needs nothing of what its row gives for TypeScript.
  return { name, command: found.command, args: name.startsWith('node') ? [] : found.args };
}

/** Runs a module in a process of its own. */
export async function runChild({ command, args }: Runtime, job: Job): Promise<ChildReport> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-compile-'));
  try {
    const [module, admitted] = [join(folder, 'module.wasm'), join(folder, 'admitted.wasm')];
    writeFileSync(module, job.wasm);
    writeFileSync(admitted, job.admitted);
    const { project, compile, admit, phases, idleMs } = job;
    const warmUp = job.warm ? WARM_UP : 0;
    const next = join(project.path, NEXT);
    const task = { entries: project.entries, module, admitted, next, compile, admit, phases, idleMs, warmUp };
    return await start(command, [...args, child, JSON.stringify(task)], job.timeoutMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start(command: string, args: readonly string[], timeoutMs: number): Promise<ChildReport> {
  const started = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
  });
  let [output, errors] = ['', ''];
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (errors.length < OUTPUT_BYTES_MAX) errors += text;
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    started.kill('SIGKILL');
  }, timeoutMs);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    started.on('close', (...how) => resolve(how)).on('error', reject);
  });
  clearTimeout(timer);
  const { phase, ...report } = readReport(output);
  if (code === 0) return { ...report, died: undefined };
  const how = timedOut
    ? `no end within ${timeoutMs / 1000} s`
    : `${signal ?? `exit code ${code}`}: ${reasonIn(errors)}`;
  return { ...report, died: { phase, how } };
}

const reasonIn = (errors: string): string =>
  /(?:Check failed|FATAL ERROR|Fatal|panic|abort|error:)[^\n]*/i.exec(errors)?.[0]?.slice(0, 200) ??
  errors.slice(0, 300);

/** A line of the child's. */
type Line =
  | { valid: boolean }
  | { begins: string }
  | ({ ends: string } & Omit<PhaseReport, 'name'>)
  | { total: unknown };

function readReport(output: string): Omit<ChildReport, 'died'> & { readonly phase: string } {
  let valid: boolean | undefined;
  let phase = 'start';
  const phases: PhaseReport[] = [];
  for (const text of output.split('\n')) {
    if (!text.startsWith('{')) continue;
    let line: Line;
    try {
      // Written by child.mjs; an unfinished last line does not parse.
      line = JSON.parse(text) as Line;
    } catch {
      continue;
    }
    if ('valid' in line) valid = line.valid;
    else if ('begins' in line) phase = line.begins;
    else if ('ends' in line) {
      const { ends, ...rest } = line;
      phases.push({ name: ends, ...rest });
      phase = `after ${ends}`;
    }
  }
  return { valid, phases, phase };
}
