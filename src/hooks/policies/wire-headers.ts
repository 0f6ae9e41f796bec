import type { Header } from '../messages/common.ts';
import { type HeaderRules, HOP_BY_HOP_HEADERS, hasHeader } from './header-rules.ts';

/*
 * A value of `Headers` is a string of bytes: each character is one byte, from 0 to 255. The hook
 * ABI has the bytes themselves. No text encoding is involved: a `latin1` decoder of the web decodes
 * windows-1252.
 */

/**
 * Writes headers as the hook ABI has them: names in lower case, one entry for each name, but one
 * for each `set-cookie`.
 */
export function wireHeaders(headers: Headers): Header[] {
  return Array.from(headers, ([name, value]) => ({
    name,
    value: Uint8Array.from(value, (character) => character.charCodeAt(0)),
  }));
}

/**
 * Makes headers for the next hop: without those of a table, and without those that belong to one
 * connection. Repeated headers are joined, as `Headers` does.
 *
 * @param dropped which headers to leave out, besides those of the connection.
 * @throws TypeError if a name or value is not allowed in HTTP.
 */
export function forwardedHeaders(headers: readonly Header[], dropped: HeaderRules): Headers {
  const named = connectionOptions(headers);
  const forwarded = new Headers();
  for (const { name, value } of headers) {
    const lower = name.toLowerCase();
    if (named.has(lower) || hasHeader(HOP_BY_HOP_HEADERS, lower) || hasHeader(dropped, lower)) continue;
    forwarded.append(lower, textOf(value));
  }
  return forwarded;
}

/** The names that `Connection` headers list, in lower case. */
function connectionOptions(headers: readonly Header[]): ReadonlySet<string> {
  const values = headers.filter(({ name }) => name.toLowerCase() === 'connection').map(({ value }) => textOf(value));
  return new Set(values.flatMap((value) => value.split(',')).map((option) => option.trim().toLowerCase()));
}

function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
