import { Buffer } from 'node:buffer';
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { reasonOf } from '../../failure.ts';
import type { Output } from '../output/terminal.ts';
import { untilSignal } from '../program/ended-by-signal.ts';
import { TIMER_MAX_MS } from '../program/line-program.ts';
import type { ConfinedEnd, ConfinedRun } from './confinement.ts';
import {
  CONFINED,
  type ConfinedOrder,
  type Frame,
  FrameReader,
  ORDER_LENGTH_BYTES,
  type StreamLook,
} from './frames.ts';

/** How long the child may take to load this program, before it gets the plugin, in milliseconds. */
const START_MS = 60_000;

/** How long the child may take to compile the plugin, until its first run, in milliseconds. */
const LOAD_MS = 5_000;

/** How much longer a step may take before the child is ended, in milliseconds. */
const GRACE_MS = 1_000;

/** How many bytes the child may write, to both streams together. */
const OUTPUT_MAX = 0x400_0000;

/**
 * Runs this program again, with its arguments, in a child process. Ends the child one second after
 * the time that a step of it may take: {@link LOAD_MS} for loading, and for each run its `wallMs`.
 */
export function runConfined(run: ConfinedRun): Promise<ConfinedEnd> {
  return new Promise((resolve) => new ConfinedChild(run, resolve));
}

class ConfinedChild {
  readonly #run: ConfinedRun;
  readonly #frames = new FrameReader();
  readonly #conclude: (end: ConfinedEnd) => void;
  #child: ChildProcess | undefined;
  #written = 0;
  /** When the child got the plugin, in milliseconds of `performance.now`. */
  #begunAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How the child ended, if its parent ended it. */
  #ended: ConfinedEnd | undefined;

  /** @param conclude called when the child has ended. */
  constructor(run: ConfinedRun, conclude: (end: ConfinedEnd) => void) {
    this.#run = run;
    // Before the start: a signal may come as soon as the child runs.
    const forget = untilSignal(() => this.#child?.kill('SIGKILL'));
    this.#conclude = (end) => {
      clearTimeout(this.#timer);
      forget();
      conclude(end);
    };
    this.#allow(START_MS, () => ({ kind: 'NoChildProcess', reason: `it took longer than ${START_MS} ms to start` }));
    try {
      this.#start();
    } catch (error) {
      // Deno throws if the permission is missing.
      this.#conclude({ kind: 'NoChildProcess', reason: reasonOf(error) });
    }
  }

  #start(): void {
    const args = [...ownArguments(), CONFINED, ...process.argv.slice(2)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdout.on('data', (bytes: Uint8Array) => this.#count(bytes, () => this.#read(bytes)));
    child.stderr.on('data', (bytes: Uint8Array) => this.#count(bytes, () => this.#run.stderr.write(bytes)));
    // A child that has ended cannot be written to. `close` reports that.
    child.stdin.on('error', () => undefined);
    child.on('error', ({ message }) => this.#conclude({ kind: 'NoChildProcess', reason: message }));
    child.on('close', (code, signal) => this.#conclude(this.#ended ?? this.#endOf(code, signal)));
  }

  #endOf(code: number | null, signal: NodeJS.Signals | null): ConfinedEnd {
    const by = signal ?? `exit code ${code}`;
    return this.#begunAt === undefined
      ? { kind: 'NoChildProcess', reason: `it ended with ${by}` }
      : { kind: 'Died', by };
  }

  #read(bytes: Uint8Array): void {
    try {
      for (const frame of this.#frames.read(bytes)) this.#take(frame);
    } catch (error) {
      this.#end({ kind: 'Died', by: reasonOf(error) });
    }
  }

  #take({ kind, amount, text }: Frame): void {
    switch (kind) {
      case 'ready':
        this.#begin();
        break;
      case 'run':
        this.#allowRun(amount);
        break;
      case 'stdin':
        this.#giveStdin();
        break;
      case 'answer':
        this.#end({ kind: 'Answered', text });
    }
  }

  /** Standard input may be a person who types: that takes no time of the plugin. */
  #giveStdin(): void {
    clearTimeout(this.#timer);
    this.#run.readStdin().then(
      (bytes) => {
        this.#child?.stdin?.end(bytes);
        this.#allowRun(LOAD_MS);
      },
      (error: unknown) => this.#end({ kind: 'Died', by: reasonOf(error) }),
    );
  }

  #begin(): void {
    const { file, plugin, stdout, stderr } = this.#run;
    const order: ConfinedOrder = {
      file,
      pluginBytes: plugin.length,
      stdout: lookOf(stdout),
      stderr: lookOf(stderr),
    };
    const json = Buffer.from(JSON.stringify(order));
    const length = Buffer.alloc(ORDER_LENGTH_BYTES);
    length.writeUInt32LE(json.length);
    this.#child?.stdin?.write(Buffer.concat([length, json, plugin]));
    this.#begunAt = performance.now();
    this.#allowRun(LOAD_MS);
  }

  #allowRun(wallMs: number): void {
    this.#allow(wallMs + GRACE_MS, () => ({
      kind: 'DidNotStop',
      afterMs: Math.round(performance.now() - (this.#begunAt ?? 0)),
    }));
  }

  /** Ends the child after this time, unless another time is allowed before. */
  #allow(ms: number, end: () => ConfinedEnd): void {
    clearTimeout(this.#timer);
    if (ms <= TIMER_MAX_MS) this.#timer = setTimeout(() => this.#end(end()), ms);
  }

  /** Takes what the child wrote, unless it is too much. */
  #count({ length }: Uint8Array, take: () => void): void {
    this.#written += length;
    if (this.#written > OUTPUT_MAX) this.#end({ kind: 'WroteTooMuch', bytes: OUTPUT_MAX });
    else take();
  }

  #end(end: ConfinedEnd): void {
    this.#ended ??= end;
    this.#child?.kill('SIGKILL');
  }
}

function lookOf({ color, isTerminal = false, erasesLines = false }: Output): StreamLook {
  return { color, isTerminal, erasesLines };
}

/** The part of Deno that this file uses. */
interface DenoPermissions {
  readonly permissions: { querySync(asked: { readonly name: string }): { readonly state: string } };
}

/** What the child needs of what this process may do: to read and write files, and the colours. */
const DENO_PERMISSIONS = ['read', 'write', 'env'];

/** The arguments that started this process, up to the file that runs. */
function ownArguments(): string[] {
  const [, entry = ''] = process.argv;
  // The cast: Deno is the only runtime with a global of that name.
  const { Deno } = globalThis as { readonly Deno?: DenoPermissions };
  if (Deno === undefined) return [...process.execArgv, entry];
  const granted = DENO_PERMISSIONS.filter((name) => Deno.permissions.querySync({ name }).state === 'granted');
  // Deno does not tell its own arguments. Nothing is fetched, because this process has it all.
  return ['run', '--no-prompt', '--cached-only', '--no-lock', ...granted.map((name) => `--allow-${name}`), entry];
}
