// The package in a context of node:vm that generates no code.

import vm from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canLink } from '../../src/plugin/link.ts';
import { exchangeOf } from '../support/exchange.ts';
import { fixture } from '../support/fixture.ts';
import { fixturePaths } from '../support/fixtures-list.ts';
import { prepared } from '../support/prepared-fixture.ts';
import { rootFunctions } from '../support/root-functions.ts';
import { bundledProbes, probedBytes } from './bundled-probes.ts';
import type { Environment, Outcomes, ProbedPlugins } from './probes.ts';
import { assertAllowed, assertRefused } from './refusals.ts';

const contexts = suite('in a context without code generation');

const script = await bundledProbes();

/** Loads the probes into a new context. */
function environmentOf(codeGeneration: boolean): Environment {
  const globals = {
    TextEncoder,
    TextDecoder,
    performance,
    console,
    crypto,
    queueMicrotask,
    URL,
    btoa,
    setTimeout,
    clearTimeout,
  };
  const context = vm.createContext(globals, { codeGeneration: { strings: codeGeneration, wasm: codeGeneration } });
  vm.runInContext(script, context);
  return vm.runInContext('environment', context) as Environment;
}

const forbidding = environmentOf(false);
const bytes = await probedBytes();
const moduleOf = (wasm: Uint8Array<ArrayBuffer> | undefined) => wasm && new WebAssembly.Module(wasm);
const given: ProbedPlugins = {
  ...bytes,
  withoutKernel: moduleOf(bytes.withoutKernel),
  callsHost: moduleOf(bytes.callsHost),
  converting: moduleOf(bytes.converting),
};

const outcomesIn = async (json: Promise<string>): Promise<Outcomes> => JSON.parse(await json);

contexts('every function that compiles says that it may not, and what to do', async () => {
  assertRefused(await outcomesIn(forbidding.compiling(given)));
});

contexts('functions that read or write bytes work', async () => {
  assertAllowed(await outcomesIn(forbidding.reading(given)));
});

contexts('in one with code generation, all of them work', async () => {
  const allowing = environmentOf(true);
  assertAllowed(await outcomesIn(allowing.compiling(given)));
  assertAllowed(await outcomesIn(allowing.reading(given)));
});

/** Whether such a context instantiates modules that were compiled outside. */
function instantiates(): boolean {
  const context = vm.createContext({ module: moduleOf(bytes.withoutKernel) }, { codeGeneration: { wasm: false } });
  const attempt = 'try { new WebAssembly.Instance(module); } catch (error) { error.name }';
  if (vm.runInContext(attempt, context) !== 'CompileError') return true;
  console.log(
    'skipped: prepared plugins in a context without code generation: this engine refuses their instances too',
  );
  return false;
}

const isInstantiated = instantiates();

if (!isInstantiated)
  contexts('a prepared plugin says that it may not be instantiated', async () => {
    const module = moduleOf(prepared(await fixture('hooks/filter/filter.wasm')));
    assert.throws(() => forbidding.exchange(module as never), /this environment does not allow WebAssembly/);
  });

for (const path of isInstantiated ? fixturePaths : []) {
  const isHook = path.startsWith('hooks/');
  if (!isHook && !canLink()) continue;
  contexts(`${path}, prepared, is admitted and called as from its bytes outside`, async () => {
    const wasm = await fixture(path);
    const module = new WebAssembly.Module(prepared(wasm));
    const expected = exchangeOf(rootFunctions, wasm);
    assert.is(forbidding.exchange(module), JSON.stringify(expected));
  });
}
if (isInstantiated && !canLink())
  console.log('skipped: plugins of generation 1 without code generation: this engine takes no second memory');

contexts.run();
