// The codec benchmark on the runtime that runs this file. scripts/bench/codec/on-each-runtime.ts
// starts it, and writes its task, as JSON, to its standard input. It prints a table, and last a
// line with all numbers as JSON.
import { readFileSync } from 'node:fs';
import { alternate, type Measuring } from '../alternate.ts';
import { table } from '../table.ts';
import { type CodecCase, codecCases } from './cases.ts';

/** What stands before the JSON. */
const REPORT_LABEL = 'report: ';

/** What came of one case. Speeds are parts of the engine's own. */
interface CodecResult {
  readonly name: string;
  readonly bytes: number;
  readonly engineMicroseconds: number;
  readonly codecMicroseconds: number;
  readonly speed: number;
  readonly spread: number;
  readonly target: number | undefined;
}

/** Results are kept here, so that no engine may optimise the work away. */
let sink: unknown;

function measure({ name, bytes, target, batch, engine, codec }: CodecCase, measuring: Measuring): CodecResult {
  const times = (run: () => unknown) => () => {
    for (let count = 0; count < batch; count++) sink = run();
  };
  // The codec goes first: the ratio is then the engine's time in parts of the codec's, which is the
  // codec's speed in parts of the engine's.
  const { firstMs, secondMs, ratio, spread } = alternate(times(codec), times(engine), measuring);
  const microseconds = (ms: number) => (ms / batch) * 1e3;
  return {
    name,
    bytes,
    engineMicroseconds: microseconds(secondMs),
    codecMicroseconds: microseconds(firstMs),
    speed: ratio,
    spread,
    target,
  };
}

function row(result: CodecResult): string[] {
  const { name, bytes, engineMicroseconds, codecMicroseconds, speed, spread, target } = result;
  const times = [engineMicroseconds, codecMicroseconds].map((time) => time.toFixed(2));
  const aim = target === undefined ? ['', ''] : [target.toFixed(1), speed >= target ? 'met' : 'MISSED'];
  return [name, `${bytes}`, ...times, speed.toFixed(2), spread.toFixed(2), ...aim];
}

// The process that started this one wrote it.
const task = JSON.parse(readFileSync(0, 'utf8')) as Measuring;
const results = codecCases().map((one) => measure(one, task));
const head = ['bytes to value, value to bytes', 'bytes', 'engine us', 'codec us', 'speed', '+-', 'target', ''];
console.log(`${table(head, results.map(row))}\n`);
if (sink === undefined) throw new Error('nothing was made');
console.log(REPORT_LABEL + JSON.stringify({ results }));
