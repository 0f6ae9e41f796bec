import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BLOCKS_START,
  CLASS_BITS,
  FIRST_MAP,
  HEADER_BYTES,
  MAP_DIRECTORY,
  MAP_RANGES,
  PAGE_BYTES,
  RANGE_BYTES,
  SIZE_CLASSES,
} from '../../../src/kernel/code/layout.ts';

const layout = suite('kernel memory layout');

layout('lists, directory, map and the first header lie one behind the other', () => {
  assert.is(SIZE_CLASSES * 4, CLASS_BITS);
  assert.ok(CLASS_BITS + SIZE_CLASSES / 8 <= MAP_DIRECTORY);
  assert.is(MAP_DIRECTORY + MAP_RANGES * 4, FIRST_MAP);
  assert.ok(FIRST_MAP + PAGE_BYTES / 64 <= BLOCKS_START - HEADER_BYTES);
});

layout('there is a size class for each capacity of 32 bits, and a range for each offset', () => {
  const below64 = 8;
  assert.is(SIZE_CLASSES, below64 + 4 * (32 - 6));
  assert.is(MAP_RANGES, 4 * (32 - 16));
});

layout('blocks, pages and ranges are whole bytes of a map', () => {
  assert.equal([(BLOCKS_START - HEADER_BYTES) % 8, PAGE_BYTES % RANGE_BYTES, RANGE_BYTES % 512], [0, 0, 0]);
});

layout.run();
