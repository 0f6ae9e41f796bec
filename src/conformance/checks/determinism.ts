import type { WireFunctionName } from '../../protocol/messages/index.ts';
import { groupOf, usesState } from '../answers.ts';
import { type Check, type Finding, pass, warn } from '../check.ts';
import type { Exercise, Exercises } from '../exercise.ts';
import type { PluginUnderTest } from '../test-host.ts';

/** Functions without this check: a router may take turns, and `observe` has only one answer. */
const UNCHECKED: readonly WireFunctionName[] = ['filter', 'observe'];

/** How often each request is sent. */
const TIMES = 4;

/**
 * The check that a function answers the same request in the same way. None for a function that may
 * not.
 */
export function determinismChecks({ name, sample, full }: Exercises): Check[] {
  if (UNCHECKED.includes(name)) return [];
  const check: Check = {
    id: `${groupOf(name)}.deterministic`,
    rule: `${name} answers the same request in the same way.`,
    anchor: 'A-14',
    advice: true,
    hint: 'Compute the answer from the request alone. A host may run several instances, and restart them at any time.',
    needs: [`${groupOf(name)}.all-options`, ...(usesState(name) ? ['build-signer.deterministic'] : [])],
    function: name,
    run: (host) => host.withPlugin((plugin) => repeat(plugin, [sample, full])),
  };
  return [check];
}

function repeat(plugin: PluginUnderTest, exercises: readonly Exercise[]): Finding {
  const most = Math.max(...exercises.map((exercise) => countAnswers(plugin, exercise)));
  const measured = { value: TIMES, unit: 'calls' } as const;
  if (most === 1) return pass(measured);
  return warn(`${TIMES} calls with the same request returned ${most} different answers`, measured);
}

/** The number of different answers to one request. */
function countAnswers(plugin: PluginUnderTest, exercise: Exercise): number {
  const answers = Array.from({ length: TIMES }, () => exercise.dispatch(plugin));
  return new Set(answers.map((reply) => (reply.kind === 'ok' ? reply.text : reply.error.message))).size;
}
