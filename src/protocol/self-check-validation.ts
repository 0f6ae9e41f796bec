import { checkArgument, isObject } from '../option-rules.ts';
import { IMPLEMENTED_FUNCTIONS_MAX, type SelfCheckRequest, type SelfCheckResponse } from './messages/index.ts';
import { SelfCheckExecutionError, type SelfCheckViolation } from './self-check-error.ts';

/**
 * Checks a request: 1 to 16 functions, a time after 1970 (abi/PROTOCOL.md, "Self-check: order of
 * checks").
 *
 * @throws SelfCheckExecutionError `Validation` with `EmptyRequest`, `TooManyFunctions` or
 * `InvalidTimestamp`.
 */
export function validateSelfCheckRequest(request: SelfCheckRequest): void {
  checkArgument('request', isObject(request) && Array.isArray(request.functions_to_test), 'a self-check request');
  const count = request.functions_to_test.length;
  if (count === 0) violate({ kind: 'EmptyRequest' });
  checkCount(count);
  if (request.initiated_at <= 0) violate({ kind: 'InvalidTimestamp', field: 'initiated_at' });
}

/**
 * Checks a response: a time after 1970, at most 16 failures (abi/PROTOCOL.md, "Self-check: order of
 * checks"). It does not compare the status with the failures.
 *
 * @throws SelfCheckExecutionError `Validation` with `InvalidTimestamp` or `TooManyFunctions`.
 */
export function validateSelfCheckResponse(response: SelfCheckResponse): void {
  checkArgument('response', isObject(response) && Array.isArray(response.failures), 'a self-check response');
  if (response.completed_at <= 0) violate({ kind: 'InvalidTimestamp', field: 'completed_at' }, response);
  checkCount(response.failures.length, response);
}

function checkCount(count: number, response?: SelfCheckResponse): void {
  const max = IMPLEMENTED_FUNCTIONS_MAX;
  if (count > max) violate({ kind: 'TooManyFunctions', count, max }, response);
}

function violate(violation: SelfCheckViolation, response?: SelfCheckResponse): never {
  throw new SelfCheckExecutionError({ kind: 'Validation', violation }, response === undefined ? {} : { response });
}
