import { recover } from '../failure.ts';
import { BuildPluginError } from '../plugin/index.ts';
import type { PluginUnderTest, TestHost } from './test-host.ts';

/** The largest budget to try if the options set no limit: all pages of a 32-bit memory. */
const ALL_PAGES = 65536;

/**
 * Searches for the smallest `memoryMaxPages` under which a plugin can be built and `works` returns
 * true. The budget covers the initial memory of the plugin, and the growth of plugin memory and
 * kernel memory together (abi/KERNEL.md, "Budgets").
 *
 * @returns pages of 64 KiB, or `undefined` if the budget of the options is too small.
 */
export function leastPages(host: TestHost, works: (plugin: PluginUnderTest) => boolean): number | undefined {
  const enough = (memoryMaxPages: number): boolean =>
    recover(
      () => host.withPlugin(works, { memoryMaxPages }),
      BuildPluginError,
      () => false,
    );
  // A budget below the initial memory is too small, unless initialMemoryMaxPages is set. Most
  // plugins need little more, so the search begins there with steps that double, then halves the
  // interval.
  const limit = Math.min(host.options.memoryMaxPages, ALL_PAGES);
  const initial =
    host.options.initialMemoryMaxPages === undefined ? host.compiled.preparation.metering?.initialPages : 0;
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
