import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { CallCost } from '../call/report.ts';
import { costText, MEASURES, type Measure } from '../call/series.ts';

/** The height of each plot, in CSS pixels. */
const HEIGHT = 150;

/** What several calls took: a plot of each measure, and a slider that reads out one call. */
export function Plots({ costs }: { readonly costs: readonly CallCost[] }): VNode {
  const [call, setCall] = useState(1);
  const chosen = Math.min(call, costs.length);
  const cost = costs[chosen - 1];
  return (
    <figure class="plots">
      {MEASURES.filter(({ measure }) => costs.some((each) => !Number.isNaN(each[measure]))).map(
        ({ measure, title }) => (
          <div key={measure} class="plot" aria-hidden="true">
            <p class="plot-title">{title}</p>
            <Plot costs={costs} measure={measure} title={title} call={chosen} onCall={setCall} />
          </div>
        ),
      )}
      <figcaption>
        <label for="plot-call">Call to show</label>
        <input
          id="plot-call"
          type="range"
          min={1}
          max={costs.length}
          value={chosen}
          aria-valuetext={cost && costText(cost, chosen)}
          onInput={({ currentTarget }) => setCall(currentTarget.valueAsNumber)}
        />
        <p class="costs">{cost && costText(cost, chosen)}</p>
      </figcaption>
    </figure>
  );
}

interface PlotProps {
  readonly costs: readonly CallCost[];
  readonly measure: Measure;
  readonly title: string;
  /** The call that the cursor stands at, from 1. */
  readonly call: number;
  readonly onCall: (call: number) => void;
}

/** One measure of all calls, drawn on a canvas as wide as there is room. */
function Plot({ costs, measure, title, call, onCall }: PlotProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | undefined>(undefined);
  const scheme = useColorScheme();
  useEffect(() => {
    const { current: target } = place;
    if (target === null) return undefined;
    const plot = new uPlot(optionsOf(target, title, onCall), pointsOf(costs, measure), target);
    drawn.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height: HEIGHT }));
    observer.observe(target);
    return () => {
      observer.disconnect();
      plot.destroy();
      drawn.current = undefined;
    };
  }, [scheme, measure]);
  useEffect(() => drawn.current?.setData(pointsOf(costs, measure)), [costs, measure]);
  useEffect(() => showCall(drawn.current, call), [call, costs, scheme]);
  return <div ref={place} class="canvas" />;
}

/** Moves the cursor to a call. */
function showCall(plot: uPlot | undefined, call: number): void {
  if (plot === undefined || plot.cursor.idx === call - 1) return;
  const left = plot.valToPos(call, 'x');
  if (Number.isFinite(left)) plot.setCursor({ left, top: HEIGHT / 2 }, false);
}

function pointsOf(costs: readonly CallCost[], measure: Measure): uPlot.AlignedData {
  return [costs.map((_, index) => index + 1), costs.map((cost) => cost[measure])];
}

/** The options of a plot in the colours of the page. */
function optionsOf(target: HTMLElement, title: string, onCall: (call: number) => void): uPlot.Options {
  const style = getComputedStyle(target);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
  };
  const isWhole = (value: number): string => (Number.isInteger(value) ? value.toLocaleString('en') : '');
  return {
    width: target.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false } },
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, sync: { key: 'calls' }, points: { size: 7 } },
    axes: [
      { ...axis, values: (_, values) => values.map(isWhole) },
      { ...axis, size: 78, values: (_, values) => values.map(shortNumber) },
    ],
    series: [{}, { label: title, stroke: colour('--accent'), width: 1.5, points: { size: 4 } }],
    hooks: {
      setCursor: [
        (plot) => {
          const { idx, event } = plot.cursor;
          // Only a pointer chooses a call: else the cursor is where the slider put it.
          if (event !== undefined && event !== null && typeof idx === 'number') onCall(idx + 1);
        },
      ],
    },
  };
}

/** A number for an axis: `1.2M`. */
function shortNumber(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 }).format(value);
}

/** The colour scheme of the page, which may change while it is open. */
function useColorScheme(): 'dark' | 'light' {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const follow = ({ matches }: MediaQueryListEvent): void => setDark(matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isDark ? 'dark' : 'light';
}
