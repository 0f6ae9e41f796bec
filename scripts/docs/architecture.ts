// Draws the picture of docs/ARCHITECTURE.md from the imports of src:
//   node --import ./scripts/typescript.mjs scripts/docs/architecture.ts
// test/scripts/architecture.test.ts compares the drawing with the file.
import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FolderGraph, folderGraph, levelsOf, neededImports } from './folder-graph.ts';
import { readImports, type SourceImport, sourceFiles } from './imports.ts';
import { ROOMS } from './rooms.ts';

/** The picture's path in the project. */
export const PICTURE = 'docs/architecture.svg';

const WIDTH = 760;
const MARGIN = 20;
/** Sizes of a folder's box, in pixels; `part` is the height of a line of folders within it. */
const BOX = { width: 220, title: 44, part: 24, across: 20, down: 34 };
const HEAD = 7;

/** What is said of folders that have rows for their parts only. */
const ABOUT: Readonly<Record<string, string>> = {
  wasm: 'the binary format',
  metering: 'budgets for any module',
};

/** Colours on light and on dark pages. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; text-anchor: middle; }
  .name { font-weight: 600; font-size: 14px; }
  .page { fill: #ffffff; }
  .box { fill: #eef4fc; stroke: #0b62d6; }
  .part { fill: #ffffff; stroke: #9bb8dd; }
  .arrow { stroke: #57606a; fill: none; }
  .head { fill: #57606a; }
  .free { fill: none; stroke: #57606a; stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .page { fill: #0d1117; }
    .box { fill: #14233a; stroke: #58a6ff; }
    .part { fill: #0d1117; stroke: #30507c; }
    .arrow { stroke: #9198a1; }
    .head { fill: #9198a1; }
    .free { stroke: #9198a1; }
  }
`;

/** A folder of src in the picture. */
interface Box {
  readonly name: string;
  readonly about: string;
  /** Lines of the folders within it, the highest first. */
  readonly parts: readonly (readonly string[])[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const textAt = (x: number, y: number, text: string, kind = ''): string =>
  `<text x="${x}" y="${y}"${kind && ` class="${kind}"`}>${escaped(text)}</text>`;
const rectangle = (kind: string, x: number, y: number, width: number, height: number): string =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>`;

/** Puts the parts of a folder in lines, the highest first: each above what it may import. */
function partsOf(folder: string): string[][] {
  const lines: string[][] = [];
  const levels = new Map<string, number>();
  for (const [room, { imports }] of Object.entries(ROOMS)) {
    const isPart = room.startsWith(`${folder}/`) && !room.endsWith('/index');
    if (!isPart && room !== folder) continue;
    const level = Math.max(-1, ...imports.map((each) => levels.get(each) ?? -1)) + 1;
    levels.set(room, level);
    lines[level] ??= [];
    lines[level].push(room === folder ? (ROOMS[folder]?.about ?? '') : room.slice(folder.length + 1));
  }
  return lines.length > 1 ? lines.reverse() : [];
}

/** Puts the folders in rows, the highest level first, each row in the middle. */
function layOut(graph: FolderGraph): { readonly boxes: readonly Box[]; readonly bottom: number } {
  const levels = levelsOf(graph);
  const boxes: Box[] = [];
  let y = MARGIN;
  for (let level = Math.max(...levels.values()); level >= 0; level--) {
    const row = [...graph.keys()].filter((folder) => levels.get(folder) === level);
    let x = (WIDTH - row.length * BOX.width - (row.length - 1) * BOX.across) / 2;
    let height = 0;
    for (const name of row) {
      const parts = partsOf(name);
      const own = BOX.title + (parts.length > 0 ? parts.length * BOX.part + 6 : 0);
      boxes.push({ name, about: ABOUT[name] ?? ROOMS[name]?.about ?? '', parts, x, y, height: own });
      x += BOX.width + BOX.across;
      height = Math.max(height, own);
    }
    y += height + BOX.down;
  }
  return { boxes, bottom: y };
}

function drawBox({ name, about, parts, x, y, height }: Box): string[] {
  const middle = x + BOX.width / 2;
  const title = name === 'index' ? 'index.ts' : `${name}/`;
  const drawn = [rectangle('box', x, y, BOX.width, height), textAt(middle, y + 19, title, 'name')];
  drawn.push(textAt(middle, y + 35, about));
  for (const [line, names] of parts.entries()) {
    const width = (BOX.width - 12) / names.length;
    for (const [place, part] of names.entries()) {
      const left = x + 6 + place * width;
      const top = y + BOX.title + line * BOX.part;
      drawn.push(rectangle('part', left, top, width, BOX.part - 2), textAt(left + width / 2, top + 15, part));
    }
  }
  return drawn;
}

/** An arrow from the bottom of the box that imports to the top of the imported one. */
function drawArrow(from: Box, to: Box): string[] {
  const [x1, y1, x2, y2] = [from.x + BOX.width / 2, from.y + from.height, to.x + BOX.width / 2, to.y];
  const bend = (y2 - HEAD - y1) / 2;
  return [
    `<path class="arrow" d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - HEAD - bend} ${x2} ${y2 - HEAD}"/>`,
    `<path class="head" d="M${x2} ${y2}l-4 -${HEAD}h8z"/>`,
  ];
}

/** The files at the root of src, which everybody may import. */
function drawRoot(y: number): string[] {
  const names = sourceFiles()
    .filter((file) => file.split('/').length === 2 && file !== 'src/index.ts')
    .map((file) => file.slice('src/'.length, -'.ts'.length));
  return [
    rectangle('free', MARGIN, y, WIDTH - 2 * MARGIN, BOX.title),
    textAt(WIDTH / 2, y + 19, 'files at the root of src: everybody may import them'),
    textAt(WIDTH / 2, y + 35, names.join(', ')),
  ];
}

/**
 * Draws the folders of src: an arrow for each import that does not follow from others, each box
 * below those that import it.
 *
 * @param imports from `readImports`
 * @returns SVG, the same for the same imports, readable on light and on dark pages
 */
export function drawArchitecture(imports: readonly SourceImport[]): string {
  const graph = neededImports(folderGraph(imports));
  const { boxes, bottom } = layOut(graph);
  const arrows = boxes.flatMap((from) =>
    boxes.filter(({ name }) => graph.get(from.name)?.has(name)).flatMap((to) => drawArrow(from, to)),
  );
  const height = bottom + BOX.title + MARGIN;
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    '<title>The folders of src and what they import</title>',
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    ...arrows,
    ...boxes.flatMap(drawBox),
    ...drawRoot(bottom),
    '</svg>',
  ].join('\n')}\n`;
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL(`../../${PICTURE}`, import.meta.url), drawArchitecture(readImports()));
}
