import type { DispatchStage } from '../protocol/dispatch.ts';
import type { WireFunctionName } from '../protocol/messages/index.ts';
import { describeFault, faultHint } from './call-faults.ts';
import { type Check, type Finding, fail, pass } from './check.ts';
import { ADMITTED } from './checks/record.ts';
import { type Exercise, type Exercises, firstReply, isRefusal } from './exercise.ts';
import type { Bench } from './test-host.ts';

/** The beginning of the ids of a function's checks. */
export function groupOf(name: WireFunctionName): string {
  return name.replaceAll('_', '-');
}

/** The check that a function's sample is answered in every respect. */
export function sampleCheck(name: WireFunctionName): string {
  return `${groupOf(name)}.response`;
}

/** Whether a function gets the state that `build_signer` made: without one there is nothing to try it with. */
export function usesState(name: WireFunctionName): boolean {
  return name === 'sign' || name === 'on_unauthorized';
}

/** At which check a dispatch that failed at a stage fails. */
const rungOfStage: Readonly<Record<DispatchStage, 'answers' | 'envelope' | 'response'>> = {
  version_lookup: 'answers',
  request_envelope: 'answers',
  serialize_request: 'answers',
  plugin_call: 'answers',
  deserialize_response: 'envelope',
  response_envelope: 'envelope',
  response_decode: 'response',
  panic: 'answers',
};

const FACTORY_HINT =
  'If it needs to be told something, such as a key, give it: option factoryState, or --factory-state FILE. Else take null.';

/** The checks that the sample of a function is answered, rung by rung, and a request with all options set. */
export function answerChecks(exercises: Exercises): Check[] {
  const { name, sample } = exercises;
  const group = groupOf(name);
  const rung = (
    which: 'answers' | 'envelope' | 'response',
    needs: string,
    { refusedHint, ...rest }: Pick<Check, 'rule' | 'anchor' | 'hint'> & { readonly refusedHint?: string },
  ): Check => ({
    id: `${group}.${which}`,
    ...rest,
    needs: [needs],
    function: name,
    run: (bench) => checkSample(bench, sample, which, refusedHint),
  });
  return [
    rung('answers', usesState(name) ? sampleCheck('build_signer') : ADMITTED, {
      rule: `The dry-run sample of ${name} is answered: no trap, no error, code 0, within the budget.`,
      anchor: 'stages-and-errors',
      hint: `Answer the sample of ${name} in abi/PROTOCOL.md: it stands for a real request.`,
      ...(name === 'build_signer' && { refusedHint: FACTORY_HINT }),
    }),
    rung('envelope', `${group}.answers`, {
      rule: `The answer of ${name} is a JSON object with the _v of the request.`,
      anchor: 'a-dispatch',
      hint: 'Add _v to the response, with the version that the request has.',
    }),
    rung('response', `${group}.envelope`, {
      rule: `The answer of ${name} has the fields of its response type, and no others.`,
      anchor: 'requests-and-responses',
      hint: 'Write every field of the response type, with the type that it has there: null only where it may be null.',
    }),
    {
      id: `${group}.all-options`,
      rule: `A request of ${name} with every option set, and a body that is no text, is answered.`,
      anchor: 'shared-types-v1',
      hint: 'Decode every field of the request type; read base64 fields as bytes, not as text.',
      needs: [sampleCheck(name)],
      function: name,
      run: (bench) => judge(firstReply(bench, exercises.full)),
    },
  ];
}

function checkSample(
  bench: Bench,
  sample: Exercise,
  which: 'answers' | 'envelope' | 'response',
  refusedHint: string | undefined,
): Finding {
  const { reply, fuel } = firstReply(bench, sample);
  const measured = { value: fuel, unit: 'fuel', limit: bench.options.fuel } as const;
  if (reply.kind === 'ok' || rungOfStage[reply.error.stage] !== which) {
    return pass(which === 'answers' ? measured : undefined);
  }
  const hint = isRefusal(reply) && refusedHint !== undefined ? refusedHint : faultHint(reply.error);
  return fail(describeFault(reply.error), hint, which === 'answers' ? measured : undefined);
}

/** Whether a request is answered. */
function judge({ reply, fuel }: ReturnType<typeof firstReply>): Finding {
  if (reply.kind === 'fallback') return fail(describeFault(reply.error), faultHint(reply.error));
  return pass({ value: fuel, unit: 'fuel' });
}
