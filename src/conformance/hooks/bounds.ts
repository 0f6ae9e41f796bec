/*
 * What cc-lb allows of an answer, and what it does not pass on. Its server checks this, not the
 * host of plugins.
 */

/** Bytes of an answer. */
export const ANSWER_MAX_BYTES = 100 * 1024 * 1024;

/** Headers of an answer. */
export const HEADERS_MAX = 100;

/** Bytes of the value of a header. */
export const HEADER_VALUE_MAX_BYTES = 8 * 1024;

/** Bytes of the decision about a candidate, and of its reason: a longer reason is cut. */
export const REASON_MAX_BYTES = 256;

/** Headers that belong to one connection (RFC 9110, section 7.6.1), and older ones. */
export const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Headers that cc-lb drops from the answer of `shape`. A star stands for any rest. */
export const DROPPED_OF_REQUESTS: readonly string[] = [
  'host',
  'content-length',
  'authorization',
  'x-api-key',
  'x-anthropic-*',
];

/** Headers that cc-lb drops from a response that a plugin changed. */
export const DROPPED_OF_RESPONSES: readonly string[] = [
  'content-length',
  'content-encoding',
  'x-cc-lb-*',
  'anthropic-ratelimit-*',
  'x-ratelimit-*',
];
