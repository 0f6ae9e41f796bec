import { kernelImports } from './abi.ts';
import { allocatorFunctions } from './allocator.ts';
import { inputOutputFunctions } from './input-output.ts';
import { kernelGlobals } from './layout.ts';
import { memoryAccessFunctions } from './memory-access.ts';

/**
 * The functions of the kernel that are text, by name, in the order in which they are emitted.
 * `npm run generate` assembles them, see `code.generated.ts`.
 */
export const kernelTexts = { ...allocatorFunctions, ...memoryAccessFunctions, ...inputOutputFunctions } as const;

/** What the texts refer to. A symbol is a number for it in relocatable code. */
export interface KernelSymbols {
  readonly memory: number;
  readonly globals: ReadonlyMap<string, number>;
  /** An import is named after `javascript_`. */
  readonly functions: ReadonlyMap<string, number>;
}

/**
 * Numbers what the texts of the kernel refer to: the memory, imports, globals, functions.
 *
 * @param first the symbol of the memory. That of its `memarg` precedes it.
 * @returns the symbols.
 */
export function kernelSymbols(first: number): KernelSymbols {
  let next = first + 1;
  const numbered = (names: readonly string[]): [string, number][] => names.map((name) => [name, next++]);
  const imports = numbered(kernelImports.map(([name]) => `javascript_${name}`));
  const globals = new Map(numbered(Object.keys(kernelGlobals)));
  return { memory: first, globals, functions: new Map([...imports, ...numbered(Object.keys(kernelTexts))]) };
}
