// The speed of the codec beside the engine's own JSON, on the runtime that runs this file. The
// benchmark starts it, and writes its task, as JSON, to its standard input. It prints a table, and
// last a line with all numbers as JSON.
import { readFileSync } from 'node:fs';
import type * as Library from '../../../src/index.ts';
import { reportLabel } from '../../child-report.ts';
import { alternate, type Measuring } from '../alternate.ts';
import { fixtureBytes } from '../peers/admitted.ts';
import { table } from '../table.ts';
import { type CodecCase, codecCases, smallRequest } from './cases.ts';

/** What came of one case. Speeds are parts of the engine's own. */
interface CodecResult {
  readonly name: string;
  readonly bytes: number;
  readonly engineMicroseconds: number;
  readonly codecMicroseconds: number;
  readonly speed: number;
  readonly spread: number;
}

/** What came of all. */
export interface CodecReport {
  readonly results: readonly CodecResult[];
  /** The part of a dispatch of `filter`, with a request of 2 KB, that is not the call itself. */
  readonly shareOfDispatch: number;
}

/** Dispatches that are timed together: so few that another process seldom comes between. */
const BATCH = 2;
const SHARE_ROUNDS = { rounds: 301, warmUpRounds: 500 };

/** Results are kept here, so that no engine may optimise the work away. */
let sink: unknown;

const times = (run: () => unknown, batch: number) => () => {
  for (let count = 0; count < batch; count++) sink = run();
};

function measure({ name, bytes, batch, engine, codec }: CodecCase, measuring: Measuring): CodecResult {
  // The codec goes first: the ratio is then the engine's time in parts of the codec's, which is the
  // codec's speed in parts of the engine's.
  const { firstMs, secondMs, ratio, spread } = alternate(times(codec, batch), times(engine, batch), measuring);
  const microseconds = (ms: number) => (ms / batch) * 1e3;
  return {
    name,
    bytes,
    engineMicroseconds: microseconds(secondMs),
    codecMicroseconds: microseconds(firstMs),
    speed: ratio,
    spread,
  };
}

/** What a dispatch takes beyond the call with bytes that are there already. */
function shareOfDispatch(library: typeof Library): number {
  const { buildPlugin, dispatchWireCall, encodeJson, wire } = library;
  const { filter } = wire.v3;
  const plugin = buildPlugin(fixtureBytes('router/router'), { fuel: 1e15, wallMs: 600_000 });
  const request = smallRequest(library);
  const version = filter.supportedVersions.at(-1) ?? 1;
  const text = encodeJson(filter.schemas.request, request, 'sorted').replace('{', `{"_v":${version},`);
  const input = new TextEncoder().encode(text);
  const negotiated = { negotiated_functions: { filter: version } };
  const call = () => plugin.callView('filter', input);
  const dispatch = () => {
    const outcome = dispatchWireCall(filter, plugin, negotiated, request);
    if (outcome.kind === 'ok') return outcome.response;
    throw outcome.error;
  };
  const { ratio } = alternate(times(call, BATCH), times(dispatch, BATCH), SHARE_ROUNDS);
  return 1 - 1 / ratio;
}

// The process that started this one wrote it.
const { entry, ...measuring } = JSON.parse(readFileSync(0, 'utf8')) as Measuring & { readonly entry: string };
// The cast: the module at that address is the root entry.
const library = (await import(entry)) as typeof Library;
const report: CodecReport = {
  results: codecCases(library).map((one) => measure(one, measuring)),
  shareOfDispatch: shareOfDispatch(library),
};
const rows = report.results.map(({ name, bytes, engineMicroseconds, codecMicroseconds, speed, spread }) => {
  const both = [engineMicroseconds, codecMicroseconds].map((time) => time.toFixed(2));
  return [name, `${bytes}`, ...both, speed.toFixed(2), spread.toFixed(2)];
});
console.log(table(['codec: value to bytes, and back', 'bytes', 'engine us', 'codec us', 'speed', '+-'], rows));
console.log(`  ${(report.shareOfDispatch * 100).toFixed(0)} % of a dispatch of filter, 2 KB, is beyond the call\n`);
if (sink === undefined) throw new Error('nothing was made');
console.log(reportLabel + JSON.stringify(report));
