// What `npm run bench -- --only hooks` measures: a call of each hook, and admission.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ArchiveType,
  encodeArchive,
  filterHook,
  type HookName,
  shapeHook,
  transformResponseHook,
  transformSseEventHook,
} from '../../../src/hooks/index.ts';
import { fixtureBytes } from '../peers/admitted.ts';
import { filterRequest, shapeRequest, transformResponseRequest, transformSseEventRequest } from './requests.ts';

/** A thing to do, as each process gets it. */
export interface HookRow {
  readonly name: string;
  /** The hook to call; else the plugin is admitted, of other bytes each time or of the same. */
  readonly kind: HookName | 'admission' | 'admission_again';
  /** Path of the module. */
  readonly wasm: string;
  /** Path of the request's archive; missing for admission. */
  readonly request?: string;
}

/** A row whose request is not in a file yet. */
interface DeclaredRow extends Pick<HookRow, 'name' | 'kind'> {
  /** Name of the plugin, under fixtures/hooks. */
  readonly plugin: string;
  readonly archive?: () => Uint8Array;
}

const KB = 1_024;
const bodies: readonly (readonly [name: string, bytes: number])[] = [
  ['2 KB', 2 * KB],
  ['64 KB', 64 * KB],
  ['1 MB', 1_024 * KB],
];
const CANDIDATES = [1, 10, 100];
const SHAPE_PLUGIN = 'shape-active';

function filterRow(plugin: string, candidates: number, [body, bytes]: (typeof bodies)[number]): DeclaredRow {
  const counted = `${candidates} ${candidates === 1 ? 'candidate' : 'candidates'}`;
  const name = `${plugin}, ${counted}, ${body}`;
  return { name, kind: 'filter', plugin, archive: encoded(filterHook.request, () => filterRequest(candidates, bytes)) };
}

function encoded<T>(type: ArchiveType<T>, request: () => T): () => Uint8Array {
  return () => encodeArchive(type, request());
}

/** Rows of a hook of the plugin `shape-active`. */
function shapeRows<T>(kind: HookName, type: ArchiveType<T>, request: (bytes: number) => T): DeclaredRow[] {
  return bodies.map(([body, bytes]) => {
    return { name: `${kind}, ${body}`, kind, plugin: SHAPE_PLUGIN, archive: encoded(type, () => request(bytes)) };
  });
}

/** All rows of the benchmark. */
function declaredRows(): DeclaredRow[] {
  return [
    ...['filter', SHAPE_PLUGIN].flatMap((plugin): DeclaredRow[] => [
      { name: `admission, ${plugin}`, kind: 'admission', plugin },
      { name: `admission of the same bytes, ${plugin}`, kind: 'admission_again', plugin },
    ]),
    ...CANDIDATES.flatMap((candidates) => bodies.map((body) => filterRow('filter', candidates, body))),
    ...bodies.map((body) => filterRow('filter-view', 10, body)),
    ...shapeRows('shape', shapeHook.request, shapeRequest),
    ...shapeRows('transform_response', transformResponseHook.request, transformResponseRequest),
    ...shapeRows('transform_sse_event', transformSseEventHook.request, transformSseEventRequest),
  ];
}

/**
 * Writes the modules and requests of the benchmark into a folder.
 *
 * @param pick names of rows to leave in; all by default.
 * @returns the rows.
 */
export function rowsIn(folder: string, pick: RegExp = /./): HookRow[] {
  return declaredRows()
    .filter(({ name }) => pick.test(name))
    .map(({ name, kind, plugin, archive }, index) => {
      const wasm = written(join(folder, `${index}.wasm`), fixtureBytes(`hooks/${plugin}/${plugin}`));
      const row = { name, kind, wasm };
      return archive === undefined ? row : { ...row, request: written(join(folder, `${index}.rkyv`), archive()) };
    });
}

function written(path: string, bytes: Uint8Array): string {
  writeFileSync(path, bytes);
  return path;
}
