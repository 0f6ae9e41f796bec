import { FailureError, type FailureMessages, translate } from '../../failure.ts';
import { HookPolicyError, type HookPolicyFailure } from '../../hooks/index.ts';
import { policyMessages } from '../../hooks/policies/policy-error.ts';

/**
 * Why a host does not pass a message on. The kinds of `HookPolicyFailure` are among them: plugins
 * of both generations have the same rules. In `BodyTooLarge` it is the body that was to be read.
 *
 * - `Base64`: a field of a plugin's answer is not base64 with padding, such as `body_base64`.
 * - `BodyInterrupted`: a body ended with an error before its end, because its sender went away or
 *   wrote it wrongly.
 * - `Aborted`: the host's signal ended a request before the upstream answered, as when the client
 *   goes away. The cause is the reason of the signal.
 * - `UpstreamUnreachable`: the upstream did not answer, or not with HTTP.
 * - `ContentEncoding`: it answered with an encoding that the host did not ask for, and that some
 *   runtimes do not decode.
 */
export type HttpMessageFailure =
  | HookPolicyFailure
  | { readonly kind: 'Base64'; readonly field: string }
  | { readonly kind: 'BodyInterrupted'; readonly of: 'request' | 'response' }
  | { readonly kind: 'Aborted' }
  | { readonly kind: 'UpstreamUnreachable' }
  | { readonly kind: 'ContentEncoding' };

// No message repeats anything of a message or an answer: both may have secrets.
const messages: FailureMessages<HttpMessageFailure> = {
  ...policyMessages,
  Base64: (f) => `${f.field} must be base64 with padding`,
  BodyInterrupted: (f) => `the body of the ${f.of} ended with an error before its end: see the cause`,
  Aborted: () => 'the request was ended before the upstream answered, as when the client goes away',
  UpstreamUnreachable: () => 'the upstream did not answer with HTTP: see the cause',
  ContentEncoding: () => 'the upstream must answer with the encoding gzip, br or none: others are not decoded',
};

/** A message that a host does not pass on, or could not read to its end. */
export class HttpMessageError extends FailureError<HttpMessageFailure> {
  override readonly name = 'HttpMessageError';

  protected override get messages(): FailureMessages<HttpMessageFailure> {
    return messages;
  }
}

/** Does work with the policies of hooks, whose errors become a {@link HttpMessageError}. */
export function withMessageErrors<T>(work: () => T): T {
  return translate(work, HookPolicyError, ({ failure }, options) => new HttpMessageError(failure, options));
}
