import type { HookCompileFailure } from '../hooks/compile-error.ts';
import type { RefusedFeature } from '../hooks/features.ts';
import { limitHint } from './build.ts';
import { type Hints, hintIn } from './hint.ts';

/** How to build without each feature that cc-lb switches off. */
const features: Readonly<Record<RefusedFeature, string>> = {
  threads: 'Build without threads: in Rust without -C target-feature=+atomics, in C without -pthread.',
  memory64: 'Build for wasm32, and not for wasm64: cc-lb has only memories of 32 bits.',
  'multi-memory': 'Build with one memory: leave out the tool that merges modules, or let it merge memories too.',
  'function references': 'Build without function references: no typed references in WAT, no such compiler option.',
  'garbage collection': 'Build from a language with a memory of its own, or without the option for WebAssembly GC.',
  exceptions: 'Build without exceptions: in C++ -fno-exceptions, in Rust panic = "abort" and no -Z flag for wasm-eh.',
  'tail calls': 'Build without tail calls: in C without -mtail-call, in Rust without +tail-call.',
  'relaxed SIMD': 'Build without relaxed SIMD: in C without -mrelaxed-simd, in Rust without +relaxed-simd.',
};

/** What to do about a hook plugin that does not compile. */
const hints: Hints<HookCompileFailure> = {
  FeatureRefused: ({ feature }) => features[feature],
  FeatureUnsupported: ({ feature }) =>
    `Verify on an engine that has ${feature}, which cc-lb accepts; or build without it, to run on both.`,
  MalformedModule: 'Build the module again, without the tool that changes its code: a function body is damaged.',
  InvalidModule: 'Find the function with `wasm-tools validate`: a tool after the compiler has written wrong types.',
  LimitExceeded: (failure) => `${limitHint(failure)} cc-lb has no such limits.`,
  CompilationRefused:
    'Prepare the plugin ahead, with `cc-lb-plugin prepare` or prepareHooks. The platform makes a WebAssembly.Module ' +
    "of the bytes, for admitHooks. In a page, allow 'wasm-unsafe-eval' in its Content-Security-Policy.",
  NotPrepared: { none: 'the host passed a module that it has not prepared' },
};

/** Says what to do about a hook plugin that does not compile. */
export function hookCompilationHint(failure: HookCompileFailure): string | undefined {
  return hintIn(hints, failure);
}
