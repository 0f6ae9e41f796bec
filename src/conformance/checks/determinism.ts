import type { WireFunctionName } from '../../protocol/messages/index.ts';
import { groupOf, usesState } from '../answers.ts';
import { type Check, type Finding, fail, pass, warn } from '../check.ts';
import type { Exercise, Exercises } from '../exercise.ts';
import type { Subject } from '../test-host.ts';

/**
 * Whether a function that answers the same request in another way is at fault. A router may take turns, and `observe` has one answer only.
 * What a signer remembers belongs into its state, but a signature may hold something that is used once.
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

/** How often a request is repeated. */
const TIMES = 4;

/** The check that a function of which it is due answers the same request in the same way. */
export function determinismChecks({ name, sample, full }: Exercises): Check[] {
  const rule = rules[name];
  if (rule === undefined) return [];
  const check: Check = {
    id: `${groupOf(name)}.deterministic`,
    rule: `${name} answers the same request in the same way.`,
    anchor: 'functions-and-fallback',
    hint: 'Let the answer follow from the request alone: a host may have several instances, and start them anew at any time.',
    needs: [`${groupOf(name)}.all-options`, ...(usesState(name) ? ['build-signer.deterministic'] : [])],
    function: name,
    run: (bench) => bench.withPlugin((subject) => repeat(subject, [sample, full], rule)),
  };
  return [check];
}

function repeat(subject: Subject, exercises: readonly Exercise[], rule: 'fail' | 'warn'): Finding {
  const most = Math.max(...exercises.map((exercise) => countAnswers(subject, exercise)));
  const measured = { value: TIMES, unit: 'calls' } as const;
  if (most === 1) return pass(measured);
  const found = `${TIMES} calls with one request gave ${most} different answers`;
  return rule === 'fail' ? fail(found, undefined, measured) : warn(found, measured);
}

/** How many different answers one request gets. */
function countAnswers(subject: Subject, exercise: Exercise): number {
  const answers = Array.from({ length: TIMES }, () => exercise.dispatch(subject));
  return new Set(answers.map((reply) => (reply.kind === 'ok' ? reply.text : reply.error.message))).size;
}
