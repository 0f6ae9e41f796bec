import type { Hook } from '../hooks/index.ts';
import { checkArgument, checkOptions, isObject } from '../option-rules.ts';
import type { WireFunction } from '../protocol/messages/index.ts';
import type { DirectRunner } from './direct-engine.ts';
import { type CallOptions, callRules, type PluginRunner } from './engine.ts';
import { PluginHostError } from './host-error.ts';
import type { PluginId } from './key.ts';

/** What a host may call: a function of generation 1, or a hook. */
export type AnyFunction = WireFunction<unknown, unknown> | Hook;

/**
 * Calls a plugin with a function of its generation.
 *
 * @param request of `fn`: the overloads of the callers say so.
 * @throws in the promise: TypeError if `fn` or `options` is malformed; PluginHostError `WrongGeneration`.
 */
export async function dispatchTo(
  runner: PluginRunner,
  id: PluginId,
  fn: AnyFunction,
  request: never,
  options: CallOptions,
): Promise<unknown> {
  checkOptions(options, callRules);
  if (runner.generation === 1) return await runner.dispatch(wireFunction(fn, id), request, options);
  return await runner.dispatch(hookOf(fn, id), request, options);
}

/** {@link dispatchTo} for a plugin on this thread. */
export function dispatchSyncTo(
  runner: DirectRunner,
  id: PluginId,
  fn: AnyFunction,
  request: never,
  options: CallOptions,
): unknown {
  checkOptions(options, callRules);
  if (runner.generation === 1) return runner.dispatchSync(wireFunction(fn, id), request, options);
  return runner.dispatchSync(hookOf(fn, id), request);
}

function isHook(fn: AnyFunction): fn is Hook {
  checkArgument('fn', isObject(fn) && 'name' in fn, 'a wire function, such as wire.v3.filter, or a hook');
  return 'exportName' in fn;
}

function wireFunction(fn: AnyFunction, { name: subject }: PluginId): WireFunction<unknown, unknown> {
  if (!isHook(fn)) return fn;
  throw new PluginHostError({ kind: 'WrongGeneration', function: fn.name, generation: 1 }, { subject });
}

function hookOf(fn: AnyFunction, { name: subject }: PluginId): Hook {
  if (isHook(fn)) return fn;
  throw new PluginHostError({ kind: 'WrongGeneration', function: fn.name, generation: 2 }, { subject });
}
