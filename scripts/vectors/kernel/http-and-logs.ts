import type { WrittenVector } from '../layer-vectors.ts';
import { ended, endedBy, phrases, says, words } from './words.ts';

const http = endedBy('http_request');

const requests: Readonly<Record<string, readonly [rule: string, words: string]>> = {
  valid: ['KX-1', `'{"url":"https://a.example/"} 0`],
  'with-body': ['KX-1', `'{"url":"https://a.example/","method":"POST","headers":{"a":"b"}} 'body`],
  localhost: ['KX-1', `'{"url":"http://127.0.0.1:80/"} 0`],
  'not-json': ['KX-2', `'{"url" 0`],
  'not-an-object': ['KX-2', `'["https://a.example/"] 0`],
  'without-url': ['KX-2', `'{"method":"GET"} 0`],
  'not-utf8': ['KX-2', '$ff 0'],
  'too-long': ['KX-2', '65537 alloc 0'],
  'invalid-request': ['KH-6', '5 0'],
  'no-request': ['KH-6', '0 0'],
  'invalid-body': ['KH-7', `'{"url":"https://a.example/"} 5`],
};

const all = `'t log_trace 'd log_debug 'i log_info 'w log_warn 'e log_error get_log_level put`;
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'off'];
const lines = ['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, level.slice(0, 1)]);
const logs = (...logged: readonly unknown[]) => ({ output: '', logs: logged });
const lossy = { deviation: 'a log that is not UTF-8' };

/** HTTP functions and log functions: KERNEL.md, "HTTP", "Logs". */
export const httpAndLogs: readonly WrittenVector[] = [
  ...Object.entries(requests).map(([name, [rule, request]]) =>
    words(`http-${name}`, rule, `${request} http_request`, http),
  ),
  words('http_request', 'K-26', `'{"url":"https://a.example/"} 0 http_request 'on show`, http, {
    about: 'Nothing runs after it.',
  }),
  phrases('http-then-another-call', 'KX-1', [
    [`'{"url":"https://a.example/"} 0 http_request`, http],
    [`http_status_code put http_headers put 'ok show`, says('0 0 ok')],
  ]),
  words('http_status_code', 'K-27', 'http_status_code put', says('0')),
  words('http_headers', 'K-28', 'http_headers put', says('0')),

  ...levels.map((log_level, index) =>
    words(
      `log-at-${log_level}`,
      log_level === 'off' ? 'K-30' : 'KL-1',
      all,
      { output: String(log_level === 'off' ? 2_147_483_647 : index), logs: lines.slice(index) },
      { log_level },
    ),
  ),
  words('log-default', 'KL-1', all, { output: '2', logs: lines.slice(2) }),
  words('log-frees', 'K-29', `'a dup log_info length put`, { output: '0', logs: [['info', 'a']] }),
  words('log-not-enabled-frees', 'K-29', `'a dup log_debug length put 'a dup log_trace length put`, {
    output: '0 0',
    logs: [],
  }),
  words('log-off-frees', 'K-29', `'a dup log_error length put`, { output: '0', logs: [] }, { log_level: 'off' }),
  words('log-0', 'KH-8', '0 log_warn', logs(['warn', ''])),
  words('log-0-not-enabled', 'KH-9', '0 log_debug', logs()),
  words(
    'log-order',
    'K-29',
    `'1 log_error '2 log_info '3 log_warn`,
    logs(['error', '1'], ['info', '2'], ['warn', '3']),
  ),
  words('log-unicode', 'K-29', `'schön log_info`, logs(['info', 'schön'])),
  words('log-control', 'K-29', '$610a00620d log_info', logs(['info', 'a\n\u0000b\r'])),
  words('log-byte-order-mark', 'K-29', '$efbbbf61 log_info', logs(['info', '\ufeffa'])),
  words('log-not-utf8', 'KH-13', '$61ff62 log_info', logs(['info', 'a\ufffdb']), lossy),
  words('log-not-utf8-twice', 'KH-13', '$ff61fe log_warn', logs(['warn', '\ufffda\ufffd']), lossy),
  words('log-not-utf8-not-enabled', 'KH-9', `$ff log_debug 'ok show`, { output: 'ok', logs: [] }),
  ...['trace', 'debug', 'info', 'warn', 'error'].map((level) =>
    words(`log-invalid-${level}`, 'KH-8', `5 log_${level}`, ended, { log_level: 'trace' }),
  ),
  words('log-invalid-inside', 'KH-8', '8 alloc 1 add log_info', ended),
  words('log-invalid-freed', 'KH-8', '8 alloc dup free log_info', ended),
  words('log-invalid-not-enabled', 'KH-9', `5 log_debug -1 log_trace 'ok show`, { output: 'ok', logs: [] }),
  words('log-invalid-off', 'KH-9', `5 log_error 'ok show`, says('ok'), { log_level: 'off' }),
  words('log-then-trap', 'K-29', `'before log_info trap`, {
    layer: 'call',
    error: { kind: 'Trap' },
    logs: [['info', 'before']],
  }),
];
