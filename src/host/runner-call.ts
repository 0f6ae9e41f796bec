import type { Hook } from '../hooks/index.ts';
import { checkArgument, isObject } from '../option-rules.ts';
import type { WireFunction } from '../protocol/messages/index.ts';
import { PluginHostError } from './host-error.ts';

/** What a host may call: a function of generation 1, or a hook. */
export type AnyFunction = WireFunction<unknown, unknown> | Hook;

function isHook(fn: AnyFunction): fn is Hook {
  checkArgument('fn', isObject(fn) && 'name' in fn, 'a wire function, such as wire.v3.filter, or a hook');
  return 'exportName' in fn;
}

/**
 * Returns a function for a plugin of generation 1.
 *
 * @param subject the name of the plugin.
 * @throws PluginHostError `WrongGeneration`; TypeError if `fn` is malformed.
 */
export function wireFunction(fn: AnyFunction, subject: string): WireFunction<unknown, unknown> {
  if (!isHook(fn)) return fn;
  throw new PluginHostError({ kind: 'WrongGeneration', function: fn.name, generation: 1 }, { subject });
}

/**
 * Returns a hook for a hook plugin.
 *
 * @param subject the name of the plugin.
 * @throws PluginHostError `WrongGeneration`; TypeError if `fn` is malformed.
 */
export function hookOf(fn: AnyFunction, subject: string): Hook {
  if (isHook(fn)) return fn;
  throw new PluginHostError({ kind: 'WrongGeneration', function: fn.name, generation: 2 }, { subject });
}
