/** The names that the Anthropic API has for errors, and the status of each. */
const statuses = {
  invalid_request_error: 400,
  authentication_error: 401,
  not_found_error: 404,
  request_too_large: 413,
  api_error: 502,
  overloaded_error: 503,
} as const;

/** The name of an error. */
export type ErrorType = keyof typeof statuses;

/** Makes the answer for a request that the gateway refuses: the JSON of the Anthropic API. */
export function errorAnswer(type: ErrorType, message: string): Response {
  return Response.json({ type: 'error', error: { type, message } }, { status: statuses[type] });
}
