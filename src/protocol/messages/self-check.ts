import { i64, list, string, stringEnum, struct } from '../../json/declare.ts';
import type { Infer } from '../../json/type.ts';

/** What the host asks a plugin to check (abi/PROTOCOL.md, Layer 3). */
export const selfCheckRequest = struct('SelfCheckRequest', {
  functions_to_test: list(string),
  /** Unix seconds. */
  initiated_at: i64,
});
/** The TypeScript type of {@link selfCheckRequest}. */
export type SelfCheckRequest = Infer<typeof selfCheckRequest>;

/** Where a self-check failed. */
export const selfCheckStage = stringEnum('SelfCheckStage', [
  'request_preparation',
  'wire_function_test',
  'capability_verification',
  'response_validation',
]);
/** The TypeScript type of {@link selfCheckStage}. */
export type SelfCheckStage = Infer<typeof selfCheckStage>;

/** The outcome of a self-check. */
export const selfCheckStatus = stringEnum('SelfCheckStatus', ['success', 'failure']);
/** The TypeScript type of {@link selfCheckStatus}. */
export type SelfCheckStatus = Infer<typeof selfCheckStatus>;

/** One failure that a plugin found in itself. */
export const selfCheckFailure = struct('SelfCheckFailure', { stage: selfCheckStage, message: string });
/** The TypeScript type of {@link selfCheckFailure}. */
export type SelfCheckFailure = Infer<typeof selfCheckFailure>;

/** A plugin's answer to a self-check. */
export const selfCheckResponse = struct('SelfCheckResponse', {
  status: selfCheckStatus,
  failures: list(selfCheckFailure),
  /** Unix seconds. */
  completed_at: i64,
});
/** The TypeScript type of {@link selfCheckResponse}. */
export type SelfCheckResponse = Infer<typeof selfCheckResponse>;
