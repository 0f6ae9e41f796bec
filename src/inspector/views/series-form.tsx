import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../digits.ts';
import { MEASURES, runSeries, SERIES_MAX, type Series, SLICE_MS, seriesCount, spreadOf } from '../call/series.ts';
import { taskEnd } from '../task-run.ts';
import type { CallInput } from '../worker/calls.ts';
import type { WorkerClient } from '../worker/worker-client.ts';
import { CallResult } from './call-result.tsx';
import { Failure } from './failure.tsx';
import { Plots } from './plot.tsx';
import { Table } from './table.tsx';

/** How many calls are made if the reader does not say. */
const FIRST_COUNT = 100;

/** Makes the same call again and again, and plots what each took. */
export function SeriesForm({
  worker,
  input,
  hrefOf,
  repeats,
  onRepeats,
}: {
  readonly worker: WorkerClient;
  /** The call to make; `undefined` if the request has faults. */
  readonly input: CallInput | undefined;
  /** The address of the code of a function, by its index. */
  readonly hrefOf: (index: number) => string;
  readonly repeats: number | undefined;
  readonly onRepeats: (repeats: number) => void;
}): VNode {
  const [typed, setTyped] = useState(String(repeats ?? FIRST_COUNT));
  const [series, setSeries] = useState<Series>();
  const [broken, setBroken] = useState<ReturnType<typeof taskEnd>>();
  const isStopped = useRef(false);
  const count = seriesCount(typed);
  const isRunning = series?.end === 'running' && broken === undefined;
  // A panel that is left makes no more calls.
  useEffect(
    () => () => {
      isStopped.current = true;
    },
    [],
  );

  const start = (call: CallInput, calls: number): void => {
    isStopped.current = false;
    setBroken(undefined);
    onRepeats(calls);
    const slice = (left: number) => worker.run('callRepeatedly', { ...call, count: left, sliceMs: SLICE_MS });
    runSeries(calls, slice, setSeries, () => isStopped.current).catch((thrown) => setBroken(taskEnd(thrown)));
  };

  return (
    <>
      <div class="actions">
        <div class="field">
          <label for="repeats">Number of calls</label>
          <input
            id="repeats"
            type="number"
            min={1}
            max={SERIES_MAX}
            value={typed}
            aria-invalid={count === undefined}
            aria-describedby="repeats-about"
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </div>
        <button
          type="button"
          disabled={isRunning || input === undefined || count === undefined}
          onClick={() => {
            if (input !== undefined && count !== undefined) start(input, count);
          }}
        >
          Repeat the call
        </button>
        <button
          type="button"
          disabled={!isRunning}
          onClick={() => {
            isStopped.current = true;
          }}
        >
          Stop repeating
        </button>
      </div>
      <p class={count === undefined ? 'fault' : 'note'} id="repeats-about">
        {count === undefined ? 'expected' : ''} {count === undefined ? 'a' : 'A'} whole number from 1 to{' '}
        {formatCount(SERIES_MAX)}. The calls are made one after the other, and none after one that fails.
      </p>
      <p role="status" aria-label="Repeated calls">
        {series === undefined ? '' : progressText(series, broken !== undefined)}
      </p>
      {broken?.kind === 'failed' && <Failure error={broken.error} />}
      {series !== undefined && series.costs.length > 0 && <SeriesResult series={series} />}
      {series?.failed !== undefined && (
        <CallResult report={series.failed} hrefOf={hrefOf} label="Result of the call that failed" />
      )}
    </>
  );
}

function progressText({ count, costs, end }: Series, isBroken: boolean): string {
  const made = `${formatCount(costs.length)} of ${formatCount(count)} calls`;
  if (isBroken) return `${made} were answered before the worker ended.`;
  const texts: Readonly<Record<Series['end'], string>> = {
    running: `${made}…`,
    done: `${made} were answered.`,
    stopped: `${made} were answered, then they were stopped.`,
    failed: `${made} were answered, then one failed.`,
  };
  return texts[end];
}

function SeriesResult({ series: { costs } }: { readonly series: Series }): VNode {
  return (
    <>
      <Plots costs={costs} />
      <Table
        caption="Fuel, memory and time of the calls"
        columns={[
          { title: 'Of each call' },
          { title: 'Least', isNumeric: true },
          { title: 'Median', isNumeric: true },
          { title: 'Greatest', isNumeric: true },
        ]}
        rows={MEASURES.map(({ measure, title, digits }) => {
          const spread = spreadOf(costs, measure);
          const text = (value: number | undefined): string =>
            value === undefined ? 'not counted' : digits === 0 ? formatCount(value) : value.toFixed(digits);
          return [title, text(spread?.least), text(spread?.median), text(spread?.greatest)];
        })}
      />
      <p class="note">Browsers round the clock, most to 0.1 ms. Fuel and pages are the same on every machine.</p>
    </>
  );
}
