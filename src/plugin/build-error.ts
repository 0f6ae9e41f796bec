import { COMPILATION_ADVICE } from '../compilation.ts';
import { FailureError, type FailureMessages } from '../failure.ts';
import type { LimitExceeded } from '../metering/error.ts';
import type { ExternalKind } from '../wasm/index.ts';

/** An import of a plugin, as an error names it. */
export interface NamedImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
}

/**
 * Why a plugin could not be compiled, linked or built.
 *
 * - `InvalidArgument`: a host's own mistake: an option or argument of the wrong type or range.
 * - `MalformedModule`: the bytes do not follow the binary format. `offset` in bytes from the start.
 * - `InvalidModule`: the engine refused the module. `offset` where the engine gives one.
 * - `AlreadyPrepared`: the bytes are what `preparePlugin` gave, and not the original's.
 * - `CompilationRefused`: the engine may not compile at run time: the plugin itself, or the kernel
 *   beside it, or adapters of host functions. It is no verdict on the plugin: the engine refuses
 *   the empty module too, or a page's main thread a module of that size.
 * - `LimitExceeded`: the module exceeds a limit. `limit` is its name and `max` its value, unless it
 *   is one that engines set; `offset` where it does, and `function` in which.
 * - `FeatureRefused`: it uses a feature of WebAssembly that must be allowed first. `offset` where
 *   it does.
 * - `OutOfMemory`: its memories or tables are larger at first than their budget; the reason names
 *   both, and the option.
 * - `UnknownImports`: imports that nobody provides: a kernel function that does not exist, a host
 *   function that was not given, WASI.
 * - `ImportNotFunction`: something other than a function is imported under the name of one.
 * - `ImportTypeMismatch`: a function is imported with another type than it has.
 * - `StartAndInitialize`: both `_start` and `_initialize` are exported; a module is a command or a
 *   reactor, not both.
 * - `ExportNotFunction`: `_start` or `_initialize` is exported, and is no function.
 * - `InitializeType`: `_initialize` is a function that is not () -> ().
 * - `InstantiationFailed`: the start function, `_initialize` or the segments failed in a trial
 *   instance, or there was no memory for it.
 */
export type BuildFailure =
  | { readonly kind: 'InvalidArgument'; readonly argument: string; readonly expected: string }
  | { readonly kind: 'MalformedModule'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'InvalidModule'; readonly offset: number | undefined; readonly reason: string }
  | { readonly kind: 'AlreadyPrepared' }
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

/** How many unknown imports a message spells out; a module may have any number of them. */
const IMPORTS_SHOWN = 8;

const messages: FailureMessages<BuildFailure> = {
  InvalidArgument: (f) => `${f.argument} must be ${f.expected}`,
  MalformedModule: (f) => f.reason,
  InvalidModule: (f) => `the engine refused the module: ${f.reason}`,
  AlreadyPrepared: () =>
    'metering is written into these bytes already: give the original, or a WebAssembly.Module made from these',
  CompilationRefused: (f) => `the engine may not compile WebAssembly here (${f.reason}): ${COMPILATION_ADVICE}`,
  LimitExceeded: (f) => `${f.reason} (at byte ${f.offset})`,
  FeatureRefused: (f) => `the module uses ${f.feature}, which is not allowed (at byte ${f.offset})`,
  OutOfMemory: (f) => `oom: ${f.reason}`,
  UnknownImports: (f) => `the module imports what nobody provides: ${list(f.imports)}`,
  ImportNotFunction: (f) => `the module imports a ${f.import.kind} as ${quote(f.import)}, which is a function`,
  ImportTypeMismatch: (f) => `the module imports ${quote(f.import)} as ${f.found}, but its type is ${f.expected}`,
  StartAndInitialize: () =>
    'the module exports both _start and _initialize: build it as a reactor, with _initialize alone',
  ExportNotFunction: (f) => `the module exports ${f.name} as a ${f.found}, but it must be a function`,
  InitializeType: (f) => `_initialize must be of type () -> (), but is ${f.found}`,
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

/** A plugin that could not be compiled, linked or built. `cause` is the underlying error, where there is one. */
export class BuildPluginError extends FailureError<BuildFailure> {
  override readonly name = 'BuildPluginError';

  protected override get messages(): FailureMessages<BuildFailure> {
    return messages;
  }
}
