import type { DispatchError } from '../protocol/dispatch.ts';
import {
  encodeEnvelope,
  encodeJson,
  type WireFunction,
  type WireFunctionName,
  type WireInput,
} from '../protocol/messages/index.ts';
import type { Bench, Subject } from './test-host.ts';

/** What came of a dispatch, without its type. */
export type Reply =
  /** `text` is the response as JSON with sorted keys: equal responses have equal texts. */
  { readonly kind: 'ok'; readonly text: string } | { readonly kind: 'fallback'; readonly error: DispatchError };

/** Whether a plugin refused a request in an orderly way, by setting an error. */
export function isRefusal(reply: Reply): boolean {
  if (reply.kind === 'ok') return false;
  const { failure } = reply.error;
  return failure.kind === 'PluginCall' && failure.call.kind === 'PluginError';
}

/** A request of one function, ready to be dispatched. */
export interface Exercise {
  dispatch(subject: Subject): Reply;
  /** The request as it goes to the plugin. */
  text(subject: Subject): string;
}

/** The requests that each function is tried with. */
export interface Exercises {
  readonly name: WireFunctionName;
  /** The dry-run sample. */
  readonly sample: Exercise;
  /** One that uses every field there is, with every option set and bytes that are no text. */
  readonly full: Exercise;
  /** One whose text is longer than so many bytes. */
  large(bytes: number): Exercise;
  /** One with a text of the caller's in every field that can hold it. */
  marked(marker: string): Exercise;
  /** The requests that are none: what is wrong with each, and its text. */
  readonly malformed: readonly (readonly [fault: string, text: string])[];
}

/** Requests of one function, made anew when they are asked for: a signer's hold a state that the plugin made. */
export interface Requests<Req> {
  readonly sample: (subject: Subject) => WireInput<Req>;
  readonly full: (subject: Subject) => WireInput<Req>;
  readonly large: (subject: Subject, bytes: number) => WireInput<Req>;
  readonly marked: (subject: Subject, marker: string) => WireInput<Req>;
}

/** What a new plugin replies to a request as its first, and the fuel that it burns. */
export function firstReply(bench: Bench, exercise: Exercise): { readonly reply: Reply; readonly fuel: number } {
  return bench.once(exercise, (subject) => ({ reply: exercise.dispatch(subject), fuel: subject.fuel }));
}

/** Takes the types off the requests of a function. */
export function exercisesOf<Req, Res>(
  name: WireFunctionName,
  fn: WireFunction<Req, Res>,
  requests: Requests<Req>,
): Exercises {
  const exercise = (make: (subject: Subject) => WireInput<Req>): Exercise => ({
    dispatch: (subject) => dispatchExercise(subject, fn, make(subject)),
    text: (subject) => encodeEnvelope(fn.schemas.request, make(subject), subject.version(name)),
  });
  return {
    name,
    sample: exercise(requests.sample),
    full: exercise(requests.full),
    large: (bytes) => exercise((subject) => requests.large(subject, bytes)),
    marked: (marker) => exercise((subject) => requests.marked(subject, marker)),
    malformed: malformedRequests(fn),
  };
}

function dispatchExercise<Req, Res>(subject: Subject, fn: WireFunction<Req, Res>, request: WireInput<Req>): Reply {
  const outcome = subject.dispatch(fn, request);
  if (outcome.kind === 'fallback') return outcome;
  return { kind: 'ok', text: encodeJson(fn.schemas.response, outcome.response as WireInput<Res>, 'sorted') }; // A Res is one of its own inputs.
}

/** What no decoder of the function's request may take. */
function malformedRequests<Req, Res>({
  schemas,
  dryRunRequest,
}: WireFunction<Req, Res>): (readonly [string, string])[] {
  const sample = encodeEnvelope(schemas.request, dryRunRequest() as WireInput<Req>, 1); // A Req is one of its own inputs.
  const [field] = 'fields' in schemas.request ? schemas.request.fields : [];
  return [
    ['an empty input', ''],
    ['a text that ends too early', sample.slice(0, -1)],
    ['an array', '[]'],
    ['an object without the fields of a request', '{"_v":1}'],
    [`false as ${field?.name}`, `${sample.slice(0, -1)},"${field?.name}":false}`],
  ];
}
