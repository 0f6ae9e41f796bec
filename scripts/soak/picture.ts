// The picture of a soak: heap, resident memory and address space over time, each with its own
// scale.
import type { Sample } from './measure.ts';

const WIDTH = 900;
const HEIGHT = 150;
const LEFT = 150;

/** What a picture shows: all of a sample but its time. */
export type Quantity = Exclude<keyof Sample, 'seconds'>;

const rows: readonly (readonly [quantity: Quantity, label: string, colour: string])[] = [
  ['heap', 'heap', '#2563eb'],
  ['resident', 'resident memory', '#059669'],
  ['virtual', 'address space', '#d97706'],
  ['handles', 'handles', '#7c3aed'],
];

/**
 * Prints an amount of a quantity.
 *
 * @param quantity which.
 * @param value bytes, or a number of handles.
 * @returns for example `12.3 MB` or `1.20 GB`; the number of handles without a unit.
 */
export function amount(quantity: Quantity, value: number): string {
  if (quantity === 'handles') return String(value);
  return value >= 1e9 ? `${(value / 1e9).toFixed(2)} GB` : `${(value / 1e6).toFixed(1)} MB`;
}

function line([quantity, label, colour]: (typeof rows)[number], samples: readonly Sample[], top: number): string {
  const values = samples.flatMap((sample) => sample[quantity] ?? []);
  if (values.length < samples.length) {
    return `<text x="10" y="${top + 20}">${label}: unknown on this system</text>`;
  }
  const most = Math.max(...values, 1);
  const last = Math.max(samples.at(-1)?.seconds ?? 0, 1e-3);
  const points = samples.map(({ seconds }, index) => {
    const x = LEFT + (seconds / last) * (WIDTH - LEFT - 10);
    return `${x.toFixed(1)},${(top + HEIGHT - 20 - ((values[index] ?? 0) / most) * (HEIGHT - 40)).toFixed(1)}`;
  });
  return `<text x="10" y="${top + 30}">${label}</text>
<text x="10" y="${top + 50}" class="n">at most ${amount(quantity, most)}</text>
<text x="10" y="${top + 66}" class="n">at the end ${amount(quantity, values.at(-1) ?? 0)}</text>
<line x1="${LEFT}" y1="${top + HEIGHT - 20}" x2="${WIDTH - 10}" y2="${top + HEIGHT - 20}" stroke="#999"/>
<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

/**
 * Draws samples.
 *
 * @param title stands above the picture.
 * @param samples at least one, in the order of time.
 * @returns an SVG.
 */
export function picture(title: string, samples: readonly Sample[]): string {
  const lines = rows.map((row, index) => line(row, samples, 40 + index * HEIGHT));
  const seconds = (samples.at(-1)?.seconds ?? 0).toFixed(0);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${60 + rows.length * HEIGHT}" font-family="sans-serif" font-size="13">
<style>.n { font-size: 11px; fill: #555; }</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="10" y="24" font-size="15">${title}, ${seconds} s</text>
${lines.join('\n')}
</svg>
`;
}
