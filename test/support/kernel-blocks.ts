import * as assert from 'uvu/assert';
import { emitKernelModule } from '../../src/kernel/code/emit.ts';
import {
  BLOCKS_START,
  FIRST_MAP,
  HEADER_BYTES,
  MAP_DIRECTORY,
  PAGE_BYTES,
  RANGE_BYTES,
} from '../../src/kernel/code/layout.ts';
import { Kernel, type KernelExports } from '../../src/kernel/kernel.ts';

const kernelModule = new WebAssembly.Module(emitKernelModule());

/**
 * A kernel whose memory can grow by some pages only, and where `alloc` gives 0 when it cannot: no
 * budget ends the call.
 */
export function kernelOfPages(pages: number): KernelExports {
  const kernel = new Kernel();
  let left = pages;
  const take_pages = (count: number): number => {
    if (count > left) return 0;
    left -= count;
    return 1;
  };
  const javascript = { ...kernel.imports, take_pages };
  kernel.bind(new WebAssembly.Instance(kernelModule, { javascript }).exports);
  return kernel.exports;
}

/** Blocks of a size, all at once: their handles in the order in which they were made. */
export function blocksOf({ alloc }: KernelExports, count: number, size: (index: number) => number): bigint[] {
  return Array.from({ length: count }, (_, index) => alloc(BigInt(size(index))));
}

/** A block as its header in kernel memory describes it (src/kernel/code/layout.ts). */
export interface FoundBlock {
  readonly header: number;
  readonly capacity: number;
  readonly state: 'live' | 'free' | 'map';
}

/** Whether the map says that a plugin may not store there. */
export function isProtected(view: DataView, offset: number): boolean {
  let map = FIRST_MAP;
  if (offset >= PAGE_BYTES) {
    const bits = 29 - Math.clz32(offset);
    map = view.getUint32(MAP_DIRECTORY + 4 * (4 * (bits - 15) + (offset >>> bits)), true);
    if (map === 0) return false;
  }
  return ((view.getUint8(map + (offset >>> 6)) >>> ((offset >>> 3) & 7)) & 1) === 1;
}

/**
 * Every block of a kernel, in the order in which they lie in memory.
 *
 * @throws AssertionError unless each knows the one before it, no two neighbours are free, all
 *   headers are protected and none is at a range's end.
 */
export function heapOf({ memory }: KernelExports): FoundBlock[] {
  const view = new DataView(memory.buffer);
  const found: FoundBlock[] = [];
  let header = BLOCKS_START - HEADER_BYTES;
  while (header < view.byteLength && isProtected(view, header)) {
    const word = view.getUint32(header, true);
    const capacity = word & ~1;
    const length = view.getUint32(header + 4, true);
    const state = (word & 1) === 0 ? 'free' : length === 0 ? 'map' : 'live';
    const before = found.at(-1);
    assert.is(view.getUint32(header + 12, true), before?.header ?? 0, `what is before ${header}`);
    assert.not(state === 'free' && before?.state === 'free', `${header} and the block before it are both free`);
    assert.ok(isProtected(view, header + 8), `all of the header at ${header} is protected`);
    assert.ok(
      state === 'map' || !isProtected(view, header + HEADER_BYTES),
      `the data behind ${header} is not protected`,
    );
    assert.ok(header % RANGE_BYTES < RANGE_BYTES - HEADER_BYTES, `${header} is not at the end of a range`);
    assert.ok(capacity % 8 === 0 && capacity >= (state === 'live' ? length : 0), `the capacity at ${header}`);
    found.push({ header, capacity, state });
    header += HEADER_BYTES + capacity;
  }
  return found;
}
