// The picture of docs/ARCHITECTURE.md shows the imports of src as they are.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drawArchitecture, PICTURE } from '../../scripts/docs/architecture.ts';
import { type FolderGraph, folderGraph, levelsOf, neededImports } from '../../scripts/docs/folder-graph.ts';
import { readImports } from '../../scripts/docs/imports.ts';
import { ROOMS } from '../../scripts/docs/rooms.ts';

const picture = suite('the picture of the architecture');
const imports = readImports();
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const graphOf = (edges: Readonly<Record<string, readonly string[]>>): FolderGraph =>
  new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));

picture('is fresh (npm run generate draws it)', () => {
  assert.ok(read(PICTURE) === drawArchitecture(imports), `${PICTURE} differs from the imports of src`);
});

picture('shows each folder, and each folder within one', () => {
  const svg = read(PICTURE);
  for (const room of Object.keys(ROOMS)) {
    const name = room.split('/').at(-1) ?? '';
    assert.ok(svg.includes(`>${name}<`) || svg.includes(`>${name}/<`) || name === 'index', room);
  }
});

picture('changes with an import', () => {
  const more = [...imports, { from: 'src/json/type.ts', to: 'src/wasm/index.ts', typeOnly: true }];
  assert.ok(drawArchitecture(more) !== drawArchitecture(imports));
});

picture('is of imports between folders, without those of files at the root', () => {
  const edges = [
    { from: 'src/kernel/kernel.ts', to: 'src/wasm/index.ts', typeOnly: false },
    { from: 'src/kernel/kernel.ts', to: 'src/kernel/memory.ts', typeOnly: false },
    { from: 'src/kernel/kernel.ts', to: 'src/clock.ts', typeOnly: false },
    { from: 'src/index.ts', to: 'src/kernel/index.ts', typeOnly: true },
  ];
  const drawn = [...folderGraph(edges)].flatMap(([from, to]) => [...to].map((each) => `${from} ${each}`));
  assert.equal(drawn, ['kernel wasm', 'index kernel']);
});

picture('leaves out what follows from other arrows', () => {
  const graph = graphOf({ a: [], b: ['a'], c: ['b', 'a'], d: ['a'], e: ['c', 'd', 'b', 'a'] });
  assert.equal([...neededImports(graph)], [...graphOf({ a: [], b: ['a'], c: ['b'], d: ['a'], e: ['c', 'd'] })]);
});

picture('puts each folder below those that import it', () => {
  const graph = graphOf({ low: [], leaf: [], middle: ['low'], top: ['middle', 'leaf'], other: [] });
  assert.equal(
    [...levelsOf(graph)],
    [
      ['low', 0],
      ['leaf', 1],
      ['middle', 1],
      ['top', 2],
      ['other', 0],
    ],
  );
});

picture.run();
