import type { HeaderWire } from '../protocol/messages/index.ts';

/** A method or the name of a header: a token (RFC 9110, section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Standard base64 with its padding (RFC 4648, section 4). */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is wrong with the URL of a request for the upstream; nothing: `undefined`. */
export function urlFault(url: string): string | undefined {
  // A parser of URLs takes white space out, or encodes it; what sends the request may not.
  if (/[\s\p{Cc}]/u.test(url)) return `url is ${JSON.stringify(url)}, which holds white space`;
  if (!URL.canParse(url)) return `url is ${JSON.stringify(url)}, which is no absolute URL`;
  const { protocol } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? undefined : `url begins with ${protocol}, not https: or http:`;
}

/** What is wrong with a method. */
export function methodFault(method: string): string | undefined {
  return TOKEN.test(method) ? undefined : `method is ${JSON.stringify(method)}, which is no token`;
}

/** What is wrong with a field of base64; its content is not repeated. */
export function base64Fault(name: string, value: string): string | undefined {
  return BASE64.test(value) ? undefined : `${name} is no base64 with padding (${value.length} characters)`;
}

/** What is wrong with headers. A line break in one would begin another header. */
export function headersFault(headers: readonly HeaderWire[]): string | undefined {
  for (const [index, { name, value_base64: value }] of headers.entries()) {
    if (!TOKEN.test(name)) return `headers[${index}].name is ${JSON.stringify(name)}, which is no token`;
    const fault = base64Fault(`headers[${index}].value_base64`, value);
    if (fault !== undefined) return fault;
    if (/[\0\r\n]/.test(atob(value))) return `the value of headers[${index}] holds a line break or NUL`;
  }
  return undefined;
}
