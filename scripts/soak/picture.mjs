// The picture of a soak: heap, resident memory and address space over time, each with a scale of its own.

const WIDTH = 900;
const HEIGHT = 150;
const LEFT = 150;

const rows = [
  ['heap', 'heap', '#2563eb'],
  ['resident', 'resident memory', '#059669'],
  ['virtual', 'address space', '#d97706'],
  ['handles', 'handles', '#7c3aed'],
];

/** 12.3 MB, 1.2 GB; handles as they are. */
export function amount(key, value) {
  if (key === 'handles') return String(value);
  return value >= 1e9 ? `${(value / 1e9).toFixed(2)} GB` : `${(value / 1e6).toFixed(1)} MB`;
}

function line([key, label, colour], samples, top) {
  const values = samples.map((sample) => sample[key]);
  if (values.some((value) => value === undefined))
    return `<text x="10" y="${top + 20}">${label}: not told by this system</text>`;
  const most = Math.max(...values, 1);
  const last = Math.max(samples.at(-1).seconds, 1e-3);
  const points = samples.map(({ seconds }, index) => {
    const x = LEFT + (seconds / last) * (WIDTH - LEFT - 10);
    return `${x.toFixed(1)},${(top + HEIGHT - 20 - (values[index] / most) * (HEIGHT - 40)).toFixed(1)}`;
  });
  return `<text x="10" y="${top + 30}">${label}</text>
<text x="10" y="${top + 50}" class="n">at most ${amount(key, most)}</text>
<text x="10" y="${top + 66}" class="n">at the end ${amount(key, values.at(-1))}</text>
<line x1="${LEFT}" y1="${top + HEIGHT - 20}" x2="${WIDTH - 10}" y2="${top + HEIGHT - 20}" stroke="#999"/>
<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

/** An SVG of the samples. */
export function picture(title, samples) {
  const lines = rows.map((row, index) => line(row, samples, 40 + index * HEIGHT));
  const seconds = samples.at(-1).seconds.toFixed(0);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${60 + rows.length * HEIGHT}" font-family="sans-serif" font-size="13">
<style>.n { font-size: 11px; fill: #555; }</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="10" y="24" font-size="15">${title}, ${seconds} s</text>
${lines.join('\n')}
</svg>
`;
}
