// Ways to have an instance for each call of a hook plugin. src/hooks/instances.ts has the one that
// the package uses.
import { type SettledLimits, settleLimits } from '../../../src/hooks/budget.ts';
import { writeHooks } from '../../../src/hooks/compile.ts';
import { compiledHooks } from '../../../src/hooks/compiled.ts';
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

/** Where the instances of a plugin come from. */
export interface OpenForm {
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
    const { bytes, metering, memory } = writeHooks(wasm, undefined, undefined);
    const compiled = compiledHooks(new WebAssembly.Module(bytes), metering, memory);
    return { instances: new LentMemories(compiled, limits) };
  },
  fresh: (wasm) => {
    const { instances } = forms.lent(wasm);
    // No memory is given back, so each instance gets a new one.
    return { instances: { take: (given) => instances.take(given), giveBack: () => undefined } };
  },
  spare: (wasm) => {
    const { instances } = forms.fresh(wasm);
    let spare: HookInstance | undefined;
    const before = (): void => {
      spare = instances.take(budget);
    };
    return { before, instances: { ...instances, take: (given) => spare ?? instances.take(given) } };
  },
  restored: (wasm) => ({ instances: new RestoredInstance(wasm, limits) }),
};
