import { ROOT, roomOf } from './import-rule.ts';
import type { SourceImport } from './imports.ts';
import { ROOMS } from './rooms.ts';

/** Folders of src, from the bottom up, with the folders that each imports. */
export type FolderGraph = ReadonlyMap<string, ReadonlySet<string>>;

const topOf = (room: string): string => room.split('/', 1).join();

/**
 * Collects the imports between folders of src. The files at its root are left out, but index.ts.
 *
 * @param imports from `readImports`
 * @returns folders in the order of the table of rooms, each with those that it imports
 */
export function folderGraph(imports: readonly SourceImport[]): FolderGraph {
  const found = new Map(Object.keys(ROOMS).map((room) => [topOf(room), new Set<string>()]));
  for (const { from, to } of imports) {
    const importer = topOf(roomOf(from, ROOMS));
    const imported = topOf(roomOf(to, ROOMS));
    if (importer !== imported && imported !== ROOT) found.get(importer)?.add(imported);
  }
  return found;
}

/** Finds what a folder imports, itself or by what it imports. */
function reach(graph: FolderGraph, folder: string): Set<string> {
  const reached = new Set(graph.get(folder));
  // Iterating a set also visits what is added during the loop.
  for (const each of reached) for (const next of graph.get(each) ?? []) reached.add(next);
  return reached;
}

/**
 * Leaves out each import that follows from others: with a → b → c, a → c is left out.
 *
 * @returns the same folders
 */
export function neededImports(graph: FolderGraph): FolderGraph {
  return new Map(
    [...graph].map(([folder, imported]) => {
      const byOthers = [...imported].map((each) => reach(graph, each));
      const needed = [...imported].filter((each) => !byOthers.some((reached) => reached.has(each)));
      return [folder, new Set(needed.sort())];
    }),
  );
}

/**
 * Gives each folder a level: below all that import it, and as high as that allows.
 *
 * @param graph ordered from the bottom up
 * @returns levels, 0 being the lowest
 */
export function levelsOf(graph: FolderGraph): Map<string, number> {
  const levels = new Map<string, number>();
  for (const [folder, imported] of graph) {
    levels.set(folder, Math.max(-1, ...[...imported].map((each) => levels.get(each) ?? -1)) + 1);
  }
  for (const folder of [...graph.keys()].reverse()) {
    const importers = [...graph].filter(([, imported]) => imported.has(folder)).map(([name]) => levels.get(name) ?? 0);
    if (importers.length > 0) levels.set(folder, Math.min(...importers) - 1);
  }
  return levels;
}
