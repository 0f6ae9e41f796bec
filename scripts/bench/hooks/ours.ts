// This package in `npm run bench -- --only hooks`, on the runtime that runs this file.
import { readFileSync } from 'node:fs';
import type * as Library from '../../../src/hooks/index.ts';
import { variant } from '../peers/admitted.ts';
import type { HookRow } from './rows.ts';
import { type OpenRow, takeTurns } from './turns.ts';

interface Task {
  /** Address of the entry `./hooks` of the package to measure. */
  readonly entry: string;
  readonly rows: readonly HookRow[];
}

/** A busy machine must not look like a slow plugin. The time is counted all the same. */
const PATIENT = { call: { wallMs: 600_000 }, probe: { wallMs: 600_000 } };

const bytesOf = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));

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

function open(library: typeof Library, { kind, wasm: path, request: requestPath = '' }: HookRow): OpenRow {
  const wasm = bytesOf(path);
  if (kind === 'admission' || kind === 'admission_again') return admission(library, wasm, kind === 'admission');
  const plugin = admitted(library, wasm);
  const hook = library.hooks.find(({ name }) => name === kind);
  if (hook === undefined) throw new Error(`there is no hook ${kind}`);
  const request = library.decodeArchive(hook.request, bytesOf(requestPath));
  return {
    run: () => {
      const outcome = plugin.call(hook, request);
      if (outcome.kind === 'ok') return outcome.response;
      throw outcome.error;
    },
    encode: (response) => library.encodeArchive(hook.response, response),
  };
}

let library: typeof Library | undefined;
await takeTurns(async (row, { entry }: Task) => {
  // The cast: the module at that address is the entry ./hooks.
  library ??= (await import(entry)) as typeof Library;
  return open(library, row);
});
