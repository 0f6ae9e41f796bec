// If the engine may not compile at run time, no plugin is at fault.
// test/scripts/forbidden-compilation.test.ts runs in real places of that kind.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilationRefusal } from '../src/compilation.ts';
import { verifyPlugin } from '../src/conformance/index.ts';
import { admitHooks } from '../src/hooks/admit.ts';
import { HookCompileError } from '../src/hooks/compile-error.ts';
import { prepareHooks } from '../src/hooks/prepare.ts';
import { instantiateMetered, instantiateMeteredAsync, MeteringError, meterModule } from '../src/metering/index.ts';
import {
  BuildPluginError,
  buildPlugin,
  compilePlugin,
  compilePluginAsync,
  preparePlugin,
} from '../src/plugin/index.ts';
import { admit, admitAsync } from '../src/protocol/admit.ts';
import { buildOffer } from '../src/protocol/handshake.ts';
import { leb, name, section } from './support/bytes.ts';
import { whileReplaced } from './support/environment.ts';
import { failureOf, thrownBy } from './support/failure.ts';
import { fixture } from './support/fixture.ts';
import { executeHandshake, executeSelfCheck } from './support/layers.ts';
import { kernelOfPrepared, preparedModule, withoutCompiling, withoutCompilingAsync } from './support/plugin.ts';
import { wat } from './support/wat.ts';

const forbidden = suite('where the engine may not compile');

const router = await fixture('router/router.wasm');
let copies = 0;
/** The router as other bytes than before, so that it is not in the cache of compiled plugins. */
const newRouter = (): Uint8Array => new Uint8Array([...router, ...section(0, ...name('copy'), ...leb(copies++))]);
const noIdentity = await fixture('behaviour/no-identity.wasm');
const refused = { kind: 'CompilationRefused', reason: 'code generation is disallowed here' };

/** Functions that need the engine to compile, whether it validates or not. */
const attempts: Readonly<Record<string, () => unknown>> = {
  compilePlugin: () => compilePlugin(newRouter()),
  'compilePlugin, the kernel beside': () => compilePlugin(newRouter(), { kernel: 'instance' }),
  'compilePlugin, unmetered': () => compilePlugin(newRouter(), { metering: false }),
  buildPlugin: () => buildPlugin(newRouter()),
  admit: () => admit(newRouter()),
  executeHandshake: () => executeHandshake(newRouter(), buildOffer()),
  executeSelfCheck: () => executeSelfCheck(newRouter(), 'all'),
  verifyPlugin: () => verifyPlugin(newRouter(), 'router'),
};
for (const [what, attempt] of Object.entries(attempts)) {
  for (const validates of [true, false]) {
    forbidden(`${what} throws CompilationRefused, ${validates ? 'validated' : 'not even validated'}`, () => {
      const failure = withoutCompiling(() => failureOf(BuildPluginError, attempt), validates);
      assert.equal(failure, refused);
    });
  }
}

forbidden('asynchronous functions reject with it', async () => {
  for (const validates of [true, false]) {
    for (const run of [() => compilePluginAsync(newRouter()), () => admitAsync(newRouter())]) {
      const thrown = await withoutCompilingAsync(
        () =>
          run().then(
            () => undefined,
            (error: unknown) => error,
          ),
        validates,
      );
      assert.equal(thrown instanceof BuildPluginError && thrown.failure, refused);
    }
  }
});

forbidden('the error says what to do, and keeps what the engine threw', () => {
  const thrown = withoutCompiling(() => thrownBy(() => compilePlugin(newRouter())));
  assert.ok(thrown instanceof BuildPluginError && thrown.cause instanceof WebAssembly.CompileError);
  for (const advice of ['code generation is disallowed here', 'preparePlugin', 'wasm-unsafe-eval']) {
    assert.ok(thrown.message.includes(advice), thrown.message);
  }
});

forbidden('a module that cannot be validated is not called invalid', () => {
  const failure = withoutCompiling(() => failureOf(MeteringError, () => meterModule(newRouter())), false);
  assert.equal(failure, refused);
  const prepared = withoutCompiling(() => failureOf(BuildPluginError, () => preparePlugin(newRouter())), false);
  assert.equal(prepared, refused);
});

forbidden('a module is metered where the engine validates', () => {
  const { bytes } = withoutCompiling(() => meterModule(newRouter()));
  assert.ok(WebAssembly.validate(bytes));
});

forbidden('a metered module that is not compiled yet is refused', async () => {
  const metered = meterModule(newRouter());
  assert.equal(
    withoutCompiling(() => failureOf(MeteringError, () => instantiateMetered(metered))),
    refused,
  );
  const rejected = await withoutCompilingAsync(() => instantiateMeteredAsync(metered).catch((error: unknown) => error));
  assert.equal(rejected instanceof MeteringError && rejected.failure, refused);
});

