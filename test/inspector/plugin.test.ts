import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FILE_MAX, refusalOf } from '../../src/inspector/plugin.ts';
import { readRuleDocuments, ruleOf } from '../../src/inspector/rule-documents.ts';
import { bytesOf, readSamples } from '../../src/inspector/samples.ts';
import { thrownBy } from '../support/failure.ts';

const plugin = suite('inspector/plugin');

plugin('a file is refused by its size alone, before it is read', () => {
  assert.is(refusalOf({ size: FILE_MAX }), undefined);
  const text = refusalOf({ size: 64 * 1024 * 1024 }) ?? '';
  for (const part of ['67,108,864', '33,554,432', '16,777,216', 'inspect']) assert.match(text, part);
  assert.match(refusalOf({ size: FILE_MAX + 1 }) ?? '', '33,554,433');
});

plugin('a sample has its bytes', () => {
  const [sample] = readSamples('[{"id":"a","file":"a.wasm","about":"","group":"","base64":"AGFzbQ=="}]');
  assert.ok(sample !== undefined);
  assert.equal([...bytesOf(sample)], [0, 0x61, 0x73, 0x6d]);
  assert.match(String(thrownBy(() => bytesOf({ ...sample, base64: '?' }))), 'the sample a is not base64');
});

plugin('the reference of a check is a document and an anchor', () => {
  assert.equal(ruleOf('abi/PROTOCOL.md#L-1'), { path: 'abi/PROTOCOL.md', anchor: 'L-1' });
  assert.equal(ruleOf('abi/PROTOCOL.md'), { path: 'abi/PROTOCOL.md', anchor: '' });
  assert.equal(ruleOf(''), { path: '', anchor: '' });
});

plugin('documents are read from the templates of the page', () => {
  const content = {};
  const page = { querySelectorAll: () => [{ dataset: { document: 'abi/HOOKS.md' }, content }] };
  // The cast: the function reads nothing else of a page.
  assert.equal(readRuleDocuments(page as unknown as Document), [{ path: 'abi/HOOKS.md', content }]);
});

plugin.run();
