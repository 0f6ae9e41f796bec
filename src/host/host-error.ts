import { FailureError, type FailureMessages } from '../failure.ts';
import type { Generation } from '../generation/index.ts';

/**
 * Why a host of plugins cannot do what it was asked.
 *
 * - `NotRegistered`: there is no plugin with this key.
 * - `WrongGeneration`: the function is of one ABI, the plugin of the other.
 * - `TooManyPlugins`: there are `max` plugins.
 * - `Saturated`: as many as `max` wait already, for an admission, a worker or a process; or the
 *   modules that wait for an admission have `max` bytes; or `max` workers or processes that
 *   were given up still run.
 * - `CodeBytes`: the machine code of all plugins would take more bytes than `max`. That of a plugin
 *   which was replaced or removed counts until its last call has ended.
 * - `ModuleTooLarge`: the module has more bytes than the limit `moduleBytes`.
 * - `NotAPlugin`: the module exports the functions of neither ABI.
 * - `StoreFailed`: a store of the host threw, did not answer in time, or gave back something else
 *   than it was given. If a write was not answered, the store may have done it, or may do it later.
 * - `MalformedRecord`: a stored record cannot be read.
 * - `CannotStart`: the plugin was admitted before, but cannot be compiled now; or the host's own
 *   clock, configuration or storage threw when it was started.
 * - `EngineMemory`: the engine has no room for the memories of another instance. A page of Chromium
 *   has room for about 125 memories, and each instance of generation 1 has two.
 * - `StartupBudget`: the admissions of the start-up took their whole time before this one.
 * - `DeadlineExceeded`: a worker or a process took longer than `deadlineMs` for an admission or a
 *   start. It was given up.
 * - `RemoteEnded`: a worker or a process ended, or could not be started.
 * - `HostModuleFailed`: the module that makes the options of the workers or processes cannot be
 *   loaded, or makes none.
 * - `Closed`: the host was closed.
 * - `Released`: the lease of the plugin was released.
 */
export type PluginHostFailure =
  | { readonly kind: 'NotRegistered' }
  | { readonly kind: 'WrongGeneration'; readonly function: string; readonly generation: Generation }
  | { readonly kind: 'TooManyPlugins'; readonly max: number }
  | { readonly kind: 'Saturated'; readonly full: keyof typeof saturated; readonly max: number }
  | { readonly kind: 'CodeBytes'; readonly used: number; readonly needed: number; readonly max: number }
  | { readonly kind: 'ModuleTooLarge'; readonly bytes: number; readonly max: number }
  | { readonly kind: 'NotAPlugin' }
  | { readonly kind: 'StoreFailed'; readonly store: StoreName; readonly action: string; readonly reason: string }
  | { readonly kind: 'MalformedRecord'; readonly path: string; readonly reason: string }
  | { readonly kind: 'CannotStart'; readonly reason: string }
  | { readonly kind: 'EngineMemory'; readonly reason: string }
  | { readonly kind: 'StartupBudget'; readonly budgetMs: number }
  | { readonly kind: 'DeadlineExceeded'; readonly deadlineMs: number }
  | { readonly kind: 'RemoteEnded'; readonly remote: RemoteNoun; readonly reason: string }
  | { readonly kind: 'HostModuleFailed'; readonly url: string; readonly reason: string }
  | { readonly kind: 'Closed' }
  | { readonly kind: 'Released' };

/** What runs plugins elsewhere. */
export type RemoteNoun = 'worker' | 'process';

/** The stores of a host. */
export type StoreName = 'records' | 'modules' | 'prepared';

/** What a plugin is called with, by its generation. Both have a `filter`. */
const functionsOf: Readonly<Record<Generation, string>> = {
  1: 'its wire functions, such as wire.v3.filter',
  2: 'its hooks, such as filterHook',
};

const messages: FailureMessages<PluginHostFailure> = {
  NotRegistered: () => 'there is no such plugin: register it first',
  WrongGeneration: (f) =>
    `the plugin is of generation ${f.generation}: call ${functionsOf[f.generation]}, ` +
    `not the ${f.function} of the other`,
  TooManyPlugins: (f) => `there are ${f.max} plugins: remove one first, or raise pluginsMax`,
  Saturated: (f) => `${f.max} ${saturated[f.full]}`,
  CodeBytes: (f) =>
    `its machine code takes about ${f.needed} bytes, but the other plugins use ${f.used} of ${f.max}: ` +
    'remove one first, or raise codeBytesMax',
  ModuleTooLarge: (f) => `the module has ${f.bytes} bytes, at most ${f.max} are allowed (option limits.moduleBytes)`,
  NotAPlugin: () => 'the module exports neither cc_lb_handshake nor cc_lb_alloc, so it is not a cc-lb plugin',
  StoreFailed: (f) => `the store of ${storeNames[f.store]} failed to ${f.action}: ${f.reason}`,
  MalformedRecord: (f) => `the record cannot be read, at ${f.path}: ${f.reason}`,
  CannotStart: (f) => `the plugin cannot start: ${f.reason}`,
  EngineMemory: (f) => `the engine has no room for another instance: remove a plugin first (${f.reason})`,
  StartupBudget: (f) => `all admissions of a start-up together may take ${f.budgetMs} ms: register the plugin again`,
  DeadlineExceeded: (f) => `it took longer than ${f.deadlineMs} ms (option startMs)`,
  RemoteEnded: (f) => `the ${f.remote} that runs the plugin ended: ${f.reason}`,
  HostModuleFailed: (f) => `the host module ${f.url} cannot be used: ${f.reason}`,
  Closed: () => 'the host of plugins was closed',
  Released: () => 'the lease of the plugin was released: take another one',
};

const storeNames: Readonly<Record<StoreName, string>> = {
  records: 'records',
  modules: 'modules',
  prepared: 'prepared modules',
};

/** What is full of something, after its number. */
const saturated = {
  admissions: 'admissions wait already: try again later, or raise waitingAdmissionsMax',
  bytes: 'bytes of modules wait already: try again later, or raise waitingBytesMax',
  calls: 'calls wait already: try again later, or raise waitingCallsMax',
  abandoned:
    'workers or processes that were given up still run: raise abandonedMax, or use processes, which always end',
} as const;

/** A host of plugins cannot do what it was asked. The message begins with the plugin's key. */
export class PluginHostError extends FailureError<PluginHostFailure> {
  override readonly name = 'PluginHostError';

  protected override get messages(): FailureMessages<PluginHostFailure> {
    return messages;
  }
}
