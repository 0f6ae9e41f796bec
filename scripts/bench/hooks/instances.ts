// The ways of forms.ts in `npm run bench -- --only hooks-instances`, one in each process, on the
// runtime that runs this file. All use the same code around the instance.
import { readFileSync } from 'node:fs';
import { decodeArchive, encodeArchive, hooks } from '../../../src/hooks/index.ts';
import { type FormName, forms } from './forms.ts';
import type { HookRow } from './rows.ts';
import { takeTurns } from './turns.ts';

interface Task {
  readonly form: FormName;
  readonly rows: readonly HookRow[];
}

const bytesOf = (path = ''): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));

await takeTurns(({ kind, wasm, request: path }, { form }: Task) => {
  const hook = hooks.find(({ name }) => name === kind);
  if (hook === undefined) throw new Error(`there is no hook ${kind}`);
  const request = decodeArchive(hook.request, bytesOf(path));
  const { plugin, before } = forms[form](bytesOf(wasm), hook);
  const row = {
    run: () => {
      const outcome = plugin.call(hook, request);
      if (outcome.kind === 'ok') return outcome.response;
      throw outcome.error;
    },
    encode: (response: unknown) => encodeArchive(hook.response, response),
  };
  return before === undefined ? row : { ...row, before };
});
