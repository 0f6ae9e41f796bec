import type { NumberType, Signature } from '../../wasm/index.ts';
import type { FunctionText } from './function.ts';

/** Instructions that call JavaScript, so marked that an exception which goes past the kernel is noticed at the end of the call. */
export function crossing(instructions: string): string {
  return `i32.const 1  global.set $crossing  ${instructions}  i32.const 0  global.set $crossing`;
}

/**
 * A function that runs in JavaScript, reached through WebAssembly.
 *
 * What JavaScript throws a plugin can catch, so JavaScript never throws: it stores its failure and sets `$failed`, and the trap that ends
 * the call is executed here, where the plugin cannot catch it. `$crossing` stays 1 when something goes past this function all the same,
 * as an engine's own stack overflow does; the host looks at it when the call is over.
 *
 * @param javascript the name of the imported JavaScript function, of the same type.
 */
export function crossingFunction({ params, results }: Signature, javascript: string): FunctionText {
  const named: Record<string, NumberType> = {};
  params.forEach((type, index) => {
    named[`p${index}`] = type;
  });
  return {
    params: named,
    results,
    locals: {},
    body: `
      ${crossing(`${params.map((_, index) => `local.get $p${index}`).join('  ')}  call $${javascript}`)}
      global.get $failed
      if  unreachable  end`,
  };
}
