import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleLink } from '../../../src/conformance/vectors/index.ts';

const rule = suite('vectors: ruleLink');

const links: readonly (readonly [string, string])[] = [
  ['H-4.2', 'abi/PROTOCOL.md#H-4.2'],
  ['K-1', 'abi/KERNEL.md#K-1'],
  ['HX-5', 'abi/HOOKS.md#HX-5'],
  ['Q-1', 'Q-1'],
  ['', ''],
];

for (const [anchor, link] of links)
  rule(`${anchor || 'an empty anchor'} leads to ${link || 'nothing'}`, () => {
    assert.is(ruleLink(anchor), link);
  });

rule.run();
