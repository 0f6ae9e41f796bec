import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BLOCKS_START, ENTRY_BYTES, FREE_LISTS_BYTES, INITIAL_ENTRIES } from '../../src/kernel/layout.ts';

const layout = suite('kernel memory layout');

layout('free lists, block table and blocks follow each other without gap', () => {
  assert.is(FREE_LISTS_BYTES + INITIAL_ENTRIES * ENTRY_BYTES, BLOCKS_START);
  assert.ok(Number.isInteger(INITIAL_ENTRIES));
  assert.is(BLOCKS_START % 16, 0);
});

layout('there is a free list for each size class of 32 bits', () => {
  const ofSixteenBytes = 1;
  const doublings = 32 - 4;
  assert.ok(FREE_LISTS_BYTES / 4 >= ofSixteenBytes + 4 * doublings);
});

layout.run();
