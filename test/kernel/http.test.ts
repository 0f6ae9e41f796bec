import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKernel } from '../../src/kernel/kernel.ts';
import { thrownBy } from '../support/failure.ts';

const http = suite('http_request');

/** Calls it as a plugin would, and returns the reason for which the kernel ended the call. */
function reason(request: string | Uint8Array | bigint, body: string | bigint = 0n): string {
  const kernel = createKernel();
  const block = (value: string | Uint8Array | bigint): bigint => {
    if (typeof value === 'bigint') return value;
    return typeof value === 'string' ? kernel.memory.writeText(value) : kernel.memory.write(value);
  };
  const handles = [block(request), block(body)] as const;
  assert.instance(
    thrownBy(() => kernel.exports.http_request(...handles)),
    WebAssembly.RuntimeError,
  );
  const { failure } = kernel;
  assert.is(failure?.kind, 'KernelFunction');
  assert.is(failure?.function, 'http_request');
  return failure?.reason ?? '';
}

http('names the host, and nothing else of the request', () => {
  const text = reason(
    '{"url":"https://user:pa55word@api.example.com:8443/v1/secret-path?token=s3cret#fragment",' +
      '"method":"POST","headers":{"x-api-key":"k3y"}}',
    'the body',
  );
  assert.match(text, /^HTTP request to api\.example\.com is not allowed/);
  for (const secret of [
    'user',
    'pa55word',
    '8443',
    'secret-path',
    'token',
    's3cret',
    'fragment',
    'k3y',
    'POST',
    'the body',
  ]) {
    assert.not.match(text, secret);
  }
});

const refused: readonly (readonly [request: string, reason: RegExp])[] = [
  ['{"url":"http://localhost/"}', /to localhost is not allowed/],
  ['{"url":"http://[::1]:80/"}', /to \[::1\] is not allowed/],
  ['{"url":"HTTPS://ExAmPle.com"}', /to example\.com is not allowed/],
  ['{"url":"file:///etc/passwd"}', /to an unnamed host is not allowed/],
  ['{"url":"data:text/plain,secret"}', /to an unnamed host is not allowed/],
  ['{"url":"http://a/","method":null}', /to a is not allowed/],
  ['{"url":"http://a/","method":"GET","headers":{}}', /to a is not allowed/],
  ['{"url":"http://a/","secret":1}', /^the HTTP request has a field other than url, method and headers$/],
  ['{"url":"http://a/","__proto__":{}}', /a field other than/],
  ['{"url":"secret","other":1}', /a field other than/],
  ['', /not valid JSON/],
  ['{"url":"http://secret/"', /^the HTTP request is not valid JSON$/],
  ['\uFEFF{"url":"http://a/"}', /not valid JSON/],
  ['null', /must be a JSON object/],
  ['["http://a/"]', /must be a JSON object/],
  ['"http://a/"', /must be a JSON object/],
  ['{}', /string field url/],
  ['{"url":7}', /string field url/],
  ['{"url":"/secret"}', /^the url of the HTTP request is not an absolute URL$/],
  ['{"url":"http://"}', /not an absolute URL/],
  ['{"url":"http://a/","method":7}', /method.*string/],
  ['{"url":"http://a/","headers":null}', /headers.*object of strings/],
  ['{"url":"http://a/","headers":[]}', /headers.*object of strings/],
  ['{"url":"http://a/","headers":{"a":["b"]}}', /headers.*object of strings/],
];
for (const [request, expected] of refused) {
  http(`${JSON.stringify(request)} is refused: ${expected.source}`, () => {
    const text = reason(request);
    assert.match(text, expected);
    assert.not.match(text, 'secret');
  });
}

http('names the host of a long URL too, if it ends within 1,024 characters', () => {
  const path = 'secret/'.repeat(1000);
  for (const [url, expected] of [
    [`https://api.example.com/${path}`, /^HTTP request to api\.example\.com is not allowed/],
    [`https://api.example.com?${path}`, /^HTTP request to api\.example\.com is not allowed/],
    [`https://user:secret@api.example.com:8443#${path}`, /^HTTP request to api\.example\.com is not allowed/],
    [`https:\\\\api.example.com\\${path}`, /^HTTP request to api\.example\.com is not allowed/],
    [`HTTPS:api.example.com/${path}`, /^HTTP request to api\.example\.com is not allowed/],
    [`file:///${path}`, /^HTTP request to an unnamed host is not allowed/],
    [`http://${'a'.repeat(1_015)}.b/`, /names no host within its first 1024 characters$/],
    [`http://${'a'.repeat(1_000)}/`, /^HTTP request to a{253}… is not allowed/],
    [path, /names no host within its first 1024 characters$/],
    [`http:///?${path}`, /names no host within its first 1024 characters$/],
  ] as const) {
    const text = reason(JSON.stringify({ url }));
    assert.match(text, expected, url.slice(0, 60));
    assert.not.match(text, 'secret');
  }
});

http('a request of 65,536 bytes is read; a longer one is refused for its length', () => {
  const empty = JSON.stringify({ url: 'http://a/', headers: { h: '' } });
  const filled = (bytes: number): string => empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`);
  assert.match(reason(filled(65_536)), /to a is not allowed/);
  assert.is(reason(filled(65_537)), 'the HTTP request has 65537 bytes: at most 65536 are allowed');
  assert.match(reason('['.repeat(65_536)), /not valid JSON/);
  assert.match(reason(new Uint8Array(70_000).fill(0xff)), /at most 65536/);
});

/** Hosts whose normalisation takes time that grows with the square of their length. */
const slowHosts: readonly (readonly [what: string, host: (length: number) => string])[] = [
  ['combining marks of two classes', (length) => `a${'\u0301'.repeat(length / 2)}${'\u0327'.repeat(length / 2)}`],
  ['combining marks by turns', (length) => `a${'\u0327\u0301'.repeat(length / 2)}`],
  [
    'characters that are all different',
    (length) => Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + index)).join(''),
  ],
  ['ligatures of many characters', (length) => '\ufdfa'.repeat(length)],
  ['many labels', (length) => '\u00e9.'.repeat(length / 2)],
];
for (const [what, host] of slowHosts) {
  http(`a host of ${what} is refused quickly at any length`, () => {
    for (const length of [1_000, 20_000]) {
      const text = JSON.stringify({ url: `http://${host(length)}/` });
      const times = [1, 2, 3].map(() => {
        const began = performance.now();
        const told = reason(text);
        assert.match(told, /not an absolute URL|names no host within|is not allowed/);
        assert.ok(told.length < 400, told);
        return performance.now() - began;
      });
      assert.ok(Math.min(...times) < 100, `${length} characters: ${times.join()} ms`);
    }
  });
}

http('bytes that are not UTF-8 and invalid handles are refused', () => {
  assert.match(reason(new Uint8Array([0x22, 0xff, 0x22])), 'the HTTP request is not valid UTF-8');
  assert.match(reason(99n), 'invalid handle 99');
  assert.match(reason('{"url":"http://a/"}', 99n), 'invalid handle 99');
});

http('a fault of the request is reported before one of the body', () => {
  assert.match(reason('{', 99n), 'not valid JSON');
  assert.match(reason('{"url":"nowhere"}', 99n), 'not an absolute URL');
});

http('there is never a response', () => {
  const { exports } = createKernel();
  assert.is(exports.http_status_code(), 0);
  assert.is(exports.http_headers(), 0n);
});

http.run();
