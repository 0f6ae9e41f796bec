import { BuildPluginError } from '../plugin/index.ts';
import type { Bench, Subject } from './test-host.ts';

/** Where the search begins when memory is unlimited: the pages of a 32-bit memory. */
const ALL_PAGES = 65536;

/**
 * The least budget of memory, in pages, under which a plugin can be built and does what is asked; `undefined` when that of the options is not
 * enough. It covers what the plugin's memory has at first, and the growth of plugin and kernel memory together (abi/KERNEL.md, "Budgets").
 */
export function leastPages(bench: Bench, works: (subject: Subject) => boolean): number | undefined {
  const enough = (memoryMaxPages: number): boolean => {
    try {
      return bench.withPlugin(works, { memoryMaxPages });
    } catch (error) {
      if (error instanceof BuildPluginError) return false;
      throw error;
    }
  };
  // Less than it has at first is never enough, unless that has a limit of its own, and mostly a
  // little more is: the steps upwards double, before the search between them.
  const limit = Math.min(bench.options.memoryMaxPages, ALL_PAGES);
  const initial =
    bench.options.initialMemoryMaxPages === undefined ? bench.compiled.preparation.metering?.initialPages : 0;
  let low = Math.min(initial ?? 0, limit);
  let high = low;
  for (let step = 1; !enough(high); step *= 2) {
    if (high === limit) return undefined;
    low = high + 1;
    high = Math.min(high + step, limit);
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}
