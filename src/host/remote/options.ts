import { reasonOf } from '../../failure.ts';
import { isObject } from '../../option-rules.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { EngineContext } from '../engine.ts';
import { PluginHostError } from '../host-error.ts';
import { type PluginHostOptions, settleHost } from '../options.ts';

/** The options of a host that are functions: they cannot be sent to a thread or a process. */
export type HostFunctionOptions = Pick<
  PluginHostOptions,
  'clock' | 'storage' | 'admissionStorage' | 'fillRandom' | 'config'
>;

/** Their names. */
export const FUNCTION_OPTIONS: readonly (keyof HostFunctionOptions)[] = [
  'clock',
  'storage',
  'admissionStorage',
  'fillRandom',
  'config',
];

/** What a host module exports. It is imported in each thread or process that runs plugins. */
export interface HostModule {
  /** Makes the options that are functions. It is called once in each thread or process. */
  createHostOptions(): HostFunctionOptions | Promise<HostFunctionOptions>;
}

/** The options of a host that its remotes get, as plain values. */
export interface RemoteHostOptions {
  readonly options: Pick<
    PluginHostOptions,
    | 'offer'
    | 'limits'
    | 'handshake'
    | 'selfCheck'
    | 'calls'
    | 'hooks'
    | 'ttlSecs'
    | 'hostFunctions'
    | 'replaceAfterTrap'
    | 'storageQuotaBytes'
  >;
  /** The URL of a {@link HostModule}; the defaults apply without one. */
  readonly hostModule: string | undefined;
}

/**
 * Returns the options that the remotes of a host get.
 *
 * @param options those of the host, which were checked.
 * @param context what was made of them.
 */
export function remoteOptions(
  { storageQuotaBytes }: PluginHostOptions,
  { offer, limits, admission, calls, hooks, hostFunctions, replaceAfterTrap }: EngineContext,
  hostModule: string | undefined,
): RemoteHostOptions {
  const { handshake, selfCheck, ttlSecs } = admission;
  const options = {
    offer,
    limits,
    handshake,
    selfCheck,
    calls,
    hooks,
    ttlSecs,
    hostFunctions,
    replaceAfterTrap,
    storageQuotaBytes,
  };
  return { options, hostModule };
}

/**
 * Makes what an engine works with, in a remote.
 *
 * @throws PluginHostError `HostModuleFailed`, in the promise.
 */
export async function remoteContext(
  { options, hostModule }: RemoteHostOptions,
  telemetry: Telemetry,
): Promise<EngineContext> {
  if (hostModule === undefined) return settleHost({ ...options, telemetry }).context;
  try {
    const functions = await functionOptions(hostModule);
    return settleHost({ ...functions, ...options, telemetry }).context;
  } catch (cause) {
    throw new PluginHostError({ kind: 'HostModuleFailed', url: hostModule, reason: reasonOf(cause) }, { cause });
  }
}

async function functionOptions(url: string): Promise<HostFunctionOptions> {
  const module: unknown = await import(url);
  if (!isObject(module) || !('createHostOptions' in module) || typeof module.createHostOptions !== 'function')
    throw new TypeError('it must export a function createHostOptions');
  const options: unknown = await module.createHostOptions();
  if (!isObject(options)) throw new TypeError('createHostOptions must return an object');
  const other = Object.keys(options).find((name) => !FUNCTION_OPTIONS.some((known) => known === name));
  if (other === undefined) return options;
  throw new TypeError(`createHostOptions may return ${FUNCTION_OPTIONS.join(', ')}, but returned ${other} too`);
}
