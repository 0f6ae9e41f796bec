// Assembles the functions of the kernel.
import { kernelSymbols, kernelTexts } from '../../src/kernel/code/text.ts';
import { MEMARG_SYMBOL, type RelocatableFunction } from '../../src/wasm/emit/relocatable.ts';
import { relocatableFunction } from './relocatable.ts';

/**
 * Assembles all functions of the kernel that are text.
 *
 * @returns them by name.
 */
export function assembledKernel(): Readonly<Record<string, RelocatableFunction>> {
  const { memory, globals, functions } = kernelSymbols(MEMARG_SYMBOL + 1);
  const indexed = ({ space }: { space: string }): number => (space === 'memarg' ? MEMARG_SYMBOL : memory);
  return Object.fromEntries(
    Object.entries(kernelTexts).map(([name, text]) => [
      name,
      relocatableFunction(text, { globals, functions, indexed }),
    ]),
  );
}
