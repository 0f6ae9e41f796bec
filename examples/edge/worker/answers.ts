/** The names of errors, most of which are those of the Anthropic API, and the status of each. */
const statuses = {
  invalid_request_error: 400,
  authentication_error: 401,
  not_found_error: 404,
  method_not_allowed: 405,
  request_too_large: 413,
  internal_error: 500,
  api_error: 502,
  overloaded_error: 503,
} as const;

/** Makes the answer to a request that the worker does not pass on. */
export function errorAnswer(type: keyof typeof statuses, message: string): Response {
  return Response.json({ type: 'error', error: { type, message } }, { status: statuses[type] });
}
