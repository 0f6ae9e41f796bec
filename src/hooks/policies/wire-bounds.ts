import { utf8Length } from '../../json/text/utf8.ts';
import { limitRule, type OptionRules } from '../../option-rules.ts';
import type { Header } from '../messages/common.ts';
import { HookPolicyError } from './policy-error.ts';

/** How much of a plugin's answer a host takes. Missing or `undefined` means the default. */
export interface WireBounds {
  /** Bytes of all texts and bodies of an answer together: 104,857,600 (100 MiB) by default. */
  readonly outputMaxBytes?: number | undefined;
  /** Headers of an answer: 100 by default. */
  readonly headersMax?: number | undefined;
  /** Bytes of a header's value, and of its name: 8,192 (8 KiB) by default. */
  readonly headerValueMaxBytes?: number | undefined;
  /** Bytes that are kept of a filter's reason: 256 by default. */
  readonly reasonMaxBytes?: number | undefined;
}

/** {@link WireBounds} with the defaults. */
export type SettledBounds = { readonly [N in keyof WireBounds]-?: number };

const DEFAULTS: SettledBounds = {
  outputMaxBytes: 100 * 1024 * 1024,
  headersMax: 100,
  headerValueMaxBytes: 8 * 1024,
  reasonMaxBytes: 256,
};

/** The rules of {@link WireBounds}. */
export const wireBoundRules: OptionRules<WireBounds> = {
  outputMaxBytes: limitRule,
  headersMax: limitRule,
  headerValueMaxBytes: limitRule,
  reasonMaxBytes: limitRule,
};

/** Returns the bounds, with defaults for what is missing. */
export function settleBounds(bounds: WireBounds = {}): SettledBounds {
  return {
    outputMaxBytes: bounds.outputMaxBytes ?? DEFAULTS.outputMaxBytes,
    headersMax: bounds.headersMax ?? DEFAULTS.headersMax,
    headerValueMaxBytes: bounds.headerValueMaxBytes ?? DEFAULTS.headerValueMaxBytes,
    reasonMaxBytes: bounds.reasonMaxBytes ?? DEFAULTS.reasonMaxBytes,
  };
}

/**
 * Checks the size of an answer.
 *
 * @param parts its texts and bodies.
 * @throws HookPolicyError `OutputTooLarge`.
 */
export function checkOutput(parts: Iterable<string | Uint8Array>, { outputMaxBytes: max }: SettledBounds): void {
  let bytes = 0;
  for (const part of parts) bytes += typeof part === 'string' ? utf8Length(part) : part.length;
  if (bytes > max) throw new HookPolicyError({ kind: 'OutputTooLarge', bytes, max });
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/** Whether a text is a token (RFC 9110, section 5.6.2): what a header's name must be. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

const TAB = 0x09;
const DELETE = 0x7f;

/** Returns where the first control character other than a tab is; -1 if there is none. */
export function findControlCharacter(value: Uint8Array): number {
  return value.findIndex((byte) => (byte < 0x20 && byte !== TAB) || byte === DELETE);
}

/**
 * Checks the headers of an answer: their number, sizes, and characters. Bytes from 128 to 255 are
 * allowed in values.
 *
 * @throws HookPolicyError for the first header that breaks a rule.
 */
export function checkHeaders(
  headers: readonly Header[],
  { headersMax, headerValueMaxBytes: max }: SettledBounds,
): void {
  if (headers.length > headersMax)
    throw new HookPolicyError({ kind: 'TooManyHeaders', count: headers.length, max: headersMax });
  for (const [index, { name, value }] of headers.entries()) {
    const bytes = Math.max(name.length, value.length);
    if (bytes > max) throw new HookPolicyError({ kind: 'HeaderTooLarge', index, bytes, max });
    if (!isToken(name)) throw new HookPolicyError({ kind: 'HeaderName', index });
    const offset = findControlCharacter(value);
    if (offset >= 0) throw new HookPolicyError({ kind: 'HeaderValue', index, offset });
  }
}

/** The texts and bytes of headers, for {@link checkOutput}. */
export function headerParts(headers: readonly Header[]): (string | Uint8Array)[] {
  return headers.flatMap(({ name, value }) => [name, value]);
}

/**
 * Cuts a text to a number of UTF-8 bytes, between two characters.
 *
 * @param max the most bytes to keep.
 */
export function cutToBytes(text: string, max: number): string {
  // A character has at most 3 bytes for each unit of UTF-16.
  if (text.length * 3 <= max) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.floor(max)));
  return text.slice(0, read);
}
