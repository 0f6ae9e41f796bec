import { FailureError } from '../../src/failure.ts';
import { admitHooks } from '../../src/hooks/index.ts';
import { instantiateMetered, meterModule } from '../../src/metering/index.ts';
import { buildPlugin, compilePlugin, preparePlugin } from '../../src/plugin/index.ts';
import { admit } from '../../src/protocol/admit.ts';
import { givenBytes, givenWithoutKernel, ofFixture } from '../support/workerd.ts';

const router = ofFixture(givenBytes, 'router/router.wasm');
const filter = ofFixture(givenBytes, 'hooks/filter/filter.wasm');
const withoutKernel = ofFixture(givenWithoutKernel, 'router/router.wasm');

/** Functions that compile at run time, with bytes or with a module that lacks its kernel. */
export const compilations: Readonly<Record<string, () => unknown>> = {
  compilePlugin: () => compilePlugin(router),
  'compilePlugin, unmetered': () => compilePlugin(router, { metering: false }),
  'compilePlugin, the kernel beside': () => compilePlugin(router, { kernel: 'instance' }),
  buildPlugin: () => buildPlugin(router),
  'buildPlugin of a prepared module without its kernel': () => buildPlugin(withoutKernel),
  admit: () => admit(router),
  admitHooks: () => admitHooks(filter),
  instantiateMetered: () => instantiateMetered(meterModule(router), {}),
};

/** Functions that take bytes and compile nothing. */
export const writers: Readonly<Record<string, () => Uint8Array>> = {
  meterModule: () => meterModule(router).bytes,
  preparePlugin: () => preparePlugin(router),
};

/** What a function did. */
export interface Outcome {
  /** The name of its error; missing if it threw none. */
  readonly error?: string;
  /** The kind of its failure; missing for an error of another kind. */
  readonly kind?: string | undefined;
  readonly message?: string;
}

/** Runs a function. @returns what it did. */
export function outcomeOf(run: () => unknown): Outcome {
  try {
    run();
    return {};
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, message } = error;
    const kind = error instanceof FailureError ? error.failure.kind : undefined;
    return { error: name, kind, message };
  }
}
