import { option, string, struct, u16 } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';

/** What `normalize_error` is called with: the answer of an upstream that failed. */
export const normalizeErrorRequest = struct('NormalizeErrorRequest', { status: u16, body_base64: string });
/** What {@link normalizeErrorRequest} decodes to. */
export type NormalizeErrorRequest = Infer<typeof normalizeErrorRequest>;

/** What `normalize_error` answers. */
export const normalizeErrorResponse = struct('NormalizeErrorResponse', { body_base64: option(string) });
/** What {@link normalizeErrorResponse} decodes to. */
export type NormalizeErrorResponse = Infer<typeof normalizeErrorResponse>;

/** Rewrites an upstream's error body; null leaves it as it was. */
export const normalizeError: WireFunction<NormalizeErrorRequest, NormalizeErrorResponse> = {
  name: 'normalize_error',
  fallback: 'pass_through',
  supportedVersions: [1],
  dryRunRequest: () => ({ status: 500, body_base64: '' }),
  dryRunResponse: () => ({ body_base64: null }),
  schemas: { request: normalizeErrorRequest, response: normalizeErrorResponse },
};
