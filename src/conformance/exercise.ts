import type { DispatchError } from '../protocol/dispatch.ts';
import {
  encodeEnvelope,
  encodeJson,
  type WireFunction,
  type WireFunctionName,
  type WireInput,
} from '../protocol/messages/index.ts';
import type { PluginUnderTest, TestHost } from './test-host.ts';

/** The outcome of a dispatch, with the response as text. */
export type Reply =
  /** `text` is the response as JSON with sorted keys: equal responses have equal texts. */
  { readonly kind: 'ok'; readonly text: string } | { readonly kind: 'fallback'; readonly error: DispatchError };

/** Whether a plugin refused a request by setting an error. */
export function isRefusal(reply: Reply): boolean {
  if (reply.kind === 'ok') return false;
  const { failure } = reply.error;
  return failure.kind === 'PluginCall' && failure.call.kind === 'PluginError';
}

/** A request of one function that can be dispatched. */
export interface Exercise {
  dispatch(plugin: PluginUnderTest): Reply;
  /** The JSON that the plugin reads. */
  text(plugin: PluginUnderTest): string;
}

/** The requests that each function is tried with. */
export interface Exercises {
  readonly name: WireFunctionName;
  /** The dry-run sample. */
  readonly sample: Exercise;
  /** A request with every field and every option set, and a body that is not text. */
  readonly full: Exercise;
  /** A request whose JSON is longer than `bytes`. */
  large(bytes: number): Exercise;
  /** A request with `marker` in every field that can hold it. */
  marked(marker: string): Exercise;
  /** Malformed requests: what is wrong with each, and its text. */
  readonly malformed: readonly (readonly [fault: string, text: string])[];
}

/**
 * Makes the requests of one function. They depend on the plugin: those of a signer hold its state.
 */
export interface Requests<Req> {
  readonly sample: (plugin: PluginUnderTest) => WireInput<Req>;
  readonly full: (plugin: PluginUnderTest) => WireInput<Req>;
  readonly large: (plugin: PluginUnderTest, bytes: number) => WireInput<Req>;
  readonly marked: (plugin: PluginUnderTest, marker: string) => WireInput<Req>;
}

/** The reply of a new instance to its first request, and the fuel that the call burned. */
export function firstReply(host: TestHost, exercise: Exercise): { readonly reply: Reply; readonly fuel: number } {
  return host.once(exercise, (plugin) => ({ reply: exercise.dispatch(plugin), fuel: plugin.fuel }));
}

/** Hides the types of a function's requests, so that checks treat all functions alike. */
export function exercisesOf<Req, Res>(
  name: WireFunctionName,
  fn: WireFunction<Req, Res>,
  requests: Requests<Req>,
): Exercises {
  const exercise = (make: (plugin: PluginUnderTest) => WireInput<Req>): Exercise => ({
    dispatch: (plugin) => dispatchExercise(plugin, fn, make(plugin)),
    text: (plugin) => encodeEnvelope(fn.schemas.request, make(plugin), plugin.version(name)),
  });
  return {
    name,
    sample: exercise(requests.sample),
    full: exercise(requests.full),
    large: (bytes) => exercise((plugin) => requests.large(plugin, bytes)),
    marked: (marker) => exercise((plugin) => requests.marked(plugin, marker)),
    malformed: malformedRequests(fn),
  };
}

function dispatchExercise<Req, Res>(
  plugin: PluginUnderTest,
  fn: WireFunction<Req, Res>,
  request: WireInput<Req>,
): Reply {
  const outcome = plugin.dispatch(fn, request);
  if (outcome.kind === 'fallback') return outcome;
  // A Res is one of its own inputs.
  const response = outcome.response as WireInput<Res>;
  return { kind: 'ok', text: encodeJson(fn.schemas.response, response, 'sorted') };
}

/** Texts that every decoder of the function's request must refuse. */
function malformedRequests<Req, Res>({
  schemas,
  dryRunRequest,
}: WireFunction<Req, Res>): (readonly [string, string])[] {
  // A Req is one of its own inputs.
  const sample = encodeEnvelope(schemas.request, dryRunRequest() as WireInput<Req>, 1);
  const [field] = 'fields' in schemas.request ? schemas.request.fields : [];
  return [
    ['an empty input', ''],
    ['a text that ends too early', sample.slice(0, -1)],
    ['an array', '[]'],
    ['an object without the fields of a request', '{"_v":1}'],
    [`false as ${field?.name}`, `${sample.slice(0, -1)},"${field?.name}":false}`],
  ];
}
