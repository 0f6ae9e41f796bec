import { KernelFunctionError } from './failure.ts';

/**
 * The host that an HTTP request is for: all of it that may be named in an error.
 *
 * @param text the request block: JSON `{ url, method?, headers? }`.
 * @throws KernelFunctionError when it is no such request; it shows nothing of the text.
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
  const { url, method, headers } = request;
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
  return url;
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname || 'an unnamed host';
  } catch {
    throw new KernelFunctionError('the url of the HTTP request is not an absolute URL');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
