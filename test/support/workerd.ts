// What test/support/fixture.ts and prepared-fixture.ts are in workerd: the modules of prepared
// fixtures, which the configuration gives to the worker (scripts/test/workerd.ts).
import type { EngineModule } from '../../src/module-source.ts';
import type { Exchange } from './exchange.ts';

/** A prepared fixture, and the exchange from its bytes on the Node that prepared it. */
export interface GivenFixture {
  readonly module: EngineModule;
  readonly exchange: Exchange;
}

/** All fixtures by their paths. The script that starts the tests fills it. */
export const given = new Map<string, GivenFixture>();

/** Some fixtures as the bytes of a file: what an edge worker may not compile. */
export const givenBytes = new Map<string, ArrayBuffer>();

/** Some fixtures whose kernel is not in the module, so that it had to be compiled. */
export const givenWithoutKernel = new Map<string, EngineModule>();

/** What the worker was given of a fixture. Throws if it was given nothing. */
export function ofFixture<T>(all: ReadonlyMap<string, T>, path: string): T {
  const found = all.get(path);
  if (found === undefined) throw new Error(`the worker was not given the fixture ${path}`);
  return found;
}

/** The module of a prepared fixture. */
export async function preparedFixture(path: string): Promise<EngineModule> {
  return ofFixture(given, path).module;
}

/** The exchange with a fixture that was given as bytes, where that is allowed. */
export async function exchangeFromBytes(path: string): Promise<Exchange> {
  return ofFixture(given, path).exchange;
}

/** The module of a prepared fixture, for tests that have bytes elsewhere. */
export { preparedFixture as fixture };

async function mayNotCompile(): Promise<never> {
  throw new Error('this test makes a module, and a worker may not compile: it does not run in workerd');
}

/** Refuses what a worker may not do. */
export { mayNotCompile as print, mayNotCompile as wat };
