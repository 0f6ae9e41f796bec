// The ways of forms.ts in `npm run bench -- --only hooks-instances`, one in each process, on the
// runtime that runs this file. All use the same code around the instance.
import { readFileSync } from 'node:fs';
import { decodeArchive } from '../../../src/hooks/archive/decode.ts';
import { encodeArchive, planArchive } from '../../../src/hooks/archive/encode.ts';
import { type Hook, hooks } from '../../../src/hooks/hook.ts';
import { budget, type FormName, forms, type OpenForm } from './forms.ts';
import type { HookRow } from './rows.ts';
import { takeTurns } from './turns.ts';

interface Task {
  readonly form: FormName;
  readonly rows: readonly HookRow[];
}

const bytesOf = (path = ''): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));

/** What `HookPlugin.call` does, without its checks of the plugin. */
function dispatch({ instances }: OpenForm, hook: Hook, request: unknown): unknown {
  const archive = planArchive(hook.request, request);
  const instance = instances.take(budget);
  instance.start();
  const { exports, memory, meter } = instance;
  // The casts: the plugin was built by the PDK.
  const alloc = exports.cc_lb_alloc as (size: number, align: number) => number;
  const run = exports[hook.exportName] as (address: number, size: number) => bigint;
  const address = meter.run(() => alloc(archive.size, 16)) >>> 0;
  archive.writeTo(new Uint8Array(memory.buffer), address);
  const answer = BigInt.asUintN(
    64,
    meter.run(() => run(address, archive.size)),
  );
  const view = new Uint8Array(memory.buffer, Number(answer >> 32n), Number(answer & 0xffff_ffffn));
  const response = decodeArchive(hook.response, view);
  instances.giveBack(instance);
  return response;
}

await takeTurns(({ kind, wasm, request: path }, { form }: Task) => {
  const hook = hooks.find(({ name }) => name === kind);
  if (hook === undefined) throw new Error(`there is no hook ${kind}`);
  const request = decodeArchive(hook.request, bytesOf(path));
  const opened = forms[form](bytesOf(wasm));
  const row = {
    run: () => dispatch(opened, hook, request),
    encode: (response: unknown) => encodeArchive(hook.response, response),
  };
  return opened.before === undefined ? row : { ...row, before: opened.before };
});
