import { FailureError } from '../../src/failure.ts';
import * as preparedEntry from '../../src/prepared/index.ts';
import { given, ofFixture } from '../support/workerd.ts';

/** What a host that has no time and no random values gives instead. */
const clock = (): number => 1_800_000_000_000;
const fillRandom = (bytes: Uint8Array): unknown => bytes.fill(7);

const moduleOf = (path: string) => ofFixture(given, path).module;
const router = moduleOf('router/router.wasm');
const filter = moduleOf('hooks/filter/filter.wasm');

/** Plugins that never return, of both generations, and where. */
export const endless = {
  'hostile/loop-in-start.wasm': 'handshake',
  'hostile/loop-in-self-check.wasm': 'self_check',
  'hostile/loops.wasm': 'handshake',
  'hooks/hostile/loop-in-alloc.wasm': 'probe',
  'hooks/hostile/loop-in-hook.wasm': 'probe',
} as const;

/** A layer or step that failed, and the report around it. */
export interface Ending {
  readonly admitted: boolean;
  readonly clockStood: boolean;
  /** The layer or step that failed, with its message; missing if none did. */
  readonly failed?: string;
}

/** Admits a plugin of generation 1. */
function admitted(module: preparedEntry.PreparedModule, options: preparedEntry.AdmitOptions = {}): Ending {
  const { admitted, clockStood, layers } = preparedEntry.admit(module, options);
  const failed = layers.find(({ status }) => status === 'failed');
  return {
    admitted,
    clockStood: clockStood === true,
    ...(failed && { failed: `${failed.layer}: ${failed.error?.message}` }),
  };
}

/** Admits a hook plugin. */
function hooksAdmitted(module: preparedEntry.PreparedModule): Ending {
  const { admitted, clockStood, steps } = preparedEntry.admitHooks(module).report;
  const failed = steps.find(({ status }) => status === 'failed');
  return {
    admitted,
    clockStood: clockStood === true,
    ...(failed && { failed: `${failed.step}: ${failed.error?.message}` }),
  };
}

/** Calls a host function through a plugin. @returns the answer's bytes, or what failed and why. */
function asked(name: 'now_unix_ms' | 'random_bytes', given: object): string {
  const state = new preparedEntry.HostState();
  const functions = preparedEntry.hostFunctions({ pluginName: 'p', storageQuotaBytes: 0, state, ...given });
  const plugin = preparedEntry.buildPlugin(moduleOf('host-calls/host-calls.wasm'), { functions });
  try {
    return `${plugin.call(name, '{"count":4}').length} bytes`;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return `${error.message}: ${error.cause instanceof Error ? error.cause.message : ''}`;
  }
}

/** What a worker finds out about time and random values, where this is called. */
export const findings = () => ({
  without: admitted(router),
  withClock: admitted(router, { clock }),
  hooks: hooksAdmitted(filter),
  endless: Object.fromEntries(
    Object.keys(endless).map((path) => [
      path,
      path.startsWith('hooks/') ? hooksAdmitted(moduleOf(path)) : admitted(moduleOf(path), { clock }),
    ]),
  ),
  now: asked('now_unix_ms', {}),
  nowWithClock: asked('now_unix_ms', { clock }),
  random: asked('random_bytes', {}),
  randomWithFill: asked('random_bytes', { fillRandom }),
});

/** What {@link findings} returns. */
export type Findings = ReturnType<typeof findings>;
