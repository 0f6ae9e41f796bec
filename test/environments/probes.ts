// What is tried in an environment other than that of the tests: a context, a page. It is bundled,
// and it makes one global variable.
import { EMPTY_MODULE } from '../../src/compilation.ts';
import { verifyHooks, verifyPlugin } from '../../src/conformance/index.ts';
import { FailureError } from '../../src/failure.ts';
import { hintFor } from '../../src/hints/index.ts';
import { admitHooks, admitHooksAsync, inspectHooks, prepareHooks } from '../../src/hooks/index.ts';
import { PluginHost, PluginHostError } from '../../src/host/index.ts';
import {
  admit,
  admitAsync,
  buildPlugin,
  compilePlugin,
  compilePluginAsync,
  generationOf,
  HostState,
  hostFunctions,
  instantiateMetered,
  instantiateMeteredAsync,
  meterModule,
  preparePlugin,
  readIdentity,
} from '../../src/index.ts';
import type { EngineModule, ModuleSource } from '../../src/module-source.ts';
import { exchangeOf } from '../support/exchange.ts';
import { rootFunctions } from '../support/root-functions.ts';

/** What the probes need. A module is left out where it cannot be made or sent. */
export interface ProbedPlugins {
  /** The bytes of a plugin of generation 1. */
  readonly router: readonly number[];
  /** The bytes of a hook plugin. */
  readonly filter: readonly number[];
  /** The module of a prepared plugin of generation 1 without its kernel. */
  readonly withoutKernel?: ModuleSource | undefined;
  /** The same, of a plugin that imports the host functions. */
  readonly callsHost?: ModuleSource | undefined;
  /** A metered module with an import whose result JavaScript converts by compiled code. */
  readonly converting?: EngineModule | undefined;
}

/** What a function did. */
export interface Outcome {
  /** The kind of its failure; missing if it threw none. */
  readonly kind?: string | undefined;
  readonly message?: string | undefined;
  /** What to do about the failure. */
  readonly hint?: string | undefined;
}

/** An outcome for each name. */
export type Outcomes = Readonly<Record<string, Outcome>>;

/** The global variable. What goes through it is text, or made by the engine. */
export interface Environment {
  /** Admission of a plugin, and a call of each of its functions, as JSON. */
  exchange(wasm: ModuleSource): string;
  /** The {@link Outcomes} of all functions that compile, as JSON. */
  compiling(given: ProbedPlugins): Promise<string>;
  /**
   * The {@link Outcomes} of compiling a module of 9 MB: more than the main thread of a page may
   * compile at once. As JSON.
   */
  compilingLarge(): Promise<string>;
  /** The {@link Outcomes} of functions that read or write bytes, as JSON. */
  reading(given: ProbedPlugins): Promise<string>;
}

type Attempts = Readonly<Record<string, () => unknown>>;

function compilingOf({ withoutKernel, callsHost, converting, ...given }: ProbedPlugins): Attempts {
  const [router, filter] = [Uint8Array.from(given.router), Uint8Array.from(given.filter)];
  const metered = meterModule(EMPTY_MODULE);
  const functions = hostFunctions({ pluginName: 'probe', storageQuotaBytes: 0, state: new HostState() });
  return {
    compilePlugin: () => compilePlugin(router),
    'compilePlugin, unmetered': () => compilePlugin(router, { metering: false }),
    'compilePlugin, the kernel beside': () => compilePlugin(router, { kernel: 'instance' }),
    compilePluginAsync: () => compilePluginAsync(router),
    buildPlugin: () => buildPlugin(router),
    admit: () => admit(router),
    admitAsync: () => admitAsync(router),
    verifyPlugin: () => verifyPlugin(router, 'router'),
    'PluginHost.register': () => registered(router),
    admitHooks: () => admitHooks(filter),
    admitHooksAsync: () => admitHooksAsync(filter),
    verifyHooks: () => verifyHooks(filter),
    'PluginHost.register, of a hook plugin': () => registered(filter),
    instantiateMetered: () => instantiateMetered(metered),
    instantiateMeteredAsync: () => instantiateMeteredAsync(metered),
    ...(withoutKernel && {
      'buildPlugin, which compiles the kernel': () => buildPlugin(withoutKernel),
      'admit, which compiles the kernel': () => admit(withoutKernel),
    }),
    ...(callsHost && {
      'buildPlugin, which compiles adapters of host functions': () => buildPlugin(callsHost, { functions }),
    }),
    ...(converting && {
      'instantiateMetered, which compiles a conversion': () =>
        instantiateMetered(converting, { host: { any: () => null } }),
    }),
  };
}

async function registered(wasm: Uint8Array): Promise<void> {
  const host = PluginHost.direct();
  try {
    await host.register({ name: 'probe' }, wasm);
  } finally {
    await host.close();
  }
}

function readingOf({ router, filter }: ProbedPlugins): Attempts {
  const [one, two] = [Uint8Array.from(router), Uint8Array.from(filter)];
  return {
    generationOf: () => [generationOf(one), generationOf(two)],
    readIdentity: () => readIdentity(one),
    inspectHooks: () => inspectHooks(two),
    meterModule: () => meterModule(one),
    preparePlugin: () => preparePlugin(one),
    prepareHooks: () => prepareHooks(two),
  };
}

/** A module that is one custom section of 9 MB. */
function largeModule(): Uint8Array<ArrayBuffer> {
  const size = 9_000_000;
  const wasm = new Uint8Array(EMPTY_MODULE.length + 5 + size);
  wasm.set(EMPTY_MODULE);
  // The id of the section, and its size in four bytes.
  wasm.set([0, 0x80 | (size & 127), 0x80 | ((size >> 7) & 127), 0x80 | ((size >> 14) & 127), size >> 21], 8);
  return wasm;
}

const large: Attempts = {
  compilePlugin: () => compilePlugin(largeModule()),
  compilePluginAsync: () => compilePluginAsync(largeModule()),
};

async function outcomesOf(attempts: Attempts): Promise<string> {
  const outcomes: Record<string, Outcome> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      outcomes[name] = {};
    } catch (error) {
      outcomes[name] = outcomeOf(error);
    }
  }
  return JSON.stringify(outcomes);
}

function outcomeOf(error: unknown): Outcome {
  const { cause } = error instanceof PluginHostError ? error : {};
  if (cause !== undefined) return outcomeOf(cause);
  if (!(error instanceof FailureError)) return { kind: 'none', message: String(error) };
  return { kind: error.failure.kind, message: error.message, hint: hintFor(error) };
}

const environment: Environment = {
  exchange: (wasm) => JSON.stringify(exchangeOf(rootFunctions, wasm)),
  compiling: (given) => outcomesOf(compilingOf(given)),
  compilingLarge: () => outcomesOf(large),
  reading: (given) => outcomesOf(readingOf(given)),
};

Object.assign(globalThis, { environment });
