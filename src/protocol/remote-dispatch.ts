import type { UsedResult } from '../call-use.ts';
import { resultOf, unwrap } from '../failure.ts';
import type { Interruption } from '../interruption.ts';
import { noTelemetry } from '../telemetry.ts';
import { DispatchError } from './dispatch-error.ts';
import { type DispatchOptions, type DispatchOutcome, fallBack, outcomeOf } from './dispatch-outcome.ts';
import { checkFunction, writeNegotiatedRequest } from './dispatch-request.ts';
import { outputOf, readResponse } from './dispatch-response.ts';
import type { AugmentedMetadata, WireFunction, WireInput } from './messages/index.ts';

/**
 * Does what `dispatchWireCall` does for a plugin on another thread or in another process.
 *
 * @param call calls the plugin with the text of a request. Its promise resolves with the plugin's
 * output, or with what the call threw. If it rejects, so does the dispatch: the host itself failed.
 * @returns a promise of the outcome.
 */
export async function dispatchRemoteCall<Req, Res>(
  fn: WireFunction<Req, Res>,
  call: (text: string) => Promise<UsedResult<string>>,
  metadata: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
  options: DispatchOptions,
): Promise<DispatchOutcome<Res>> {
  checkFunction(fn);
  const begun = resultOf(() => writeNegotiatedRequest(fn, metadata, request));
  const output: UsedResult<string> = begun.ok ? await call(begun.value.text) : begun;
  const dispatch = (): Res => {
    const { version } = unwrap(begun);
    const text = outputOf(fn.name, () => unwrap(output));
    return readResponse(fn, text, version);
  };
  return outcomeOf(fn, options, dispatch, () => output.used);
}

/** Makes the outcome of a call that the host ended, counted and logged as all that fall back. */
export function interruptedDispatch<Req, Res>(
  fn: WireFunction<Req, Res>,
  interruption: Interruption,
  cause: unknown,
  { telemetry = noTelemetry }: DispatchOptions,
): DispatchOutcome<Res> {
  const error = new DispatchError(interruption, { cause, subject: fn.name });
  return { kind: 'fallback', policy: fallBack(fn, error, telemetry), error };
}
