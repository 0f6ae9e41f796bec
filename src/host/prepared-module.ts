import { prepareHooks } from '../hooks/index.ts';
import type { ModuleLimits } from '../metering/index.ts';
import { optionsKey, settleOptions } from '../plugin/compile-options.ts';
import { preparePlugin } from '../plugin/index.ts';
import { canLink } from '../plugin/link.ts';
import type { AdmittedPlugin } from './admitted-plugin.ts';

/** How the module of a plugin is prepared: with which limits, and where its kernel is. */
function preparation(admitted: AdmittedPlugin, limits: ModuleLimits) {
  return { limits, kernel: admitted.kind === 'protocol' ? admitted.kernel : 'instance' } as const;
}

/** Writes budgets into the module of a plugin that was admitted. */
export function prepareModule(
  admitted: AdmittedPlugin,
  bytes: Uint8Array<ArrayBuffer>,
  limits: ModuleLimits,
): Uint8Array<ArrayBuffer> {
  if (admitted.kind === 'hooks') return prepareHooks(bytes, { limits });
  return preparePlugin(bytes, preparation(admitted, limits));
}

/**
 * Writes as text what decides how a module is prepared, besides its bytes and the version of this
 * package.
 */
export function preparationKey(admitted: AdmittedPlugin, limits: ModuleLimits): string {
  return optionsKey(settleOptions(preparation(admitted, limits)));
}

/** Whether this engine runs the prepared module of a plugin: not each has several memories. */
export function canRunPrepared(admitted: AdmittedPlugin): boolean {
  return admitted.kind === 'hooks' || admitted.kernel === 'instance' || canLink();
}
