import type { CallUse } from '../../call-use.ts';
import type { AugmentedMetadata } from '../../protocol/messages/index.ts';
import type { EngineAdmission, PluginModule } from '../engine.ts';
import type { CarriedError } from './carried-error.ts';
import type { RemoteHostOptions } from './options.ts';
import type { Report } from './reports.ts';

/**
 * What the host asks of a remote. Commands and answers are plain values that structured cloning
 * copies. Only a `compiled` is a module, which a thread takes and a process does not.
 *
 * - `open`: the first command. It makes the engine that runs the plugins. `givesModules` says
 *   whether answers may have `compiled`.
 * - `admit`: admits a plugin.
 * - `start`: makes an admitted plugin ready. `plugin` is the number by which calls name it.
 * - `call`: calls a wire function or a hook. `request` is what the plugin gets: JSON in UTF-8, or
 *   an archive.
 * - `dispose`: releases a plugin. Its number is not used again.
 */
export type RemoteCommand =
  | { readonly kind: 'open'; readonly options: RemoteHostOptions; readonly givesModules: boolean }
  | { readonly kind: 'admit'; readonly module: PluginModule }
  | {
      readonly kind: 'start';
      readonly plugin: number;
      readonly module: PluginModule;
      readonly metadata: AugmentedMetadata | undefined;
      readonly builds: boolean;
    }
  | RemoteCall
  | { readonly kind: 'dispose'; readonly plugin: number };

/** The command that calls a plugin. */
export interface RemoteCall {
  readonly kind: 'call';
  readonly plugin: number;
  readonly function: string;
  readonly request: Uint8Array;
}

/**
 * What a remote answers. `reports` is what the telemetry got during the command, in its order.
 *
 * - `done`: it did what `open` or `dispose` asks.
 * - `started`: the plugin is ready. `compiled` is what the engine compiled.
 * - `admitted`: the outcome of an admission.
 * - `answered`: the plugin's answer to a call, and what the call used.
 * - `failed`: what the command threw, and what a call used.
 */
export type RemoteAnswer = RemoteResult & { readonly reports: readonly Report[] };

/** A {@link RemoteAnswer} without its reports. */
export type RemoteResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'started'; readonly compiled: WebAssembly.Module | undefined }
  | { readonly kind: 'admitted'; readonly admission: EngineAdmission }
  | { readonly kind: 'answered'; readonly answer: Uint8Array<ArrayBuffer>; readonly used: CallUse | undefined }
  | { readonly kind: 'failed'; readonly error: CarriedError; readonly used?: CallUse | undefined };
