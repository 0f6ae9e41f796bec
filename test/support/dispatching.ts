import { buildPlugin, type Plugin } from '../../src/plugin/index.ts';
import type { DispatchError, DispatchOutcome } from '../../src/protocol/dispatch.ts';
import { type Behaviour, guest } from './guest-wat.ts';

/** The metadata of a plugin with these functions, all in version 1. */
export const negotiated = (...names: readonly string[]) => ({
  negotiated_functions: Object.fromEntries(names.map((name) => [name, 1])),
});

/** The response of an outcome that must be good. */
export function responseOf<Res>(outcome: DispatchOutcome<Res>): Res {
  if (outcome.kind === 'ok') return outcome.response;
  throw outcome.error;
}

/** The error of an outcome that must be bad. */
export function errorOf(outcome: DispatchOutcome<unknown>): DispatchError {
  if (outcome.kind === 'fallback') return outcome.error;
  throw new Error('the dispatch succeeded');
}

/** A plugin with one export. */
export const pluginAnswering = async (name: string, behaviour: Behaviour): Promise<Plugin> =>
  buildPlugin(await guest({ exports: { [name]: behaviour } }));
