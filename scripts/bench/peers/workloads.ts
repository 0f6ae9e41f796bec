import type * as Library from '../../../src/index.ts';
import { admittedPlugins, fixtureBytes, variant } from './admitted.ts';
import { exchangeCases } from './exchanges.ts';
import type { Host, OpenPlugin, Task, Workload } from './host.ts';
import { type Contender, compare, type Effort, type Timing } from './measure.ts';

/**
 * One row of the results: a thing that was done, and how long each host took, or why it could not.
 */
export interface Result {
  readonly workload: Workload | 'admission, warm';
  readonly name: string;
  /** Bytes of the input, or of the module. */
  readonly bytes: number;
  readonly timings: readonly Timing[];
  readonly cannot: readonly { readonly host: string; readonly reason: string }[];
}

/** The hosts to compare, and how long to measure them. */
export interface Bench extends Modules {
  /** The root entry that is measured. */
  readonly library: typeof Library;
  readonly hosts: readonly Host[];
  readonly effort: Effort;
  readonly report: (result: Result) => void;
}

/** A workload measured on every host that can do it. */
interface Row {
  readonly workload: Workload;
  readonly name: string;
  readonly bytes: number;
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly task: (plugin: OpenPlugin) => Task;
  /** Contenders that are no hosts. */
  readonly others?: readonly Contender[];
  /** Whether two answers are the same. */
  readonly same?: (one: unknown, other: unknown) => boolean;
}

/** An export that is called with text of `bytes` bytes. */
interface CallRow extends Omit<Row, 'task' | 'others' | 'same'> {
  readonly exported: string;
}

/** Modules of plugins/, assembled. */
interface Modules {
  readonly blocks: Uint8Array<ArrayBuffer>;
  readonly empty: Uint8Array<ArrayBuffer>;
}

const ECHO_BYTES = [300, 3_000, 64_000, 640_000, 6_400_000];
const echoes = [
  { name: 'echo, byte by byte', fixture: 'behaviour/echo' },
  { name: 'echo, eight bytes at a time', fixture: 'behaviour/echo-u64' },
];

/** All exports that are called outside of the protocol. */
export function callRows({ blocks, empty }: Modules): CallRow[] {
  return [
    { workload: 'call', name: 'empty export, empty input', bytes: 0, wasm: empty, exported: 'run' },
    ...echoes.flatMap(({ name, fixture }) => {
      const wasm = fixtureBytes(fixture);
      return ECHO_BYTES.map((bytes): CallRow => {
        return { workload: 'echo', name: `${name}, ${sizeName(bytes)}`, bytes, wasm, exported: 'run' };
      });
    }),
    { workload: 'blocks', name: '1,000 blocks, each freed', bytes: 0, wasm: blocks, exported: 'again' },
    { workload: 'blocks', name: '1,500 blocks, 500 in freed ones', bytes: 0, wasm: blocks, exported: 'mixed' },
    { workload: 'variables', name: '100 variables set and read', bytes: 0, wasm: blocks, exported: 'variables' },
  ];
}

/** The parts of the benchmark that run in one process, by the names that `--only` takes. */
export const parts: Readonly<Record<'kernel' | 'dispatch' | 'admission', (bench: Bench) => Promise<void>>> = {
  kernel: async (bench) => {
    for (const { exported, ...row } of callRows(bench)) {
      const input = 'x'.repeat(row.bytes);
      const task = (plugin: OpenPlugin) => plugin.callTask(exported, input);
      const same = (one: unknown, other: unknown) => one === other;
      await measureRow(bench, { ...row, task, same, others: row.workload === 'echo' ? [memoryCopy(row.bytes)] : [] });
    }
  },
  dispatch: async (bench) => {
    for (const { plugins, name, bytes, ...exchange } of exchangeCases(bench.library)) {
      for (const path of plugins) {
        await measureRow(bench, {
          workload: 'dispatch',
          name: `${name}, ${path}`,
          bytes,
          wasm: fixtureBytes(path),
          task: (plugin) => plugin.dispatchTask(exchange),
          same: sameValue,
        });
      }
    }
  },
  admission: async (bench) => {
    for (const { name, wasm } of admittedPlugins()) {
      for (const workload of ['admission', 'admission, warm'] as const) {
        const { able, cannot } = split(bench.hosts, 'admission');
        const contenders = able.flatMap(({ name: host, admit }) => {
          return admit === undefined ? [] : [admission(host, admit, wasm, workload === 'admission')];
        });
        await measure(bench, { workload, name, bytes: wasm.length }, contenders, cannot, 1);
      }
    }
  },
};

let variants = 0;

/** @param cold whether the bytes are others each time. */
function admission(
  host: string,
  admit: NonNullable<Host['admit']>,
  wasm: Uint8Array<ArrayBuffer>,
  cold: boolean,
): Contender {
  let bytes = wasm;
  const before = (): void => {
    if (cold) bytes = variant(wasm, variants++);
  };
  return { host, run: () => admit(bytes), before };
}

function memoryCopy(bytes: number): Contender {
  const source = new Uint8Array(bytes).fill(120);
  const target = new Uint8Array(bytes);
  return { host: 'memcpy', run: () => target.set(source) };
}

function sizeName(bytes: number): string {
  if (bytes >= 1e6) return `${bytes / 1e6} MB`;
  return bytes >= 1e3 ? `${bytes / 1e3} KB` : `${bytes} B`;
}

async function measureRow(bench: Bench, row: Row): Promise<void> {
  const { workload, name, bytes, wasm, task, others = [], same = () => true } = row;
  const { able, cannot } = split(bench.hosts, workload);
  const contenders: Contender[] = [];
  let expected: unknown;
  for (const host of able) {
    try {
      const plugin = await host.open(wasm);
      const run = task(plugin);
      const answer = await run();
      expected ??= answer;
      if (answer !== undefined && !same(answer, expected)) throw new Error('it answers differently');
      contenders.push({ host: host.name, run });
    } catch (thrown) {
      cannot.push({ host: host.name, reason: reasonOf(thrown) });
    }
  }
  await measure(bench, { workload, name, bytes }, [...contenders, ...others], cannot);
}

async function measure(
  { effort, report }: Bench,
  head: Pick<Result, 'workload' | 'name' | 'bytes'>,
  contenders: readonly Contender[],
  cannot: Result['cannot'],
  maxBatch?: number,
): Promise<void> {
  const { timings, failed } = await compare(contenders, maxBatch === undefined ? effort : { ...effort, maxBatch });
  const failures = failed.map(({ host, thrown }) => ({ host, reason: reasonOf(thrown) }));
  report({ ...head, timings, cannot: [...cannot, ...failures] });
}

function split(hosts: readonly Host[], workload: Workload) {
  const able = hosts.filter(({ cannot }) => cannot[workload] === undefined);
  const cannot = hosts
    .filter((host) => !able.includes(host))
    .map((host) => ({ host: host.name, reason: host.cannot[workload] ?? '' }));
  return { able, cannot };
}

function reasonOf(thrown: unknown): string {
  return String(thrown instanceof Error ? thrown.message : thrown).slice(0, 120);
}

/** Whether two responses are the same, whatever the order of their fields. */
function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}
