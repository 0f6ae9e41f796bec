import { FailureError, type FailureMessages } from '../../failure.ts';

/**
 * Why a host does not take a plugin's answer, or does not ask the plugin. Positions count from 0.
 *
 * - `OutputTooLarge`: the answer has more bytes than `outputMaxBytes`.
 * - `TooManyHeaders`: it has more headers than `headersMax`.
 * - `HeaderTooLarge`: a header's name or value has more bytes than `headerValueMaxBytes`.
 * - `HeaderName`: a name is not a token, the only form that HTTP allows.
 * - `HeaderValue`: a value has a control character, such as CR or LF. `offset` is in bytes.
 * - `Method`: not all runtimes send the method unchanged.
 * - `Url`: the URL is not absolute, is malformed, or has more than 65,534 bytes.
 * - `UrlScheme`: its scheme is not http or https.
 * - `UrlCredentials`: it has a user name or a password.
 * - `UrlOrigin`: its origin is not that of the selected upstream.
 * - `BodyNotAllowed`: there is a body, but the method or the status allows none.
 * - `Status`: the status is outside 200 to 599.
 * - `UpstreamId`: the upstream of a result is malformed, not a candidate, or repeated.
 * - `EventName`: the name of an event has a line break.
 * - `EventTooLarge`: an event of the upstream has more than `max` bytes.
 * - `BodyTooLarge`: a body that plugins should see has more than `max` bytes.
 * - `NotConstructible`: the runtime refused to build the message. The cause is its error.
 */
export type HookPolicyFailure =
  | { readonly kind: 'OutputTooLarge'; readonly bytes: number; readonly max: number }
  | { readonly kind: 'TooManyHeaders'; readonly count: number; readonly max: number }
  | { readonly kind: 'HeaderTooLarge'; readonly index: number; readonly bytes: number; readonly max: number }
  | { readonly kind: 'HeaderName'; readonly index: number }
  | { readonly kind: 'HeaderValue'; readonly index: number; readonly offset: number }
  | { readonly kind: 'Method' }
  | { readonly kind: 'Url' }
  | { readonly kind: 'UrlScheme' }
  | { readonly kind: 'UrlCredentials' }
  | { readonly kind: 'UrlOrigin' }
  | { readonly kind: 'BodyNotAllowed'; readonly bytes: number; readonly of: 'GET' | 'HEAD' | number }
  | { readonly kind: 'Status'; readonly status: number }
  | {
      readonly kind: 'UpstreamId';
      readonly index: number;
      readonly reason: 'is not a UUID' | 'is not a candidate' | 'is repeated';
    }
  | { readonly kind: 'EventName'; readonly index: number }
  | { readonly kind: 'EventTooLarge'; readonly max: number }
  | { readonly kind: 'BodyTooLarge'; readonly max: number }
  | { readonly kind: 'NotConstructible' };

/** The message of each kind. None repeats what a plugin wrote: plugins see requests. */
export const policyMessages: FailureMessages<HookPolicyFailure> = {
  OutputTooLarge: (f) => `the answer has ${f.bytes} bytes, at most ${f.max} are allowed`,
  TooManyHeaders: (f) => `the answer has ${f.count} headers, at most ${f.max} are allowed`,
  HeaderTooLarge: (f) => `header ${f.index} has a name or value of ${f.bytes} bytes, at most ${f.max} are allowed`,
  HeaderName: (f) => `header ${f.index} has a name that is not a token`,
  HeaderValue: (f) => `header ${f.index} has a control character in its value (at byte ${f.offset})`,
  Method: () => 'the method must be DELETE, GET, HEAD, OPTIONS, PATCH, POST or PUT',
  Url: () => 'the URL must be absolute and well-formed, and have at most 65534 bytes',
  UrlScheme: () => 'the scheme of the URL must be http or https',
  UrlCredentials: () => 'the URL must not have a user name or a password',
  UrlOrigin: () => 'the URL must have the origin of the selected upstream',
  BodyNotAllowed: (f) => `there is a body of ${f.bytes} bytes, but ${f.of} allows none`,
  Status: (f) => `the status must be from 200 to 599, but is ${f.status}`,
  UpstreamId: (f) => `the upstream of result ${f.index} ${f.reason}`,
  EventName: (f) => `the name of event ${f.index} has a line break`,
  EventTooLarge: (f) => `an event of the upstream has more than ${f.max} bytes`,
  BodyTooLarge: (f) => `the body has more than ${f.max} bytes`,
  NotConstructible: () => 'the runtime refused to build the message: see the cause',
};

/** An answer that a host does not take, or a message about which it does not ask the plugin. */
export class HookPolicyError extends FailureError<HookPolicyFailure> {
  override readonly name = 'HookPolicyError';

  protected override get messages(): FailureMessages<HookPolicyFailure> {
    return policyMessages;
  }
}
