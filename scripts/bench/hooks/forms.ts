// Ways to have an instance for each call of a hook plugin. src/hooks/instances.ts has the one that
// the package uses.
import { settleLimits } from '../../../src/hooks/budget.ts';
import { writeHooks } from '../../../src/hooks/compile.ts';
import { type CompiledHooks, compiledHooks } from '../../../src/hooks/compiled.ts';
import type { Hook } from '../../../src/hooks/hook.ts';
import { inspectHooks } from '../../../src/hooks/inspect.ts';
import { type HookInstance, type Instances, LentMemories } from '../../../src/hooks/instances.ts';
import { HookPlugin } from '../../../src/hooks/plugin.ts';
import { PATIENT } from './call-row.ts';

/** Titles of the ways, by their names; that of the package first. */
export const formTitles = {
  kept: 'one instance, put back',
  lent: 'fresh instances over one memory',
  fresh: 'fresh instances, each with its memory',
  spare: 'the same, made ahead',
} as const;

/** The name of a way. */
export type FormName = keyof typeof formTitles;

/** A plugin whose instances come from one of the ways. */
export interface OpenForm {
  readonly plugin: HookPlugin;
  /** Makes an instance ahead, outside of the time of the call. */
  readonly before?: () => void;
}

const limits = settleLimits({});
const budget = { fuel: limits.call.fuel, ...PATIENT.call };

/** Opens a plugin in each way, to call one of its hooks. */
export const forms: Readonly<Record<FormName, (wasm: Uint8Array<ArrayBuffer>, hook: Hook) => OpenForm>> = {
  kept: (wasm, hook) => {
    const compiled = compile(wasm);
    return { plugin: pluginWith(wasm, compiled, lentMemories(wasm, compiled, hook)) };
  },
  lent: (wasm, hook) => {
    const { memory, ...compiled } = compile(wasm);
    // As for a plugin that changes tables.
    const changing = { ...compiled, memory: { ...memory, changingGlobals: null } };
    return { plugin: pluginWith(wasm, changing, lentMemories(wasm, changing, hook)) };
  },
  fresh: (wasm, hook) => {
    const compiled = compile(wasm);
    return { plugin: pluginWith(wasm, compiled, freshMemories(lentMemories(wasm, compiled, hook))) };
  },
  spare: (wasm, hook) => {
    const compiled = compile(wasm);
    const instances = freshMemories(lentMemories(wasm, compiled, hook));
    let spare: HookInstance | undefined;
    let requestBytes = 0;
    const take: Instances['take'] = (given, bytes) => {
      requestBytes = bytes;
      return spare ?? instances.take(given, bytes);
    };
    const before = (): void => {
      spare = instances.take(budget, requestBytes);
    };
    return { plugin: pluginWith(wasm, compiled, { ...instances, take }), before };
  },
};

function compile(wasm: Uint8Array<ArrayBuffer>): CompiledHooks {
  const { bytes, metering, memory } = writeHooks(wasm, undefined, undefined);
  return compiledHooks(new WebAssembly.Module(bytes), metering, memory);
}

function pluginWith(wasm: Uint8Array<ArrayBuffer>, compiled: CompiledHooks, instances: Instances): HookPlugin {
  return new HookPlugin({ metadata: inspectHooks(wasm).metadata, compiled, instances, budget });
}

/** As admission makes them: a probe shows by how much a call grows the memory. */
function lentMemories(wasm: Uint8Array<ArrayBuffer>, compiled: CompiledHooks, hook: Hook): LentMemories {
  const probed = new LentMemories(compiled, limits);
  pluginWith(wasm, compiled, probed).call(hook, hook.sample());
  return new LentMemories(compiled, limits, probed.grownPages);
}

/** No memory is given back, so each instance gets a new one. */
function freshMemories(instances: LentMemories): Instances {
  return { take: (given, requestBytes) => instances.take(given, requestBytes), giveBack: () => undefined };
}
