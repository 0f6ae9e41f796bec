import { KernelFunctionError } from './failure.ts';

/**
 * Answers `http_request`: never with a response. A request that is not one is refused as such first, so that a plugin's author learns of it.
 *
 * @param text the request block: JSON `{ url, method?, headers? }`.
 * @throws KernelFunctionError always; it names the host, and nothing else of the request.
 */
export function refuseHttpRequest(text: string): never {
  const host = hostOf(requestUrl(text));
  throw new KernelFunctionError(`HTTP request to ${host} is not allowed: no host may be reached`);
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
