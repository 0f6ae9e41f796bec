import { withTrapPlace } from '../hints/index.ts';
import { trapOf } from '../metering/run/trap-stack.ts';
import type { DispatchStage } from '../protocol/dispatch.ts';
import type { WireFunctionName } from '../protocol/messages/index.ts';
import { describeFault, dispatchFailed } from './call-faults.ts';
import { type Check, type Finding, fail, pass } from './check.ts';
import { ADMITTED } from './checks/record.ts';
import { type Exercise, type Exercises, firstReply, isRefusal } from './exercise.ts';
import type { TestHost } from './test-host.ts';

/** The group of a function's checks: the part of their ids before the dot. */
export function groupOf(name: WireFunctionName): string {
  return name.replaceAll('_', '-');
}

/** The id of the last of the three checks of a function's sample. */
export function sampleCheck(name: WireFunctionName): string {
  return `${groupOf(name)}.response`;
}

/** Whether the request of a function holds the state that `build_signer` returned. */
export function usesState(name: WireFunctionName): boolean {
  return name === 'sign' || name === 'on_unauthorized';
}

/** The check that fails if a dispatch failed at a stage. */
const partOfStage: Readonly<Record<DispatchStage, 'answers' | 'envelope' | 'response'>> = {
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
  'If build_signer needs data such as a key, pass it: option factoryState, or --factory-state FILE. Else accept null.';

const ALL_OPTIONS_HINT =
  'Accept every value of the type of the request: options that are set, numbers up to 18446744073709551615, which no ' +
  'float holds exactly, and bytes in base64 that are not text. The sample, which was answered, has none of them.';

/**
 * The checks of a function's answers: three for the sample, each of which needs the one before, and
 * one for a request with every option set.
 */
export function answerChecks(exercises: Exercises): Check[] {
  const { name, sample } = exercises;
  const group = groupOf(name);
  const partCheck = (
    which: 'answers' | 'envelope' | 'response',
    needs: string,
    { refusedHint, ...rest }: Pick<Check, 'rule' | 'anchor'> & { readonly refusedHint?: string },
  ): Check => ({
    id: `${group}.${which}`,
    ...rest,
    needs: [needs],
    function: name,
    run: (host) => checkSample(host, sample, which, refusedHint),
  });
  return [
    partCheck('answers', usesState(name) ? sampleCheck('build_signer') : ADMITTED, {
      rule: `${name} answers its dry-run sample: no trap, no error, code 0, within the budget.`,
      anchor: 'A-7',
      ...(name === 'build_signer' && { refusedHint: FACTORY_HINT }),
    }),
    partCheck('envelope', `${group}.answers`, {
      rule: `The answer of ${name} is a JSON object with the _v of the request.`,
      anchor: 'A-8',
    }),
    partCheck('response', `${group}.envelope`, {
      rule: `The answer of ${name} has the fields of its response type, and no others.`,
      anchor: 'A-8',
    }),
    {
      id: `${group}.all-options`,
      rule: `${name} answers a request with every option set and a body that is not text.`,
      anchor: 'A-9',
      needs: [sampleCheck(name)],
      function: name,
      run: (host) => judge(firstReply(host, exercises.full)),
    },
  ];
}

function checkSample(
  host: TestHost,
  sample: Exercise,
  which: 'answers' | 'envelope' | 'response',
  refusedHint: string | undefined,
): Finding {
  const { reply, fuel } = firstReply(host, sample);
  const measured = { value: fuel, unit: 'fuel', limit: host.options.fuel } as const;
  if (reply.kind === 'ok' || partOfStage[reply.error.stage] !== which) {
    return pass(which === 'answers' ? measured : undefined);
  }
  const shown = which === 'answers' ? measured : undefined;
  if (isRefusal(reply) && refusedHint !== undefined) return fail(describeFault(reply.error), refusedHint, shown);
  return dispatchFailed(reply.error, undefined, shown);
}

/** Passes if a request is answered. */
function judge({ reply, fuel }: ReturnType<typeof firstReply>): Finding {
  if (reply.kind === 'fallback') {
    const { error } = reply;
    const depends = isRefusal(reply) || trapOf(error.failure) !== undefined;
    if (!depends) return dispatchFailed(error);
    return fail(describeFault(error), withTrapPlace(ALL_OPTIONS_HINT, error.failure));
  }
  return pass({ value: fuel, unit: 'fuel' });
}
