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
  return headersOf(keptHeaders(headers, dropped));
}

/** As {@link forwardedHeaders}, as a list: names in lower case, in their order, none joined. */
export function keptHeaders(headers: readonly Header[], dropped: HeaderRules): Header[] {
  const named = connectionOptions(headers);
  return headers
    .map(({ name, value }) => ({ name: name.toLowerCase(), value }))
    .filter(({ name }) => !(named.has(name) || hasHeader(HOP_BY_HOP_HEADERS, name) || hasHeader(dropped, name)));
}

/**
 * Makes `Headers` of a list. Repeated headers are joined.
 *
 * @throws TypeError if a name or value is not allowed in HTTP.
 */
export function headersOf(headers: readonly Header[]): Headers {
  const joined = new Headers();
  for (const { name, value } of headers) joined.append(name, textOf(value));
  return joined;
}

/** The names that `Connection` headers list, in lower case. */
function connectionOptions(headers: readonly Header[]): ReadonlySet<string> {
  const values = headers.filter(({ name }) => name.toLowerCase() === 'connection').map(({ value }) => textOf(value));
  return new Set(values.flatMap((value) => value.split(',')).map((option) => option.trim().toLowerCase()));
}

function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
