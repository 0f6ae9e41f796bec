/** A picture of a document in `abi/`. */
export interface Picture {
  /** The name of its file in `abi/pictures/`. */
  readonly file: string;
  /** What it shows, in a few words: the title for screen readers. */
  readonly title: string;
  /** Draws it as SVG. */
  draw(): string;
}

/** Colours on a light and on a dark page. They are those of the report of `cc-lb-plugin verify`. */
const COLOURS = {
  page: ['#ffffff', '#191f26'],
  text: ['#1b2027', '#e4e8ee'],
  muted: ['#56606d', '#9aa5b3'],
  line: ['#d9dee5', '#313a46'],
  soft: ['#eef1f5', '#222a33'],
  accent: ['#2f5bd0', '#87a9ff'],
  fail: ['#c22431', '#ff8a8a'],
  failSoft: ['#fce8e8', '#3a1b1f'],
  pass: ['#1a7a3c', '#5ecb82'],
  passSoft: ['#e3f4e8', '#16301f'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

type Paint = { readonly [property in 'fill' | 'stroke']?: keyof typeof COLOURS | 'none' };

/** What each class is painted with. */
const PAINTS: Readonly<Record<string, Paint>> = {
  page: { fill: 'page', stroke: 'line' },
  text: { fill: 'text' },
  muted: { fill: 'muted' },
  box: { fill: 'soft', stroke: 'line' },
  failed: { fill: 'failSoft', stroke: 'fail' },
  ready: { fill: 'passSoft', stroke: 'pass' },
  freed: { fill: 'page', stroke: 'muted' },
  active: { fill: 'accent' },
  arrow: { fill: 'none', stroke: 'accent' },
  tip: { fill: 'accent' },
  life: { stroke: 'line' },
};

function paints(theme: 0 | 1): string {
  const rules = Object.entries(PAINTS).map(([name, paint]) => {
    const properties = Object.entries(paint).map(
      ([property, colour]) => `${property}: ${colour === 'none' ? 'none' : COLOURS[colour][theme]};`,
    );
    return `.${name} { ${properties.join(' ')} }`;
  });
  return rules.join('\n');
}

/** Plain rules, since not every program that shows SVG knows variables. */
const STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.name { font-weight: 650; }
.code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 12px; }
.life { stroke-width: 2; }
.arrow { stroke-width: 1.6; }
.back { stroke-dasharray: 6 4; }
.freed { stroke-dasharray: 4 3; }
${paints(0)}
@media (prefers-color-scheme: dark) {
${paints(1)}
}
`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Where a text is anchored. */
export type Anchor = 'start' | 'middle' | 'end';

/**
 * A text.
 *
 * @param kinds its classes, such as `muted name`.
 */
export function textAt(x: number, y: number, text: string, kinds = 'text', anchor: Anchor = 'start'): string {
  const anchored = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text class="${kinds}" x="${x}" y="${y}"${anchored}>${escaped(text)}</text>`;
}

/** A rectangle with round corners. */
export function rectangle(kind: string, x: number, y: number, width: number, height: number, radius = 8): string {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`;
}

/** A line without a tip. */
export function lineAt(kind: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

/** How long the tip of an arrow is. */
const TIP = 9;

/**
 * An arrow along horizontal and vertical lines.
 *
 * @param points its corners, from the start to the tip.
 * @param kind `back` for one that is dashed.
 */
export function arrow(points: readonly (readonly [x: number, y: number])[], kind: '' | 'back' = ''): string {
  const [x, y] = points.at(-1) ?? [0, 0];
  const [fromX, fromY] = points.at(-2) ?? [0, 0];
  const [across, down] = [Math.sign(x - fromX), Math.sign(y - fromY)];
  const [baseX, baseY] = [x - TIP * across, y - TIP * down];
  const path = [...points.slice(0, -1), [baseX, baseY]].map(([px, py]) => `${px} ${py}`).join('L');
  const tip = `M${x} ${y}L${baseX - 5 * down} ${baseY - 5 * across}L${baseX + 5 * down} ${baseY + 5 * across}Z`;
  return `<path class="${`arrow ${kind}`.trim()}" d="M${path}"/>\n<path class="tip" d="${tip}"/>`;
}

/**
 * A whole picture, readable on light and on dark pages.
 *
 * @param title its title, and `description` what it shows in words, for screen readers.
 * @param drawn its parts.
 */
export function svg(
  title: string,
  description: string,
  [width, height]: readonly [width: number, height: number],
  drawn: readonly string[],
): string {
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}</style>`,
    rectangle('page', 0.5, 0.5, width - 1, height - 1, 10),
    ...drawn,
    '</svg>',
  ].join('\n')}\n`;
}
