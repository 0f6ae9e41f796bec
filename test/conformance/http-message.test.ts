import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { base64Fault, headersFault, methodFault, urlFault } from '../../src/conformance/http-message.ts';

const message = suite('parts of an HTTP message');

type Rule = (text: string) => string | undefined;

const header = (name: string, value: string) => headersFault([{ name, value_base64: btoa(value) }]);

const rules: Readonly<Record<string, readonly [rule: Rule, good: readonly string[], bad: readonly string[]]>> = {
  url: [
    urlFault,
    ['https://api.anthropic.com/v1/messages', 'http://127.0.0.1:8080', 'https://[::1]/?a=b', 'https://e/%ff'],
    [
      '',
      '/v1',
      'api.anthropic.com/v1',
      'ftp://e/',
      'javascript:alert(1)',
      'https://',
      'https://a b/',
      ' https://e/',
      'https://e/\n',
    ],
  ],
  method: [methodFault, ['GET', 'POST', 'M-SEARCH', "!#$%&'*+.^_`|~"], ['', 'GET /', 'PO\nST', 'GÉT', 'a:b']],
  base64: [
    (text) => base64Fault('body_base64', text),
    ['', 'YQ==', 'YWI=', 'YWJj', '+/+/'],
    ['YQ', 'YQ=', 'YQ===', 'Y Q=', '-_-_', 'YWJj\n', '=', 'YQ==YQ=='],
  ],
  'the name of a header': [(text) => header(text, 'v'), ['a', 'X-Api-Key'], ['', 'a b', 'a:', 'a\r\nb', 'é']],
  'the value of a header': [
    (text) => header('a', text),
    ['', 'v', 'a, b; c', '\u00ff', '\t'],
    ['a\nb', 'a\r', '\0', 'a\r\nx: y'],
  ],
};
for (const [what, [rule, good, bad]] of Object.entries(rules)) {
  message(what, () => {
    for (const text of good) assert.is(rule(text), undefined, JSON.stringify(text));
    for (const text of bad) assert.type(rule(text), 'string', JSON.stringify(text));
  });
}

message('a fault does not repeat the value of a header or a body', () => {
  assert.not.match(headersFault([{ name: 'a', value_base64: 'sk-secret' }]) ?? '', 'secret');
  assert.not.match(base64Fault('body_base64', 'sk-secret') ?? '', 'secret');
});

message.run();
