import { resultOf } from '../../../failure.ts';
import { decodeJson } from '../../../json/decode.ts';
import { encodeJson } from '../../../json/encode.ts';
import { compilePlugin } from '../../../plugin/compile.ts';
import { pluginSlot, selfCheckResponse } from '../../../protocol/messages/index.ts';
import { executeSelfCheck, SelfCheckExecutionError } from '../../../protocol/self-check.ts';
import type { End } from '../end.ts';
import type { Vector } from '../vector.ts';
import { layerBudget } from './budget.ts';
import { clockAt } from './clock.ts';
import { endOf } from './failed.ts';

/** Runs a self-check, and ends with the response. */
export function selfCheckEnds({ wasm, slots, clock, budget }: Vector<'self-check'>): readonly End[] {
  const tested = slots?.map((slot) => decodeJson(pluginSlot, JSON.stringify(slot))) ?? 'all';
  const compiled = resultOf(() => compilePlugin(wasm));
  const end = endOf({ self_check: SelfCheckExecutionError }, () => {
    const response = executeSelfCheck(compiled, tested, { ...layerBudget(budget), clock: clockAt(clock) });
    return { response: encodeJson(selfCheckResponse, response, 'declared') };
  });
  return [end];
}
