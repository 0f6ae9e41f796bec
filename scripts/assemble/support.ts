// Assembles the support functions of metering.
import { supportSymbols, supportTexts } from '../../src/metering/rewrite/support-text.ts';
import { MEMARG_SYMBOL, type RelocatableFunction } from '../../src/wasm/emit/relocatable.ts';
import { relocatableFunction } from './relocatable.ts';

/**
 * Assembles all support functions.
 *
 * @returns them by the key of their code.
 */
export function assembledSupport(): Readonly<Record<string, RelocatableFunction>> {
  const { operands, globals, functions } = supportSymbols(MEMARG_SYMBOL + 1);
  const indexed = ({ index }: { index: number }): number => operands + index;
  return Object.fromEntries(
    Object.entries(supportTexts).map(([key, text]) => [
      key,
      relocatableFunction(text, { globals, functions, indexed }),
    ]),
  );
}
