import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Block, OpenBlocks } from '../../../src/metering/rewrite/open-blocks.ts';

const blocks = suite('open blocks');

const opened = (blocks: OpenBlocks, base: number): Block => {
  const block = blocks.open();
  block.base = base;
  return block;
};

blocks('are found from the innermost outwards', () => {
  const open = new OpenBlocks();
  for (const base of [1, 2, 3]) opened(open, base);
  assert.is(open.depth, 3);
  assert.is(open.innermost.base, 3);
  assert.equal(
    [0, 1, 2].map((label) => open.ofLabel(label)?.base),
    [3, 2, 1],
  );
});

blocks('close in the opposite order, and give what was kept of them', () => {
  const open = new OpenBlocks();
  for (const base of [1, 2]) opened(open, base);
  assert.is(open.close().base, 2);
  assert.is(open.innermost.base, 1);
  assert.is(open.close().base, 1);
  assert.is(open.innermost.base, 0);
});

blocks('there is none beyond those that are open, whatever was open before', () => {
  const open = new OpenBlocks();
  opened(open, 1);
  opened(open, 2);
  open.close();
  assert.is(open.ofLabel(1), undefined);
  open.clear();
  assert.is(open.depth, 0);
  assert.is(open.innermost.base, 0);
  assert.is(open.ofLabel(0), undefined);
  assert.is(open.close().base, 0);
  assert.is(open.depth, 0);
});

blocks('an entry is used again once its block has closed', () => {
  const open = new OpenBlocks();
  const first = open.open();
  open.close();
  assert.is(open.open(), first);
  open.clear();
  assert.is(open.open(), first);
  assert.is.not(open.open(), first);
});

blocks.run();
