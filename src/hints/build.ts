import type { BuildFailure } from '../plugin/build-error.ts';
import { type Hints, hintIn, quoted } from './hint.ts';
import { importHint } from './imports.ts';

type LimitExceeded = Extract<BuildFailure, { readonly kind: 'LimitExceeded' }>;

const SMALLER: Readonly<Record<string, string>> = {
  moduleBytes:
    'Make the module smaller: build with optimisation (Rust: --release, opt-level = "z", lto = true), and without ' +
    'debug information (strip = "debuginfo", clang without -g, wasm-opt --strip-debug)',
  nameBytes: 'Strip the name section (wasm-opt --strip-debug, Rust: strip = "symbols")',
};

/** Says what to do about a limit on the structure of a module. */
export function limitHint({ limit, max, function: fn }: Omit<LimitExceeded, 'kind'>): string {
  if (limit === undefined)
    return 'Make the module smaller: the engines of JavaScript take no more of what is counted here.';
  const name = fn === undefined ? undefined : (fn.name ?? `function ${fn.index}`);
  const advice =
    SMALLER[limit] ??
    (name === undefined
      ? 'Build with optimisation, and link only what is used'
      : `Split ${quoted(name)}, or build with optimisation`);
  return `${advice}. Or raise the limit ${limit}, which is ${max}: option limits, or --limit ${limit}=N.`;
}

/** What to do about a module that cannot be built. */
const buildHints: Hints<BuildFailure> = {
  InvalidArgument: { none: 'the host passed a malformed option' },
  CompilationRefused:
    'Prepare the plugin ahead, with `cc-lb-plugin prepare` or preparePlugin. The platform makes a WebAssembly.Module ' +
    "of the bytes, for compilePlugin or admit. In a page, allow 'wasm-unsafe-eval' in its Content-Security-Policy.",
  NotPrepared: { none: 'the host passed a module that it has not prepared' },
  OtherGeneration: 'Give the plugin to a host of hook plugins: `admitHooks`, or `cc-lb-plugin admit`, which finds out.',
  AlreadyPrepared: 'Pass the module that the compiler wrote, and not the file that `prepare` made of it.',
  MalformedModule: 'Build the module again, without the tool that changes it after the linker: a section is damaged.',
  InvalidModule:
    'Find the function with `wasm-tools validate`. If the engine only lacks a proposal, build without it (Rust: ' +
    '-C target-feature=-NAME; clang: -mno-NAME).',
  LimitExceeded: limitHint,
  FeatureRefused: ({ feature }) =>
    `Build without ${feature}: without threads (-pthread, +atomics), without garbage collection, and without waits.`,
  OutOfMemory:
    'Begin with less: a smaller stack (-z stack-size), smaller statics, and a smaller --initial-memory or table.',
  UnknownImports: ({ imports: [first] }) => first && importHint(first),
  ImportNotFunction: ({ import: { module, name, kind } }) =>
    `Import ${quoted(name)} of ${quoted(module)} as a function, and not as a ${kind}.`,
  ImportTypeMismatch: ({ import: { name }, expected }) =>
    `Declare the import ${quoted(name)} with the type ${expected}. Handles and lengths are i64, in C uint64_t.`,
  StartAndInitialize:
    'Build a reactor: clang -mexec-model=reactor, TinyGo -buildmode=c-shared, Rust crate-type = ["cdylib"], so that ' +
    'only _initialize is exported.',
  ExportNotFunction: ({ name }) => `Export ${quoted(name)} as a function, or under another name.`,
  InitializeType: 'Export _initialize without parameters and results.',
  InstantiationFailed:
    'Do less before the first call, in the start function, _initialize and constructors, and do not panic there: ' +
    'there is no request yet.',
};

/** Says what to do about a module that cannot be built; `undefined` if it cannot help it. */
export function buildHint(failure: BuildFailure): string | undefined {
  return hintIn(buildHints, failure);
}
