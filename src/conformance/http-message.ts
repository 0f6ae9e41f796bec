import { isToken } from '../hooks/policies/wire-bounds.ts';
import type { HeaderWire } from '../protocol/messages/index.ts';

/** Standard base64 with its padding (RFC 4648, section 4). */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is wrong with the URL of a request for the upstream, or `undefined`. */
export function urlFault(url: string): string | undefined {
  // `new URL` removes or encodes white space. The code that sends the request may not.
  if (/[\s\p{Cc}]/u.test(url)) return `url is ${JSON.stringify(url)}, which contains white space`;
  if (!URL.canParse(url)) return `url is ${JSON.stringify(url)}, which is not an absolute URL`;
  const { protocol } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? undefined : `url begins with ${protocol}, not https: or http:`;
}

/** What is wrong with a method, or `undefined`. */
export function methodFault(method: string): string | undefined {
  return isToken(method) ? undefined : `method is ${JSON.stringify(method)}, which is not a token`;
}

/**
 * What is wrong with a base64 field, or `undefined`. The text does not repeat the field's content.
 */
export function base64Fault(name: string, value: string): string | undefined {
  return BASE64.test(value) ? undefined : `${name} is not base64 with padding (${value.length} characters)`;
}

/**
 * What is wrong with headers, or `undefined`. A line break in a value would begin another header.
 */
export function headersFault(headers: readonly HeaderWire[]): string | undefined {
  for (const [index, { name, value_base64: value }] of headers.entries()) {
    if (!isToken(name)) return `headers[${index}].name is ${JSON.stringify(name)}, which is not a token`;
    const fault = base64Fault(`headers[${index}].value_base64`, value);
    if (fault !== undefined) return fault;
    if (/[\0\r\n]/.test(atob(value))) return `the value of headers[${index}] contains a line break or NUL`;
  }
  return undefined;
}
