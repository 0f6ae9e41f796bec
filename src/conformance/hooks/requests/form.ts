/** Requests of one form: how a plugin may meet a hook. */
export interface RequestForm<Request> {
  /** The part of a check's id after the dot, in kebab case. */
  readonly id: string;
  /** What the requests have, in a few words: `a request without headers`. */
  readonly what: string;
  /** What to change if the plugin does not answer them. */
  readonly hint: string;
  /** The requests by what each has. */
  readonly cases: Readonly<Record<string, Request>>;
}

/** A form with one request. */
export function oneRequest<Request>(id: string, what: string, hint: string, request: Request): RequestForm<Request> {
  return { id, what, hint, cases: { [what]: request } };
}

/** The form of the request that all other checks of a hook need. */
export const SAMPLE = 'sample';

/** The form of a request with every field and every option set. */
export const FULL = 'full';

/** The forms of requests with content of {@link LARGE_BYTES} and of {@link HUGE_BYTES}. */
export const LARGE = 'large';
export const HUGE = 'huge';

/** 64 KiB. */
export const LARGE_BYTES = 65_536;

/** 1 MiB. */
export const HUGE_BYTES = 1_048_576;
