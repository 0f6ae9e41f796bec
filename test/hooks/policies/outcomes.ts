import { HookCallError } from '../../../src/hooks/call-error.ts';
import type { Header } from '../../../src/hooks/messages/common.ts';
import type { HookOutcome } from '../../../src/hooks/plugin.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The bytes of a text in UTF-8. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** The text of bytes in UTF-8, with its byte order mark. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Headers of a plugin's answer. Values are written as UTF-8. */
export const headersOf = (entries: readonly (readonly [name: string, value: string])[]): Header[] =>
  entries.map(([name, value]) => ({ name, value: bytesOf(value) }));

/** The names and values of headers, sorted by name. */
export const entriesOf = (headers: Headers): [name: string, value: string][] => [...headers];

/** The outcome of a call that succeeded. */
export const answered = <T>(response: T): HookOutcome<T> => ({ kind: 'ok', response });

/** The outcome of a call that trapped. */
export function trapped(): HookOutcome<never> {
  const stop = { kind: 'Trap', reason: 'the text of an engine' } as const;
  const failure = { kind: 'GuestTrap', phase: 'cc_lb_shape', stop } as const;
  return { kind: 'error', error: new HookCallError(failure) };
}

/** Whether requests have a header: browsers take some away without an error. */
export const requestsKeep = (name: string): boolean =>
  new Request('https://probe.test', { headers: { [name]: 'x' } }).headers.has(name);
