// This package in `npm run bench -- --only hooks`, on the runtime that runs this file.
import type * as Library from '../../../src/hooks/index.ts';
import { variant } from '../peers/admitted.ts';
import { callRow, PATIENT, readBytes } from './call-row.ts';
import type { HookRow } from './rows.ts';
import { type OpenRow, takeTurns } from './turns.ts';

interface Task {
  /** Address of the entry `./hooks` of the package to measure. */
  readonly entry: string;
  readonly rows: readonly HookRow[];
}

function admitted({ admitHooks }: typeof Library, wasm: Uint8Array<ArrayBuffer>): Library.HookPlugin {
  const { plugin, report } = admitHooks(wasm, PATIENT);
  if (plugin === undefined) throw new Error(`it is not admitted: ${JSON.stringify(report.steps)}`);
  return plugin;
}

function admission(library: typeof Library, wasm: Uint8Array<ArrayBuffer>, isCold: boolean): OpenRow {
  let bytes = wasm;
  let number = 0;
  return {
    before: () => {
      if (isCold) bytes = variant(wasm, number++);
    },
    run: () => admitted(library, bytes),
    encode: () => new Uint8Array(),
  };
}

function open(library: typeof Library, row: HookRow): OpenRow {
  const wasm = readBytes(row.wasm);
  if (row.kind === 'admission') return admission(library, wasm, true);
  if (row.kind === 'admission_again') return admission(library, wasm, false);
  return callRow(library, row, () => ({ plugin: admitted(library, wasm) }));
}

let library: typeof Library | undefined;
await takeTurns(async (row, { entry }: Task) => {
  // The cast: the module at that address is the entry ./hooks.
  library ??= (await import(entry)) as typeof Library;
  return open(library, row);
});
