import type { WireFunctionName } from '../../protocol/messages/index.ts';
import { groupOf, usesState } from '../answers.ts';
import { type Check, type Finding, fail, pass, warn } from '../check.ts';
import type { Exercise, Exercises } from '../exercise.ts';
import type { PluginUnderTest } from '../test-host.ts';

/**
 * The result if a function answers the same request in different ways. `undefined`: not checked. A
 * router may take turns, and `observe` has only one answer. `sign` warns: a signature may contain a
 * nonce, but other memory of a signer belongs into its state.
 */
const rules: Readonly<Record<WireFunctionName, 'fail' | 'warn' | undefined>> = {
  shape: 'fail',
  normalize_error: 'fail',
  build_signer: 'fail',
  sign: 'warn',
  on_unauthorized: 'fail',
  observe: undefined,
  filter: undefined,
};

/** How often each request is sent. */
const TIMES = 4;

/**
 * The check that a function answers the same request in the same way. None for a function that may
 * not.
 */
export function determinismChecks({ name, sample, full }: Exercises): Check[] {
  const rule = rules[name];
  if (rule === undefined) return [];
  const check: Check = {
    id: `${groupOf(name)}.deterministic`,
    rule: `${name} answers the same request in the same way.`,
    anchor: 'functions-and-fallback',
    hint: 'Compute the answer from the request alone. A host may run several instances, and restart them at any time.',
    needs: [`${groupOf(name)}.all-options`, ...(usesState(name) ? ['build-signer.deterministic'] : [])],
    function: name,
    run: (host) => host.withPlugin((plugin) => repeat(plugin, [sample, full], rule)),
  };
  return [check];
}

function repeat(plugin: PluginUnderTest, exercises: readonly Exercise[], rule: 'fail' | 'warn'): Finding {
  const most = Math.max(...exercises.map((exercise) => countAnswers(plugin, exercise)));
  const measured = { value: TIMES, unit: 'calls' } as const;
  if (most === 1) return pass(measured);
  const found = `${TIMES} calls with the same request returned ${most} different answers`;
  return rule === 'fail' ? fail(found, undefined, measured) : warn(found, measured);
}

/** The number of different answers to one request. */
function countAnswers(plugin: PluginUnderTest, exercise: Exercise): number {
  const answers = Array.from({ length: TIMES }, () => exercise.dispatch(plugin));
  return new Set(answers.map((reply) => (reply.kind === 'ok' ? reply.text : reply.error.message))).size;
}