forbidden('an engine that refuses even to instantiate says nothing about the plugin', async () => {
  const answers = await wat('(module (func (export "answer") (result i32) i32.const 42))');
  const metered = new WebAssembly.Module(meterModule(answers).bytes);
  const plugin = preparedModule(router);
  const hooks = new WebAssembly.Module(prepareHooks(await fixture('hooks/filter/filter.wasm')));
  const refuse = function refusing(): never {
    throw new WebAssembly.CompileError(refused.reason);
  };
  const instantiate = async (): Promise<never> => refuse();
  const replaced = [
    [WebAssembly, 'Instance', refuse],
    [WebAssembly, 'instantiate', instantiate],
  ] as const;
  const cases: readonly (readonly [errorClass: Parameters<typeof failureOf>[0], run: () => unknown])[] = [
    [BuildPluginError, () => buildPlugin(plugin)],
    [BuildPluginError, () => admit(plugin)],
    [HookCompileError, () => admitHooks(hooks)],
    [MeteringError, () => instantiateMetered(metered)],
  ];
  for (const [errorClass, run] of cases) {
    buildPlugin(plugin); // what is compiled when it is first needed is not in the way
    assert.equal(
      whileReplaced(replaced, () => failureOf(errorClass, run)),
      refused,
    );
  }
  const pending = whileReplaced(replaced, () => instantiateMeteredAsync(metered).catch((error: unknown) => error));
  const rejected = await pending;
  assert.equal(rejected instanceof MeteringError && rejected.failure, refused);
});

forbidden('an invalid module is reported as invalid where the engine validates', async () => {
  const invalid = await wat('(module (func (result i32)))');
  const failure = withoutCompiling(() => failureOf(MeteringError, () => meterModule(invalid)));
  assert.equal(failure, { kind: 'InvalidModule', reason: 'it is not valid' });
  const refusal = withoutCompiling(() => failureOf(BuildPluginError, () => compilePlugin(invalid)));
  assert.equal(refusal, { kind: 'InvalidModule', offset: undefined, reason: 'it is not valid' });
});

forbidden('a fault found before compiling is reported', () => {
  const report = withoutCompiling(() => admit(noIdentity));
  assert.is(report.layers[0]?.error?.kind, 'MissingCustomSection');
  const malformed = withoutCompiling(() => failureOf(BuildPluginError, () => compilePlugin(new Uint8Array(3))));
  assert.is(malformed.kind, 'MalformedModule');
});

forbidden('the next plugin is admitted after a refusal', () => {
  withoutCompiling(() => failureOf(BuildPluginError, () => admit(newRouter())));
  assert.ok(admit(newRouter()).admitted);
});

forbidden('a prepared plugin with a kernel in it is admitted', () => {
  if (kernelOfPrepared !== 'linked') {
    console.log('skipped: this engine takes one memory only, so the kernel beside the plugin must be compiled');
    return;
  }
  const module = new WebAssembly.Module(preparePlugin(newRouter()));
  assert.ok(withoutCompiling(() => admit(module)).admitted);
});

/**
 * Runs code where a module above this size may not be compiled synchronously, as on the main thread
 * of a page.
 */
function withLimit<T>(limit: number, work: () => T): T {
  const { Module } = WebAssembly;
  WebAssembly.Module = new Proxy(Module, {
    construct: (target, [bytes]: [Uint8Array<ArrayBuffer>]) => {
      if (bytes.length > limit) throw new RangeError('disallowed on the main thread if larger than that');
      return new target(bytes);
    },
  });
  try {
    return work();
  } finally {
    WebAssembly.Module = Module;
  }
}

forbidden('a module too large for synchronous compiling is not called invalid', async () => {
  const reason = 'disallowed on the main thread if larger than that';
  for (const attempt of [() => compilePlugin(newRouter()), () => admit(newRouter()), () => buildPlugin(newRouter())]) {
    const failure = withLimit(1_000, () => failureOf(BuildPluginError, attempt));
    assert.equal(failure, { kind: 'CompilationRefused', reason });
  }
  const thrown = withLimit(1_000, () => thrownBy(() => compilePlugin(newRouter())));
  assert.match(thrown instanceof Error ? thrown.message : '', /compilePluginAsync/);
  const invalid = await wat('(module (func (result i32)))');
  const failure = withLimit(8, () => failureOf(MeteringError, () => meterModule(invalid)));
  assert.equal(failure, { kind: 'InvalidModule', reason: 'it is not valid' });
});

forbidden('an engine that compiles has no refusal', () => {
  assert.is(compilationRefusal(), undefined);
  assert.is(
    withoutCompiling(() => compilationRefusal()),
    'code generation is disallowed here',
  );
});

forbidden.run();
