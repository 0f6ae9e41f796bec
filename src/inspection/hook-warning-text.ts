import { formatCount } from '../digits.ts';
import type { HookWarning } from '../hooks/index.ts';

const texts: { readonly [K in HookWarning['kind']]: (warning: Extract<HookWarning, { kind: K }>) => string } = {
  RepeatedSection: ({ section: name, count }) => `${count} custom sections are named ${name}, and only the last counts`,
  MistypedFree: () => 'cc_lb_free does not take three i32: no host calls it yet',
  MistypedHook: ({ hook }) => `the function of ${hook}, whose mode is noop, does not take two i32 and return an i64`,
  LargeMemory: ({ pages }) => `a memory begins with ${formatCount(pages)} pages, which each call makes anew`,
  LargeTable: ({ entries }) => `a table begins with ${formatCount(entries)} entries, which each call makes anew`,
  UnusedHook: ({ hook }) => `no host calls ${hook}, because shape is not declared`,
  UnprotectedTypes: ({ hook, types }) =>
    `the fingerprint of ${hook} does not cover ${types.join(', ')}: if cc-lb changes one, rebuild the plugin`,
};

/** Says what a warning of the inspection of a hook plugin means. Names in it are the plugin's. */
export function hookWarningText(warning: HookWarning): string {
  // The table has the text for this warning's kind, which the compiler cannot follow.
  return (texts[warning.kind] as (given: HookWarning) => string)(warning);
}
