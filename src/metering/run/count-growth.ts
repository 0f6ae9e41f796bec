import type { Meter } from './meter.ts';

/**
 * Counts what JavaScript grows a memory by. Glue code grows it from an imported function
 * (Emscripten's `emscripten_resize_heap` does), where the module itself asks for nothing. From now
 * on `memory.grow` takes the pages from the meter's `memoryMaxPages` first. When there are not as
 * many, it throws RangeError, as an engine does that has no room, and the run ends as
 * `OutOfMemory`.
 *
 * It gives the memory a `grow` of its own. A later call gives it another, for another meter.
 * `instantiateMetered` does this for the memories that a module imports or exports. Call it for
 * another meter than that of the last such instance.
 *
 * @param memory one that is imported or exported.
 */
export function countGrowth(memory: WebAssembly.Memory, meter: Meter): void {
  const growByEngine = WebAssembly.Memory.prototype.grow;
  const value = (delta: unknown): number => {
    // An engine converts it once, and so does this: to a number, or for a memory with 64-bit
    // addresses to a bigint.
    const given = typeof delta === 'bigint' ? delta : Number(delta);
    // The compiler's types know numbers only.
    const grow = () => growByEngine.call(memory, given as number);
    const pages = Math.trunc(Number(given));
    // The engine rejects what is not a number of pages.
    if (!(pages > 0)) return grow();
    if (!meter.takePages(pages)) throw new RangeError(`the meter has no ${pages} pages left for the memory to grow by`);
    try {
      return grow();
    } catch (error) {
      meter.takePages(-pages);
      throw error;
    }
  };
  Object.defineProperty(memory, 'grow', { value, configurable: true, writable: true });
}
