// Ways to have an instance for each call of a hook plugin. src/hooks/instances.ts has the one that
// the package uses.
import { type SettledLimits, settleLimits } from '../../../src/hooks/budget.ts';
import { type CompiledHooks, compileHooks } from '../../../src/hooks/compile.ts';
import { type HookInstance, type Instances, LentMemories } from '../../../src/hooks/instances.ts';
import { RestoredInstance } from './restored.ts';

/** Titles of the ways, by their names; that of the package first. */
export const formTitles = {
  lent: 'one memory, lent to fresh instances',
  fresh: 'fresh instances, each with its memory',
  spare: 'the same, made ahead',
  restored: 'one instance, put back by its own code',
} as const;

/** The name of a way. */
export type FormName = keyof typeof formTitles;

/** A plugin, and where its instances come from. */
export interface OpenForm {
  readonly compiled: CompiledHooks;
  readonly instances: Instances;
  /** Makes an instance ahead, outside of the time of the call. */
  readonly before?: () => void;
}

const limits: SettledLimits = settleLimits({});
/** The budget of a call. A busy machine must not look like a slow plugin. */
export const budget = { fuel: limits.call.fuel, wallMs: 600_000 };

/** Opens a plugin in each way. */
export const forms: Readonly<Record<FormName, (wasm: Uint8Array<ArrayBuffer>) => OpenForm>> = {
  lent: (wasm) => {
    const compiled = compileHooks(wasm, limits);
    return { compiled, instances: new LentMemories(compiled, limits) };
  },
  fresh: (wasm) => {
    const { compiled, instances } = forms.lent(wasm);
    // No memory is given back, so each instance gets a new one.
    return { compiled, instances: { take: (given) => instances.take(given), giveBack: () => undefined } };
  },
  spare: (wasm) => {
    const { compiled, instances } = forms.fresh(wasm);
    let spare: HookInstance | undefined;
    const before = (): void => {
      spare = instances.take(budget);
    };
    return { compiled, before, instances: { ...instances, take: (given) => spare ?? instances.take(given) } };
  },
  restored: (wasm) => {
    const instance = new RestoredInstance(wasm, limits);
    return { compiled: instance.compiled, instances: instance };
  },
};
