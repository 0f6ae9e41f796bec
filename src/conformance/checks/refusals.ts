import { groupOf, sampleCheck } from '../answers.ts';
import { callHint, describeFault } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass, warn } from '../check.ts';
import type { Exercises, Reply } from '../exercise.ts';
import type { Answer, Bench, Subject } from '../test-host.ts';

/** Versions that nobody has negotiated, as they could stand in `_v`. */
const FOREIGN_VERSIONS = ['65535', '0', '"1"', 'null'];

/** What came of requests that are none, one after the other, and of the sample after them. */
interface Refusals {
  readonly versions: readonly (readonly [fault: string, answer: Answer])[];
  readonly malformed: readonly (readonly [fault: string, answer: Answer])[];
  readonly after: Reply;
}

/** The checks that what is no request of a function is refused in an orderly way, and does no harm. */
export function refusalChecks(exercises: Exercises): Check[] {
  const { name } = exercises;
  const group = groupOf(name);
  const common = { needs: [sampleCheck(name)], function: name };
  const seen = (bench: Bench): Refusals => bench.once(exercises, (subject) => provoke(subject, exercises));
  return [
    {
      ...common,
      id: `${group}.refuses-version`,
      rule: `A request of ${name} with another _v, or none, is answered with an error and not a trap.`,
      anchor: 'a-dispatch',
      hint: 'Read _v first; when it is not a version that the handshake chose, set an error and return a code other than 0.',
      run: (bench) => first(seen(bench).versions.map(refuses)),
    },
    {
      ...common,
      id: `${group}.refuses-malformed`,
      rule: `What is no request of ${name} is answered with an error and not a trap.`,
      anchor: 'what-a-decoder-accepts',
      hint: 'Return the error of the JSON decoder with error_set and a code other than 0, in the place of unwrap or expect.',
      run: (bench) => first(seen(bench).malformed.map(refuses)),
    },
    {
      ...common,
      id: `${group}.usable-after-error`,
      rule: `After requests that it refused, the sample of ${name} is answered again.`,
      anchor: 'layer-5-dispatch',
      hint: 'Leave nothing half-done when a request is refused: no lock held, no flag set, no error kept for the next call.',
      run: (bench) => {
        const { versions, malformed, after } = seen(bench);
        const value = versions.length + malformed.length;
        if (after.kind === 'ok') return pass({ value, unit: 'calls' });
        return fail(`after ${value} requests that are none: ${describeFault(after.error)}`);
      },
    },
  ];
}

function provoke(subject: Subject, { name, sample, malformed }: Exercises): Refusals {
  const text = sample.text(subject);
  const versions = [undefined, ...FOREIGN_VERSIONS];
  return {
    versions: versions.map((version) => [
      version === undefined ? 'no _v' : `_v ${version}`,
      subject.call(name, withVersion(text, version)),
    ]),
    malformed: malformed.map(([fault, input]) => [fault, subject.call(name, input)]),
    after: sample.dispatch(subject),
  };
}

/** The text of a request with another `_v`, or none. */
function withVersion(request: string, version: string | undefined): string {
  return request.replace(/"_v":\d+,?/, version === undefined ? '' : `"_v":${version},`).replace(',}', '}');
}

function refuses([fault, answer]: readonly [fault: string, answer: Answer]): Finding {
  if (answer.kind === 'answered') {
    return fail(`${fault}: it is answered as if it were in order`, 'Check the request before it is answered.');
  }
  const { failure, message } = answer;
  if (failure.kind === 'PluginError') return pass();
  if (failure.kind === 'NonZeroExit') {
    return warn(`${fault}: ${message}, without saying why`, undefined, 'Set an error that says what is wrong.');
  }
  return fail(`${fault}: ${message}`, failure.kind === 'Trap' ? undefined : callHint(failure));
}
