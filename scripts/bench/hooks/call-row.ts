import { readFileSync } from 'node:fs';
import type * as Library from '../../../src/hooks/index.ts';
import type { HookRow } from './rows.ts';
import type { OpenRow } from './turns.ts';

/** A busy machine must not look like a slow plugin. The time is counted all the same. */
export const PATIENT = { call: { wallMs: 600_000 }, probe: { wallMs: 600_000 } } as const;

/** Reads a file. */
export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path));
}

/** A plugin to call, and what comes before each call. */
interface Callee extends Pick<OpenRow, 'before'> {
  readonly plugin: Library.HookPlugin;
}

/**
 * Makes a row ready that calls a hook.
 *
 * @param library the entry `./hooks` that has the hook.
 * @param open opens the plugin.
 * @throws Error if the row does not name a hook.
 */
export function callRow(
  { hooks, decodeArchive, encodeArchive }: Pick<typeof Library, 'hooks' | 'decodeArchive' | 'encodeArchive'>,
  { kind, request: path = '' }: HookRow,
  open: (hook: Library.Hook) => Callee,
): OpenRow {
  const hook = hooks.find(({ name }) => name === kind);
  if (hook === undefined) throw new Error(`there is no hook ${kind}`);
  const request = decodeArchive(hook.request, readBytes(path));
  const { plugin, ...rest } = open(hook);
  return {
    ...rest,
    run: () => {
      const outcome = plugin.call(hook, request);
      if (outcome.kind === 'ok') return outcome.response;
      throw outcome.error;
    },
    encode: (response) => encodeArchive(hook.response, response),
  };
}
