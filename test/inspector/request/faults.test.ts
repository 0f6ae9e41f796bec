import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callablesOf, requestTypeOf } from '../../../src/inspector/request/callables.ts';
import { FAULTS_MAX, readRequestText } from '../../../src/inspector/request/faults.ts';
import { REQUEST_MAX_CHARACTERS, REQUEST_MAX_LINES } from '../../../src/inspector/request/json-document.ts';
import { list, map, option, string, struct, u8 } from '../../../src/json/declare.ts';

const type = struct('Request', { name: string, sizes: list(u8), note: option(string), by: map(u8) });
const good = '{"name":"x","sizes":[1],"note":null,"by":{"a":1}}';

const faults = suite('readRequestText');

faults('finds nothing in a request, with or without its version', () => {
  assert.equal(readRequestText(type, good).faults, []);
  assert.equal(readRequestText(type, good.replace('{', '{"_v":1,')).faults, []);
  assert.is(readRequestText(type, good).node?.kind, 'object');
});

faults('says where a text is not JSON', () => {
  const { node, faults: found } = readRequestText(type, '{\n  "name": tru\n}');
  assert.is(node, undefined);
  assert.is(found.length, 1);
  assert.equal(found[0]?.place, { index: 12, line: 2, column: 11 });
  assert.is(found[0]?.path, '$');
  assert.is(found[0]?.expected, 'a value');
});

faults('finds several faults, each with its place and path', () => {
  const text = '{\n"name":1,\n"sizes":[1,300,"2"],\n"note":false,"by":{"a b":-1}}';
  const { faults: found } = readRequestText(type, text);
  assert.equal(
    found.map(({ path, place, expected }) => [path, place?.line, place?.column, expected]),
    [
      ['$.name', 2, 8, 'a string'],
      ['$.sizes[1]', 3, 12, 'an integer from 0 to 255'],
      ['$.sizes[2]', 3, 16, 'an integer from 0 to 255'],
      ['$.note', 4, 8, 'a string'],
      ['$.by["a b"]', 4, 26, 'an integer from 0 to 255'],
    ],
  );
  assert.match(found[1]?.message ?? '', 'at $.sizes[1], byte');
});

faults('finds what is missing, unknown and repeated', () => {
  const only = (text: string) => readRequestText(type, text).faults.map(({ path, found }) => [path, found]);
  assert.equal(only('{"name":"x","note":null,"by":{}}'), [['$.sizes', 'nothing']]);
  assert.equal(only(good.replace('"sizes":[1]', '"sizes":[],"sizes":[]')), [['$.sizes', 'the field again']]);
  const nested = struct('Outer', { inner: type });
  assert.equal(
    readRequestText(nested, `{"inner":${good.replace('"note":null,', '')}}`).faults,
    [],
    'an option may be missing',
  );
  assert.equal(
    readRequestText(nested, `{"inner":${good.replace('"sizes":[1],', '')}}`).faults.map(({ path }) => path),
    ['$.inner.sizes'],
  );
});

faults('is bounded: by the number of faults, the depth and the length', () => {
  const many = `{"name":"x","sizes":[${Array(5_000).fill('"x"').join()}],"note":null,"by":{}}`;
  assert.is(readRequestText(type, many).faults.length, FAULTS_MAX);
  const deep = readRequestText(type, '['.repeat(1_000_000));
  assert.match(deep.faults[0]?.expected ?? '', 'at most 127 nested');
  const long = readRequestText(type, ' '.repeat(REQUEST_MAX_CHARACTERS + 1));
  assert.is(long.node, undefined);
  assert.is(long.faults[0]?.place, undefined);
  assert.match(long.faults[0]?.message ?? '', 'too long: expected at most 2,097,152 characters');
  const tall = readRequestText(type, '\n'.repeat(REQUEST_MAX_LINES));
  assert.match(tall.faults[0]?.message ?? '', 'expected at most 20,000 lines, found 20,001 lines');
  assert.match(readRequestText(type, '\n'.repeat(REQUEST_MAX_LINES - 1)).faults[0]?.expected ?? '', 'a value');
});

faults('refuses what is not Unicode', () => {
  const { faults: found } = readRequestText(type, good.replace('"x"', '"\ud800"'));
  assert.equal(
    found.map(({ found: what, place }) => [what, place?.index]),
    [['a lone surrogate', 9]],
  );
});

faults('takes the last of a repeated key of opaque JSON, and refuses a repeated field', () => {
  const callables = callablesOf(1);
  const sign = requestTypeOf(callables, { name: 'filter', version: 'v3' });
  const request = (claims: string): string =>
    `{"request_id":"","headers":[],"method":"","path":"","query":null,"body_base64":"",` +
    `"principal":{"id":"","kind":"","claims":${claims}},"candidates":[]}`;
  assert.equal(readRequestText(sign, request('{"a":1,"a":2}')).faults, []);
  assert.is(readRequestText(sign, request('{},"id":""')).faults.length, 1);
});

faults.run();
