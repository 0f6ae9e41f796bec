import { wat } from './wat.ts';

/**
 * Additions to WebAssembly that not every engine of the tests has, each with a module that only
 * such an engine takes.
 */
const probes = {
  'garbage collection': '(module (type (struct)))',
  memory64: '(module (memory i64 1))',
  'multiple memories': '(module (memory 1) (memory 1))',
  tags: '(module (tag))',
  'legacy exceptions': '(module (func try catch_all end))',
  exnref: '(module (func (block $caught (try_table (catch_all $caught)))))',
  'wide arithmetic': '(module (func i64.const 0 i64.const 0 i64.mul_wide_u drop drop))',
} as const;

/** An addition to WebAssembly. */
export type EngineFeature = keyof typeof probes;

/** Whether this engine has a feature; prints why a test is left out when it has not. */
export async function engineHas(feature: EngineFeature): Promise<boolean> {
  const has = WebAssembly.validate(new Uint8Array(await wat(probes[feature])));
  if (!has) console.log(`skipped: this engine has no ${feature}`);
  return has;
}
