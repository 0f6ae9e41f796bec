// The side of a process that takes turns with others. The first line of its standard input is the
// task; each further line names a row, and is answered by one line. Both are JSON. The published
// host's side is scripts/reference/hooks.
import { createInterface } from 'node:readline';
import type { HookRow } from './rows.ts';

/** What to do with a row: do it for a time, or once and show the answer. */
export type Turn =
  | { readonly times: { readonly row: number; readonly calls: number; readonly ms: number } }
  | { readonly answer: { readonly row: number } };

/** What comes of a turn. */
export type Reply =
  | {
      /** Microseconds of each call. */
      readonly times: readonly number[];
      /** Microseconds that all threads of the process took for one call, if it knows. */
      readonly cpu?: number;
    }
  /** The answer's archive in hex; empty for admission. */
  | { readonly answer: string }
  | { readonly error: string };

/** A row that is ready to be measured. */
export interface OpenRow {
  /** Does it once. */
  readonly run: () => unknown;
  /** What comes before, outside of the time. */
  readonly before?: () => void;
  /** Encodes what `run` returned. */
  readonly encode: (response: unknown) => Uint8Array;
}

/** The first line that a process gets. */
interface AnyTask {
  readonly rows: readonly HookRow[];
}

/** Makes a row ready, when its first turn comes. */
type Open<Task> = (row: HookRow, task: Task) => OpenRow | Promise<OpenRow>;

/** Takes turns until the standard input ends. */
export async function takeTurns<Task extends AnyTask>(open: Open<Task>): Promise<void> {
  let task: Task | undefined;
  const opened = new Map<number, OpenRow>();
  for await (const line of createInterface({ input: process.stdin })) {
    if (task === undefined) {
      // processes.ts wrote it.
      task = JSON.parse(line) as Task;
      continue;
    }
    // As above.
    const turn = JSON.parse(line) as Turn;
    console.log(JSON.stringify(await replyTo(turn, task, opened, open)));
  }
}

async function replyTo<Task extends AnyTask>(
  turn: Turn,
  task: Task,
  opened: Map<number, OpenRow>,
  open: Open<Task>,
): Promise<Reply> {
  const { row: index } = 'times' in turn ? turn.times : turn.answer;
  try {
    const row = task.rows[index];
    if (row === undefined) throw new RangeError(`there is no row ${index}`);
    const ready = opened.get(index) ?? (await open(row, task));
    opened.set(index, ready);
    if ('times' in turn) return measure(ready, turn.times);
    ready.before?.();
    return { answer: Buffer.from(ready.encode(ready.run())).toString('hex') };
  } catch (thrown) {
    return { error: String(thrown instanceof Error ? thrown.message : thrown) };
  }
}

/** Does it until the calls or the time are used up, and at least once. */
function measure(
  { run, before }: OpenRow,
  { calls, ms }: { readonly calls: number; readonly ms: number },
): Extract<Reply, { times: unknown }> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const end = performance.now() + ms;
  while (times.length < calls && (times.length === 0 || performance.now() < end)) {
    before?.();
    const start = performance.now();
    sink = run();
    times.push((performance.now() - start) * 1e3);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { times, cpu: (user + system) / times.length };
}

/** Results are kept here, so that no engine may optimise the work away. */
export let sink: unknown;
