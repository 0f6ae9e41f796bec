// The ways of forms.ts in `npm run bench -- --only hooks-instances`, one in each process, on the
// runtime that runs this file. All use the same code around the instance.
import { decodeArchive, encodeArchive, hooks } from '../../../src/hooks/index.ts';
import { callRow, readBytes } from './call-row.ts';
import { type FormName, forms } from './forms.ts';
import type { HookRow } from './rows.ts';
import { takeTurns } from './turns.ts';

interface Task {
  readonly form: FormName;
  readonly rows: readonly HookRow[];
}

const library = { hooks, decodeArchive, encodeArchive };

await takeTurns((row, { form }: Task) => callRow(library, row, (hook) => forms[form](readBytes(row.wasm), hook)));
