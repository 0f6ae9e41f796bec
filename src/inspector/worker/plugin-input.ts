import { type Generation, generationOf } from '../../generation/index.ts';
import { isPrepared, loadPrepared } from '../../inspection/prepared.ts';

/** What every task about a plugin gets. */
export interface PluginInput {
  /** The name of the file, for reports. */
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Thrown for prepared bytes that cannot be used here, or that this package did not prepare. */
export class UnusablePreparation extends Error {
  override readonly name = 'UnusablePreparation';
  /** The failure as plain values. */
  readonly failure: { readonly kind: 'UnusablePreparation'; readonly reason: string };

  constructor(reason: string) {
    super(`the plugin is prepared, but it cannot be used: ${reason}`);
    this.failure = { kind: 'UnusablePreparation', reason };
  }
}

/** As what a plugin is treated: one whose exports do not tell is taken for one of generation 1. */
export function treatedAs(bytes: Uint8Array): Generation {
  return generationOf(bytes) ?? 1;
}

/**
 * Compiles the bytes of a prepared plugin, whose metering is believed: the worker can be ended.
 *
 * @returns `undefined` if the bytes are not prepared.
 * @throws UnusablePreparation if they are, and cannot be used.
 */
export function preparedModule(bytes: Uint8Array): WebAssembly.Module | undefined {
  if (!isPrepared(bytes)) return undefined;
  const loaded = loadPrepared(bytes, treatedAs(bytes));
  if ('unusable' in loaded) throw new UnusablePreparation(loaded.unusable);
  return loaded;
}
