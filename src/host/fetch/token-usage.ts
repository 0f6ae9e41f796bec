import { recover } from '../../failure.ts';
import type { SseEvent } from '../../hooks/index.ts';
import { isObject } from '../../option-rules.ts';
import type { ObserveEventWire } from '../../protocol/messages/index.ts';

/** The tokens that `request_finished` has. */
export type TokenUsage = Pick<Extract<ObserveEventWire, { kind: 'request_finished' }>, (typeof FIELDS)[number]>;

const FIELDS = [
  'input_tokens',
  'output_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
] as const satisfies readonly (keyof Extract<ObserveEventWire, { kind: 'request_finished' }>)[];

/** The usage of a request of which nothing is known. */
export const NO_USAGE: TokenUsage = {
  input_tokens: null,
  output_tokens: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
};

/** The events of Anthropic's Messages API that have a usage, and where it is in their data. */
const EVENTS: Readonly<Record<string, (data: object) => unknown>> = {
  message_start: (data) => propertyOf(propertyOf(data, 'message'), 'usage'),
  message_delta: (data) => propertyOf(data, 'usage'),
};

/** Adds what an event says about tokens. It counts all up to now, so the latest one holds. */
export function usageAfterEvent(usage: TokenUsage, { event, data }: SseEvent): TokenUsage {
  const read = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  const value = read && parsed(data);
  return isObject(value) ? latest(usage, read?.(value)) : usage;
}

/** Reads what a whole answer of the Messages API says about tokens. */
export function usageOfAnswer(body: Uint8Array): TokenUsage {
  return latest(NO_USAGE, propertyOf(parsed(body), 'usage'));
}

const utf8 = /* @__PURE__ */ new TextDecoder();

/**
 * Returns `undefined` if the bytes are not JSON, or nested too deep for the engine: an upstream may
 * answer anything.
 */
function parsed(bytes: Uint8Array): unknown {
  return recover(
    (): unknown => JSON.parse(utf8.decode(bytes)),
    Error,
    () => undefined,
  );
}

function propertyOf(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined;
}

function latest(usage: TokenUsage, found: unknown): TokenUsage {
  const counts = FIELDS.map((name) => [name, propertyOf(found, name)] as const);
  const known = counts.filter(([, count]) => Number.isSafeInteger(count) && Number(count) >= 0);
  return { ...usage, ...Object.fromEntries(known) };
}
