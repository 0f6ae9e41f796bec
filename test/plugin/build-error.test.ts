import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BuildFailure, BuildPluginError } from '../../src/plugin/build-error.ts';
import { CompilePluginError } from '../../src/plugin/compile-error.ts';

const buildError = suite('BuildPluginError');

const wanted = { module: 'extism:host/env', name: 'alloc', kind: 'memory' } as const;

const failures: { readonly [K in BuildFailure['kind']]: readonly [Extract<BuildFailure, { kind: K }>, RegExp] } = {
  InvalidArgument: [
    { kind: 'InvalidArgument', argument: 'options.fuel', expected: 'a number' },
    /options\.fuel must be a number/,
  ],
  MalformedModule: [{ kind: 'MalformedModule', offset: 9, reason: 'cut short' }, /^cut short$/],
  InvalidModule: [
    { kind: 'InvalidModule', offset: undefined, reason: 'bad type' },
    /engine refused the module: bad type/,
  ],
  AlreadyPrepared: [{ kind: 'AlreadyPrepared' }, /these bytes are prepared already: pass the original module/],
  NotPrepared: [
    { kind: 'NotPrepared', reason: 'it was not prepared' },
    /^wasm must be a WebAssembly.Module made from what preparePlugin returns: it was not prepared$/,
  ],
  OtherGeneration: [
    { kind: 'OtherGeneration' },
    /a plugin of the hook ABI: prepareHooks and admitHooks of the entry \.\/hooks take it; if .*\.\/prepared does too$/,
  ],
  CompilationRefused: [
    { kind: 'CompilationRefused', reason: 'disallowed' },
    /^this environment does not allow WebAssembly .* run time; prepare the plugin ahead \(.*\): disallowed$/,
  ],
  LimitExceeded: [
    { kind: 'LimitExceeded', offset: 9, reason: 'more than 1000 blocks are open at once' },
    /^more than 1000 blocks are open at once \(at byte 9\)$/,
  ],
  FeatureRefused: [
    { kind: 'FeatureRefused', offset: 9, feature: 'shared memory' },
    /uses shared memory, which is not allowed \(at byte 9\)/,
  ],
  OutOfMemory: [{ kind: 'OutOfMemory', reason: 'too much at first' }, /^oom: too much at first$/],
  UnknownImports: [
    { kind: 'UnknownImports', imports: [wanted] },
    /neither the kernel nor the host provides: memory "extism:host\/env" "alloc"$/,
  ],
  ImportNotFunction: [
    { kind: 'ImportNotFunction', import: wanted },
    /imports "extism:host\/env" "alloc" as a memory, but it is a function/,
  ],
  ImportTypeMismatch: [
    { kind: 'ImportTypeMismatch', import: wanted, expected: '() -> ()', found: '(i32) -> ()' },
    /"alloc" as \(i32\) -> \(\), but its type is \(\) -> \(\)/,
  ],
  StartAndInitialize: [{ kind: 'StartAndInitialize' }, /both _start and _initialize/],
  ExportNotFunction: [
    { kind: 'ExportNotFunction', name: '_start', found: 'global' },
    /exports _start as a global, but it must be a function/,
  ],
  InitializeType: [
    { kind: 'InitializeType', found: '(i32) -> ()' },
    /_initialize must have the type \(\) -> \(\), but has \(i32\) -> \(\)/,
  ],
  InstantiationFailed: [
    { kind: 'InstantiationFailed', reason: 'unreachable' },
    /could not be instantiated: unreachable/,
  ],
};

for (const [kind, [failure, message]] of Object.entries(failures)) {
  buildError(`${kind} says what is wrong`, () => {
    const cause = new Error('below');
    const thrown = new CompilePluginError(failure, { cause });
    assert.instance(thrown, BuildPluginError);
    assert.is(thrown.name, 'BuildPluginError');
    assert.is(thrown.failure, failure);
    assert.is(thrown.cause, cause);
    assert.match(thrown.message, message);
  });
}

buildError('the first eight of many unknown imports are named, and the rest counted', () => {
  const imports = Array.from(
    { length: 10 },
    (_, index) => ({ module: 'env', name: `f${index}`, kind: 'function' }) as const,
  );
  const { message } = new BuildPluginError({ kind: 'UnknownImports', imports });
  assert.match(message, /"f0", .*"f7" and 2 more$/);
  assert.not.match(message, '"f8"');
  const eight = new BuildPluginError({ kind: 'UnknownImports', imports: imports.slice(0, 8) });
  assert.match(eight.message, /"f7"$/);
});

buildError('a message is bounded whatever the length of names and types', () => {
  const name = 'n'.repeat(1_000_000);
  const imports = Array.from({ length: 1_000 }, () => ({ module: name, name, kind: 'function' }) as const);
  const [first] = imports;
  assert.ok(first);
  const long: readonly BuildFailure[] = [
    { kind: 'UnknownImports', imports },
    { kind: 'ImportNotFunction', import: { ...first, kind: 'global' } },
    { kind: 'ImportTypeMismatch', import: first, expected: name, found: name },
    { kind: 'InstantiationFailed', reason: name },
    { kind: 'InvalidModule', offset: undefined, reason: name },
  ];
  for (const failure of long) {
    const { message } = new CompilePluginError(failure);
    assert.ok(message.length < 2_100, `${failure.kind}: ${message.length}`);
    assert.match(message, /… \(\d+ more characters\)$/);
  }
});

buildError('an engine that refuses to instantiate a prepared plugin: no advice to prepare it', () => {
  const { message } = new BuildPluginError({ kind: 'CompilationRefused', reason: 'disallowed' });
  assert.is(message, 'the engine may not instantiate the module: disallowed');
});

buildError.run();
