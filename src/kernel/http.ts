import { KernelFunctionError } from './functions.ts';

/**
 * The longest request that is read, in bytes. The bound keeps a refusal below a few milliseconds.
 */
const REQUEST_MAX_BYTES = 65_536;

/**
 * The longest text that is parsed as a URL, in UTF-16 units. Engines take time that grows with the
 * square of the host's length (Unicode normalisation and Punycode). Of a longer URL only the part
 * up to the end of its host is parsed.
 */
const URL_MAX_LENGTH = 1_024;

/** The most characters of a host in a message. No DNS name is longer (RFC 1035, 2.3.4). */
const HOST_SHOWN = 253;

/** Matches a URL up to its host, and the character that ends the host. */
const ORIGIN = /^[a-z][a-z\d+.-]*:[\\/]*[^\\/?#]+[\\/?#]/i;

/**
 * Checks the length of a request before it is read.
 *
 * @param bytes the length of the request block.
 * @throws KernelFunctionError if the request is too long.
 */
export function checkRequestLength(bytes: number): void {
  if (bytes <= REQUEST_MAX_BYTES) return;
  throw new KernelFunctionError(`the HTTP request has ${bytes} bytes: at most ${REQUEST_MAX_BYTES} are allowed`);
}

/**
 * Returns the host that an HTTP request is for. No other part of the request may appear in an
 * error.
 *
 * @param text the request block: JSON `{ url, method?, headers? }`.
 * @throws KernelFunctionError if the request is malformed. The message repeats nothing of the text.
 */
export function requestedHost(text: string): string {
  return hostOf(requestUrl(text));
}

function requestUrl(text: string): string {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch {
    throw new KernelFunctionError('the HTTP request is not valid JSON');
  }
  if (!isObject(request)) throw new KernelFunctionError('the HTTP request must be a JSON object');
  const { url, method, headers, ...others } = request;
  if (typeof url !== 'string') throw new KernelFunctionError('the HTTP request needs a string field url');
  if (method !== undefined && method !== null && typeof method !== 'string') {
    throw new KernelFunctionError('the method of the HTTP request must be a string');
  }
  if (
    headers !== undefined &&
    !(isObject(headers) && Object.values(headers).every((value) => typeof value === 'string'))
  ) {
    throw new KernelFunctionError('the headers of the HTTP request must be an object of strings');
  }
  if (Object.keys(others).length > 0) {
    throw new KernelFunctionError('the HTTP request has a field other than url, method and headers');
  }
  return url;
}

function hostOf(url: string): string {
  const origin = url.length <= URL_MAX_LENGTH ? url : ORIGIN.exec(url.slice(0, URL_MAX_LENGTH))?.[0];
  if (origin === undefined) {
    throw new KernelFunctionError(
      `the url of the HTTP request names no host within its first ${URL_MAX_LENGTH} characters`,
    );
  }
  try {
    const { hostname } = new URL(origin);
    const shown = hostname.length > HOST_SHOWN ? `${hostname.slice(0, HOST_SHOWN)}…` : hostname;
    return shown || 'an unnamed host';
  } catch {
    throw new KernelFunctionError('the url of the HTTP request is not an absolute URL');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
