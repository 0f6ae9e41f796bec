import type { HookAdmissionReport } from '../hooks/index.ts';
import type { AdmissionReport } from '../protocol/admit.ts';
import type { AdmissionNeed, AdmittedPlugin } from './admitted-plugin.ts';
import type { PluginHostError } from './host-error.ts';

/** The report of an admission, of either generation. */
export type PluginReport = AdmissionReport | HookAdmissionReport;

/**
 * The outcome of a registration. Only `registered` and `swapped` change what serves.
 *
 * - `registered`: the key has its first plugin.
 * - `swapped`: the plugin took the place of another one.
 * - `unchanged`: the key has a plugin of the same bytes already, and keeps it.
 * - `rejected`: the plugin was not admitted.
 */
export type PluginRegistration =
  | { readonly kind: 'registered' | 'swapped'; readonly plugin: AdmittedPlugin; readonly report: PluginReport }
  | { readonly kind: 'unchanged'; readonly plugin: AdmittedPlugin }
  | { readonly kind: 'rejected'; readonly report: PluginReport };

/**
 * What became of one record that a host read. After `rejected` and `failed`, what served goes on.
 *
 * - `unchanged`: the key has a plugin of this module already, and keeps it.
 * - `restored`: the record is fresh. Nothing of the plugin ran.
 * - `admitted`: the plugin was admitted again, for the reason `need`.
 * - `rejected`: it had to be admitted again, and was not.
 * - `removed`: the store has no such record any more, and nothing serves the key.
 * - `failed`: the record or the module cannot be read, or there was no time left.
 */
export type RestoredPlugin =
  | { readonly kind: 'unchanged'; readonly id: string; readonly plugin: AdmittedPlugin }
  | { readonly kind: 'restored'; readonly id: string; readonly plugin: AdmittedPlugin }
  | { readonly kind: 'admitted'; readonly id: string; readonly need: AdmissionNeed; readonly plugin: AdmittedPlugin }
  | { readonly kind: 'rejected'; readonly id: string; readonly need: AdmissionNeed; readonly report: PluginReport }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'failed'; readonly id: string; readonly error: PluginHostError };
