import type { ModuleBytes } from '../../module-source.ts';
import type { Telemetry } from '../../telemetry.ts';
import { type AdmitHooksOptions, admitHooks, type HookAdmission } from '../admit.ts';

// Stands in for `admitHooksAsync` of ../admit.ts until that exists.

/** How to admit a hook plugin asynchronously. */
export interface AdmitHooksAsyncOptions extends AdmitHooksOptions {
  readonly telemetry?: Telemetry | undefined;
  readonly pluginLabel?: string | undefined;
}

/** Admits a hook plugin asynchronously. */
export const admitHooksAsync = async (
  wasm: ModuleBytes,
  { telemetry: _telemetry, pluginLabel: _label, ...options }: AdmitHooksAsyncOptions,
): Promise<HookAdmission> => admitHooks(wasm, options);
