// Lets processes take turns on the same rows, so that a change of the machine's load meets all.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { plainEnvironment } from '../../child-report.ts';
import { quantile } from '../alternate.ts';
import type { HookResult, HookTiming } from './results.ts';
import type { HookRow } from './rows.ts';
import type { Reply, Turn } from './turns.ts';

/** A program that takes part. It speaks as turns.ts does. */
export interface Contender {
  readonly host: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What it gets besides the rows. */
  readonly task: object;
}

/** How long to measure. */
export interface TurnEffort {
  /** Turns of each process on each row. */
  readonly rounds: number;
  /** Milliseconds of a turn, at most. */
  readonly turnMs: number;
}

/** Calls in a turn, at most. */
const CALLS = 1_000;
/** A first turn that does not count, for the engine to compile everything at its best. */
const WARM_UP = { calls: 10_000, ms: 600 };

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A running contender. */
class Participant {
  readonly host: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor({ host, command, args, task }: Contender, rows: readonly HookRow[]) {
    this.host = host;
    this.#child = spawn(command, args, {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...plainEnvironment, NODE_NO_WARNINGS: '1' },
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#child.stdin.write(`${JSON.stringify({ ...task, rows })}\n`);
  }

  /** @throws {Error} if the process has ended, or could not do it. */
  async ask(turn: Turn): Promise<Exclude<Reply, { readonly error: string }>> {
    this.#child.stdin.write(`${JSON.stringify(turn)}\n`);
    const { done, value } = await this.#lines.next();
    if (done === true) throw new Error(`${this.host} ended early, with exit code ${this.#child.exitCode}`);
    // The cast: the processes are this benchmark's own.
    const reply = JSON.parse(value) as Reply;
    if ('error' in reply) throw new Error(reply.error);
    return reply;
  }

  end(): void {
    this.#child.stdin.end();
  }
}

/**
 * Measures all rows on all contenders. Each round begins with another contender. One that fails on
 * a row, or answers differently from the first, is left out there.
 *
 * @throws {Error} if a contender does not start.
 */
export async function measureInTurns(
  contenders: readonly Contender[],
  rows: readonly HookRow[],
  effort: TurnEffort,
  report: (result: HookResult) => void,
): Promise<void> {
  const participants = contenders.map((contender) => new Participant(contender, rows));
  for (const [row, { name, kind }] of rows.entries())
    report({ name, kind, ...(await measureRow(participants, row, effort)) });
  for (const participant of participants) participant.end();
}

/** Measurements of one contender on one row. */
interface Measured {
  readonly participant: Participant;
  readonly times: number[];
  readonly cpu: number[];
}

async function measureRow(
  participants: readonly Participant[],
  row: number,
  { rounds, turnMs }: TurnEffort,
): Promise<Pick<HookResult, 'timings' | 'cannot'>> {
  const able: Measured[] = [];
  const cannot: { readonly host: string; readonly reason: string }[] = [];
  let expected: string | undefined;
  for (const participant of participants) {
    try {
      const answer = await answerOf(participant, row);
      expected ??= answer;
      if (answer !== expected) throw new Error('it answers differently');
      await participant.ask({ times: { row, ...WARM_UP } });
      able.push({ participant, times: [], cpu: [] });
    } catch (thrown) {
      cannot.push({ host: participant.host, reason: String(thrown instanceof Error ? thrown.message : thrown) });
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < able.length; turn++) {
      const one = able[(turn + round) % able.length];
      if (one === undefined) continue;
      const reply = await one.participant.ask({ times: { row, calls: CALLS, ms: turnMs } });
      if (!('times' in reply)) throw new Error(`${one.participant.host} has not measured`);
      one.times.push(...reply.times);
      if (reply.cpu !== undefined) one.cpu.push(reply.cpu);
    }
  }
  return { timings: able.map(timing), cannot };
}

async function answerOf(participant: Participant, row: number): Promise<string> {
  const reply = await participant.ask({ answer: { row } });
  if (!('answer' in reply)) throw new Error('it gave no answer');
  return reply.answer;
}

function timing({ participant: { host }, times, cpu }: Measured): HookTiming {
  const found = { host, calls: times.length, median: quantile(times, 0.5), p99: quantile(times, 0.99) };
  // The least of the turns: other processes on the machine only add to it.
  return cpu.length === 0 ? found : { ...found, cpu: Math.min(...cpu) };
}
