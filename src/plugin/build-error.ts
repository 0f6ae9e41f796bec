import { FailureError, type FailureMessages, shortened } from '../failure.ts';
import type { LimitExceeded } from '../metering/error.ts';
import type { ExternalKind } from '../wasm/index.ts';

/** An import of a plugin, as an error names it. */
export interface NamedImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
}

/**
 * Why a plugin could not be compiled, linked or built. Offsets are in bytes from the start.
 *
 * - `InvalidArgument`: the host's mistake: an option or argument of the wrong type or range.
 * - `MalformedModule`: the bytes do not follow the binary format.
 * - `InvalidModule`: the engine refused the module. `offset` if the engine reports one.
 * - `AlreadyPrepared`: `preparePlugin` returned these bytes; they are not the original module.
 * - `NotPrepared`: a `WebAssembly.Module` was not made from what `preparePlugin` returned, or by
 *   another version of this package; or this entry does not take what it was prepared for. No
 *   verdict on the plugin.
 * - `OtherGeneration`: the module is a plugin of the hook ABI.
 * - `CompilationRefused`: the engine may not compile the plugin, the kernel or adapters of host
 *   functions at run time. It says nothing about the plugin: the engine also refuses the empty
 *   module, or a page's main thread refuses any module of that size.
 * - `LimitExceeded`: the module exceeds a limit. `limit` is the name and `max` the value of an
 *   option; both are missing for a limit of the engines. `offset` is the place, `function` the
 *   function.
 * - `FeatureRefused`: the module uses a feature of WebAssembly that an option must allow.
 * - `OutOfMemory`: the initial memories or tables exceed their budget. The reason names both, and
 *   the option.
 * - `UnknownImports`: the module imports what neither kernel nor host provides: an unknown kernel
 *   function, a host function that is missing, WASI.
 * - `ImportNotFunction`: the module imports something else under the name of a function.
 * - `ImportTypeMismatch`: the module imports a function with the wrong type.
 * - `StartAndInitialize`: the module exports both `_start` and `_initialize`. A module is a command
 *   or a reactor, not both.
 * - `ExportNotFunction`: the export `_start` or `_initialize` is not a function.
 * - `InitializeType`: the type of `_initialize` is not () -> ().
 * - `InstantiationFailed`: in the trial instance, the start function, `_initialize` or a segment
 *   failed, or there was no memory.
 */
export type BuildFailure =
  | { readonly kind: 'InvalidArgument'; readonly argument: string; readonly expected: string }
  | { readonly kind: 'MalformedModule'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'InvalidModule'; readonly offset: number | undefined; readonly reason: string }
  | { readonly kind: 'AlreadyPrepared' }
  | { readonly kind: 'NotPrepared'; readonly reason: string }
  | { readonly kind: 'OtherGeneration' }
  | { readonly kind: 'CompilationRefused'; readonly reason: string }
  | LimitExceeded
  | { readonly kind: 'FeatureRefused'; readonly offset: number; readonly feature: string }
  | { readonly kind: 'OutOfMemory'; readonly reason: string }
  | { readonly kind: 'UnknownImports'; readonly imports: readonly NamedImport[] }
  | { readonly kind: 'ImportNotFunction'; readonly import: NamedImport }
  | {
      readonly kind: 'ImportTypeMismatch';
      readonly import: NamedImport;
      readonly expected: string;
      readonly found: string;
    }
  | { readonly kind: 'StartAndInitialize' }
  | { readonly kind: 'ExportNotFunction'; readonly name: string; readonly found: ExternalKind }
  | { readonly kind: 'InitializeType'; readonly found: string }
  | { readonly kind: 'InstantiationFailed'; readonly reason: string };

/** The most unknown imports that a message lists. A module may have any number of them. */
const IMPORTS_SHOWN = 8;

/** The kinds that compiling bytes adds: see CompilePluginError. */
export type CompileFailureKind =
  | 'MalformedModule'
  | 'InvalidModule'
  | 'AlreadyPrepared'
  | 'LimitExceeded'
  | 'FeatureRefused';

const messages: FailureMessages<Exclude<BuildFailure, { kind: CompileFailureKind }>> = {
  InvalidArgument: (f) => `${f.argument} must be ${f.expected}`,
  NotPrepared: (f) => `wasm must be a WebAssembly.Module made from what preparePlugin returns: ${f.reason}`,
  OtherGeneration: () =>
    'the module is a plugin of the hook ABI: prepareHooks and admitHooks of the entry ./hooks take it; ' +
    'if it is prepared, admitHooks of ./prepared does too',
  CompilationRefused: (f) => `the engine may not instantiate the module: ${f.reason}`,
  OutOfMemory: (f) => `oom: ${f.reason}`,
  UnknownImports: (f) => `the module has imports that neither the kernel nor the host provides: ${list(f.imports)}`,
  ImportNotFunction: (f) => `the module imports ${quote(f.import)} as a ${f.import.kind}, but it is a function`,
  ImportTypeMismatch: (f) => `the module imports ${quote(f.import)} as ${f.found}, but its type is ${f.expected}`,
  StartAndInitialize: () =>
    'the module exports both _start and _initialize: build it as a reactor, with _initialize alone',
  ExportNotFunction: (f) => `the module exports ${f.name} as a ${f.found}, but it must be a function`,
  InitializeType: (f) => `_initialize must have the type () -> (), but has ${f.found}`,
  InstantiationFailed: (f) => `the module could not be instantiated: ${f.reason}`,
};

function quote({ module, name }: NamedImport): string {
  return `"${module}" "${name}"`;
}

function list(imports: readonly NamedImport[]): string {
  const shown = imports.slice(0, IMPORTS_SHOWN).map((unknown) => `${unknown.kind} ${quote(unknown)}`);
  const more = imports.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/**
 * A plugin could not be compiled, linked or built. `cause` is the underlying error, if there is
 * one.
 */
export class BuildPluginError extends FailureError<BuildFailure> {
  override readonly name = 'BuildPluginError';

  protected override get messages(): FailureMessages<BuildFailure> {
    // The kinds of compiling are those of a class of its own, which knows their messages.
    return messages as FailureMessages<BuildFailure>;
  }

  protected override describe(failure: BuildFailure): string {
    if (Object.hasOwn(this.messages, failure.kind)) return super.describe(failure);
    return 'reason' in failure ? shortened(failure.reason) : failure.kind;
  }
}
