// Budgets for modules that know nothing of them: `npm run example:metered`. Runs scripts in QuickJS
// and CRuby from npm, each by its own glue code, under fuel, a deadline and a memory budget. Only
// src/metering is used, which is `cc-lb-runtime-protocol/metering` in a project of your own.
import { equal, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import {
  type Budget,
  instantiateMetered,
  Meter,
  MeteringError,
  type ModuleLimits,
  meterModule,
} from '../src/metering/index.ts';
import { importPackage, packageFile } from '../test/modules/program.ts';

/** Runs a script, and returns its result as text. */
type Evaluate = (script: string) => string;

/** An interpreter that is compiled once. Each start makes a new instance of it. */
interface Interpreter {
  readonly start: (meter: Meter) => Promise<Evaluate>;
  /** A script that ends; its result is 385. */
  readonly sums: string;
  /** A script that never ends, though it catches whatever a script can catch. */
  readonly endless: string;
  /** A script that needs ever more memory. */
  readonly hungry: string;
}

const print = (title: string, text: string): void => console.log(`  ${title.padEnd(10)}${text}`);

/** Rewrites a module once, and compiles the result once. */
async function compile(file: string, limits: ModuleLimits = {}): Promise<WebAssembly.Module> {
  const wasm = await readFile(packageFile(file));
  const startedAt = performance.now();
  const metered = meterModule(wasm, { limits });
  const ms = Math.round(performance.now() - startedAt);
  print('metering', `${wasm.length} bytes became ${metered.bytes.length} in ${ms} ms`);
  return WebAssembly.compile(metered.bytes);
}

/** What is used of quickjs-emscripten-core. */
interface QuickJs {
  readonly newVariant: (variant: unknown, options: object) => unknown;
  readonly newQuickJSWASMModuleFromVariant: (
    variant: unknown,
  ) => Promise<{ readonly evalCode: (code: string) => unknown }>;
}

/** The glue code of Emscripten has a hook where it instantiates. */
async function quickJs(): Promise<Interpreter> {
  const core = await importPackage<QuickJs>('quickjs-emscripten-core');
  const { default: variant } = await importPackage<{ default: unknown }>('@jitl/quickjs-wasmfile-release-sync');
  const module = await compile('@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm');
  return {
    async start(meter) {
      const instantiateWasm = (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
        const { instance } = instantiateMetered(module, imports, { meter });
        done(instance);
        return instance.exports;
      };
      const options = { emscriptenModule: { instantiateWasm } };
      const vm = await core.newQuickJSWASMModuleFromVariant(core.newVariant(variant, options));
      return (script) => String(vm.evalCode(script));
    },
    sums: 'Array.from({ length: 10 }, (_, i) => (i + 1) ** 2).reduce((a, b) => a + b)',
    endless: 'for (;;) { try { for (;;); } finally { continue; } }',
    hungry: 'const all = []; for (;;) all.push(new Uint8Array(1e6))',
  };
}

/** What is used of @ruby/wasm-wasi. */
interface Ruby {
  readonly RubyVM: new () => {
    readonly addToImports: (imports: WebAssembly.Imports) => void;
    readonly setInstance: (instance: WebAssembly.Instance) => Promise<void>;
    readonly initialize: () => void;
    readonly eval: (code: string) => object;
  };
}

/** What is used of @bjorn3/browser_wasi_shim. */
interface WasiShim {
  readonly WASI: new (
    args: readonly string[],
    env: readonly string[],
    files: readonly object[],
    options: object,
  ) => {
    readonly wasiImport: WebAssembly.ModuleImports;
    readonly initialize: (instance: WebAssembly.Instance) => void;
  };
  readonly File: new (data: readonly number[]) => object;
  readonly OpenFile: new (file: object) => object;
  readonly PreopenDirectory: new (name: string, contents: ReadonlyMap<string, object>) => object;
}

/** What `exceededLimits(wasm)` names. To raise these and no others keeps the rest of them. */
const rubyLimits = {
  functions: 20_000,
  codeBytes: 12_000_000,
  dataSegments: 20_000,
  moduleBlocks: 500_000,
  moduleBranches: 500_000,
  moduleCalls: 500_000,
  moduleLoops: 50_000,
  moduleValuesAtJoins: 50_000_000,
};

/** The glue code of CRuby takes an instance that its caller made. */
async function ruby(): Promise<Interpreter> {
  const { RubyVM } = await importPackage<Ruby>('@ruby/wasm-wasi');
  const { WASI, File, OpenFile, PreopenDirectory } = await importPackage<WasiShim>('@bjorn3/browser_wasi_shim');
  const module = await compile('@ruby/3.3-wasm-wasi/dist/ruby.wasm', rubyLimits);
  return {
    async start(meter) {
      const standardStreams = [0, 1, 2].map(() => new OpenFile(new File([])));
      const wasi = new WASI([], [], [...standardStreams, new PreopenDirectory('/', new Map())], { debug: false });
      const vm = new RubyVM();
      const imports = { wasi_snapshot_preview1: wasi.wasiImport };
      vm.addToImports(imports);
      const { instance } = instantiateMetered(module, imports, { meter });
      await vm.setInstance(instance);
      meter.run(() => {
        wasi.initialize(instance);
        vm.initialize();
      });
      return (script) => String(vm.eval(script));
    },
    sums: '(1..10).sum { |i| i ** 2 }',
    endless: 'loop { begin; loop { }; rescue Exception; end }',
    hungry: 'all = []; loop { all << "x" * 1_000_000 }',
  };
}

/**
 * What an interpreter may use to start. The pages are those of its whole life: its memory may grow
 * by 62.5 MiB.
 */
const toStart = { fuel: 1_000_000_000, wallMs: 60_000, memoryMaxPages: 1_000 };

/**
 * Glue code may call an instance after its budget is used up, in a finalizer for instance: CRuby's
 * does. Without fuel, such a call traps where nothing catches it.
 */
const forLateCalls = { fuel: 10_000_000, wallMs: Number.POSITIVE_INFINITY };

/** Runs a script that its budget ends. Nobody knows what its instance holds then: give it up. */
async function ended({ start }: Interpreter, script: string, budget: Required<Budget>) {
  const meter = new Meter(toStart);
  const evaluate = await start(meter);
  meter.refuel(budget);
  const startedAt = performance.now();
  try {
    const result = meter.run(() => evaluate(script));
    return { kind: `the result ${result}`, fuel: meter.fuelConsumed, ms: 0 };
  } catch (error) {
    if (!(error instanceof MeteringError)) throw error;
    const ended = { kind: error.failure.kind, fuel: meter.fuelConsumed, ms: performance.now() - startedAt };
    print('endless', script);
    print('', error.message);
    meter.refuel(forLateCalls);
    return ended;
  }
}

async function show(title: string, load: () => Promise<Interpreter>): Promise<void> {
  console.log(`\n${title}`);
  const interpreter = await load();
  const { start, sums, endless, hungry } = interpreter;

  // One instance runs many scripts, and each has the budget that it is given.
  const meter = new Meter(toStart);
  const evaluate = await start(meter);
  print('start', `${meter.fuelConsumed} fuel`);
  for (const time of ['first', 'second']) {
    meter.refuel({ fuel: 50_000_000, wallMs: 10_000 });
    const result = meter.run(() => evaluate(sums));
    equal(result, '385');
    print(time, `${sums} is ${result}, for ${meter.fuelConsumed} fuel`);
  }

  const byFuel = await ended(interpreter, endless, { fuel: 100_000_000, wallMs: Number.POSITIVE_INFINITY });
  equal(byFuel.kind, 'OutOfFuel');
  equal(byFuel.fuel, 100_000_000);

  const byTime = await ended(interpreter, endless, { fuel: Number.POSITIVE_INFINITY, wallMs: 100 });
  equal(byTime.kind, 'Timeout');
  ok(byTime.ms < 5_000, `it ran for ${byTime.ms} ms`);

  const byMemory = await ended(interpreter, hungry, { fuel: 10_000_000_000, wallMs: 60_000 });
  equal(byMemory.kind, 'OutOfMemory');
}

/** A late call may still trap, since nobody knows what its instance holds. That ends no process. */
function surviveLateCalls(): void {
  process.on('uncaughtException', (error) => {
    if (error instanceof WebAssembly.RuntimeError) return;
    console.error(error);
    process.exit(1);
  });
}

const missing = ['quickjs-emscripten-core', '@ruby/3.3-wasm-wasi'].find((name) => !existsSync(packageFile(name)));
if (missing !== undefined) {
  console.log(`skipped: examples/metered-module.ts: ${missing} is not installed (npm run example:metered does that)`);
} else {
  surviveLateCalls();
  await show('QuickJS', quickJs);
  await show('CRuby', ruby);
  console.log('\nAll as expected. docs/METERING.md says how it works.');
}
