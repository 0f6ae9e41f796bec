import { callHint, withTrapPlace } from '../../hints/index.ts';
import { withStackText } from '../../metering/run/stack-text.ts';
import { groupOf, sampleCheck } from '../answers.ts';
import { describeFault } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass, warn } from '../check.ts';
import type { Exercises, Reply } from '../exercise.ts';
import type { Answer, PluginUnderTest, TestHost } from '../test-host.ts';

/** Values of `_v` that are not the negotiated version. */
const FOREIGN_VERSIONS = ['65535', '0', '"1"', 'null'];

const TRAP_HINT = 'Do not unwrap. Report the error of the JSON decoder with error_set and a code other than 0.';

/** The answers of one instance to malformed requests, and then to the sample. */
interface Refusals {
  readonly versions: readonly (readonly [fault: string, answer: Answer])[];
  readonly malformed: readonly (readonly [fault: string, answer: Answer])[];
  readonly after: Reply;
}

/**
 * The checks that a function answers malformed requests with an error, and then answers the sample.
 */
export function refusalChecks(exercises: Exercises): Check[] {
  const { name } = exercises;
  const group = groupOf(name);
  const common = { needs: [sampleCheck(name)], function: name };
  const seen = (host: TestHost): Refusals => host.once(exercises, (plugin) => provoke(plugin, exercises));
  return [
    {
      ...common,
      id: `${group}.refuses-version`,
      rule: `A request of ${name} with a wrong or missing _v is answered with an error, not a trap.`,
      anchor: 'A-13',
      advice: true,
      hint: 'Read _v first. If it is not the negotiated version, set an error and return a code other than 0.',
      run: (host) => first(seen(host).versions.map(refuses)),
    },
    {
      ...common,
      id: `${group}.refuses-malformed`,
      rule: `A malformed ${name} request is answered with an error, not a trap.`,
      anchor: 'A-11',
      hint: TRAP_HINT,
      run: (host) => first(seen(host).malformed.map(refuses)),
    },
    {
      ...common,
      id: `${group}.usable-after-error`,
      rule: `${name} answers its sample after it refused malformed requests.`,
      anchor: 'A-12',
      hint: 'Before refusing a request, release locks, clear flags, and keep no error for the next call.',
      run: (host) => {
        const { versions, malformed, after } = seen(host);
        const value = versions.length + malformed.length;
        if (after.kind === 'ok') return pass({ value, unit: 'calls' });
        return fail(`after ${value} malformed requests: ${describeFault(after.error)}`);
      },
    },
  ];
}

function provoke(plugin: PluginUnderTest, { name, sample, malformed }: Exercises): Refusals {
  const text = sample.text(plugin);
  const versions = [undefined, ...FOREIGN_VERSIONS];
  return {
    versions: versions.map((version) => [
      version === undefined ? 'no _v' : `_v ${version}`,
      plugin.call(name, withVersion(text, version)),
    ]),
    malformed: malformed.map(([fault, input]) => [fault, plugin.call(name, input)]),
    after: sample.dispatch(plugin),
  };
}

/** The text of a request with another `_v`, or without one. */
function withVersion(request: string, version: string | undefined): string {
  return request.replace(/"_v":\d+,?/, version === undefined ? '' : `"_v":${version},`).replace(',}', '}');
}

const ANSWERED_HINT =
  'Check the types of all fields, and _v, before you use them. For a wrong one set an error with error_set, and ' +
  'return a code other than 0.';

function refuses([fault, answer]: readonly [fault: string, answer: Answer]): Finding {
  if (answer.kind === 'answered') {
    return fail(`${fault}: the request is answered as if it were valid`, ANSWERED_HINT);
  }
  const { failure, message } = answer;
  if (failure.kind === 'PluginError') return pass();
  if (failure.kind === 'NonZeroExit') {
    return warn(`${fault}: ${message}, without an error text`, undefined, 'Set an error that says what is wrong.');
  }
  const hint = failure.kind === 'Trap' ? withTrapPlace(TRAP_HINT, failure) : callHint(failure);
  return fail(`${fault}: ${withStackText(message, failure)}`, hint);
}
