import { type Generation, generationOfExports } from '../generation/exports.ts';
import { checkArgument } from '../option-rules.ts';
import { type PreparedModule, sourceFault } from './source.ts';

/**
 * Tells which ABI a prepared plugin speaks, from its exports: 1 is for `admit`, 2 for `admitHooks`.
 *
 * @returns `undefined` if it exports the functions of neither.
 * @throws TypeError if `wasm` is not a module.
 */
export function generationOf(wasm: PreparedModule): Generation | undefined {
  const fault = sourceFault(wasm, 'preparePlugin or prepareHooks returns');
  checkArgument('wasm', fault === undefined, fault ?? '');
  return generationOfExports(WebAssembly.Module.exports(wasm));
}
