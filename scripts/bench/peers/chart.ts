// Draws time against size as SVG: both axes logarithmic, one line for each host, readable on light
// and dark pages. A chart library would need a document to draw in, or has colours for one theme
// only.

/** A point of a line: a size in bytes, and a time in microseconds. */
export type ChartPoint = readonly [bytes: number, microseconds: number];

/** A line of a chart. */
export interface ChartLine {
  readonly name: string;
  /** Sorted by size. */
  readonly points: readonly ChartPoint[];
}

const WIDTH = 760;
const HEIGHT = 430;
const PLOT = { left: 64, right: 548, top: 52, bottom: 376 };
/** The least distance of two names beside their lines, in pixels. */
const LINE_HEIGHT = 15;
/** Colours of the lines, in their order, on light and on dark pages. */
const COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ['#0b62d6', '#58a6ff'],
  ['#0e7490', '#39c5cf'],
  ['#c2410c', '#ff8a4c'],
  ['#a16207', '#e3b341'],
  ['#7c3aed', '#b392f0'],
  ['#15803d', '#56d364'],
  ['#6b7280', '#8b949e'],
  ['#be185d', '#f778ba'],
];

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
const round = (value: number): number => Math.round(value * 10) / 10;

/** A logarithmic scale over whole decades. */
function scale(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const decades = Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step));
  return {
    decades,
    at: (value: number): number => round(from + ((Math.log10(value) - low) / (high - low)) * (to - from)),
  };
}

type Unit = readonly [factor: number, name: string];

/** Prints a value in the first unit that it reaches, else in the last. */
function unit(value: number, units: readonly [Unit, ...Unit[]]): string {
  const [factor, name] = units.find(([least]) => value >= least) ?? units.at(-1) ?? units[0];
  return `${Number((value / factor).toPrecision(3))} ${name}`;
}
const duration = (us: number): string =>
  unit(us, [
    [1e6, 's'],
    [1e3, 'ms'],
    [1, 'us'],
    [1e-3, 'ns'],
  ]);
const size = (bytes: number): string =>
  unit(bytes, [
    [1e6, 'MB'],
    [1e3, 'KB'],
    [1, 'B'],
  ]);

/** Where names stand: each at the end of its line, or below the name above it. */
function spread(places: readonly number[]): number[] {
  const sorted = places.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let above = Number.NEGATIVE_INFINITY;
  for (const place of sorted) {
    place.y = Math.max(place.y, above + LINE_HEIGHT);
    above = place.y;
  }
  const overflow = Math.max(0, (sorted.at(-1)?.y ?? 0) - PLOT.bottom);
  return sorted.sort((a, b) => a.index - b.index).map(({ y }) => y - overflow);
}

function style(count: number): string {
  const lines = (theme: 0 | 1): string[] =>
    COLOURS.slice(0, count).map((pair, index) => `.l${index}{--c:${pair[theme]}}`);
  return [
    'text{font:12px system-ui,sans-serif;fill:var(--ink)}',
    '.title{font-weight:600;font-size:14px}.small{fill:var(--soft)}',
    '.grid{stroke:var(--grid);stroke-width:1}polyline{fill:none;stroke:var(--c);stroke-width:2}',
    'circle{fill:var(--c)}.name{fill:var(--c)}',
    'svg{--ink:#1f2328;--soft:#59636e;--grid:#d1d9e0}',
    ...lines(0),
    `@media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--soft:#9198a1;--grid:#30363d}${lines(1).join('')}}`,
  ].join('');
}

/**
 * Draws a chart.
 *
 * @param chart its titles and lines; a line without points is left out.
 * @returns an SVG.
 */
export function lineChart({
  title,
  subtitle,
  lines: all,
}: {
  readonly title: string;
  readonly subtitle: string;
  readonly lines: readonly ChartLine[];
}): string {
  const lines = all.filter(({ points }) => points.length > 0);
  const points = lines.flatMap(({ points: own }) => own);
  const x = scale(
    points.map(([bytes]) => bytes),
    PLOT.left,
    PLOT.right,
  );
  const y = scale(
    points.map(([, us]) => us),
    PLOT.bottom,
    PLOT.top,
  );
  const places = spread(lines.map(({ points: own }) => y.at(own.at(-1)?.[1] ?? 0)));
  const grid = [
    ...x.decades.map((value) => {
      const at = x.at(value);
      return [
        `<line class="grid" x1="${at}" y1="${PLOT.top}" x2="${at}" y2="${PLOT.bottom}"/>`,
        `<text class="small" x="${at}" y="${PLOT.bottom + 18}" text-anchor="middle">${size(value)}</text>`,
      ].join('');
    }),
    ...y.decades.map((value) => {
      const at = y.at(value);
      return [
        `<line class="grid" x1="${PLOT.left}" y1="${at}" x2="${PLOT.right}" y2="${at}"/>`,
        `<text class="small" x="${PLOT.left - 8}" y="${at + 4}" text-anchor="end">${duration(value)}</text>`,
      ].join('');
    }),
  ];
  const drawn = lines.map(({ name, points: own }, index) => {
    const path = own.map(([bytes, us]) => `${x.at(bytes)},${y.at(us)}`);
    const dots = path.map((place) => place.split(',')).map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3"/>`);
    const top = round((places[index] ?? 0) + 4);
    const label = `<text class="name" x="${PLOT.right + 12}" y="${top}">${escaped(name)}</text>`;
    return `<g class="l${index}"><polyline points="${path.join(' ')}"/>${dots.join('')}${label}</g>`;
  });
  return [
    [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`,
      `role="img" aria-label="${escaped(title)}">`,
    ].join(' '),
    `<style>${style(lines.length)}</style>`,
    [
      `<text class="title" x="16" y="22">${escaped(title)}</text>`,
      `<text class="small" x="16" y="40">${escaped(subtitle)}</text>`,
    ].join(''),
    ...grid,
    ...drawn,
    `<text class="small" x="${PLOT.right}" y="${HEIGHT - 12}" text-anchor="end">size</text>`,
    '</svg>',
    '',
  ].join('\n');
}
