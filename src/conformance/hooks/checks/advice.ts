import type { HookWarning } from '../../../hooks/inspect-warnings.ts';
import { type Check, pass, warn } from '../../check.ts';
import type { HookTestHost } from '../test-host.ts';
import { INSPECTED } from './admission.ts';

/** A warning of inspection that a plugin can avoid. */
type Avoidable = Exclude<HookWarning, { readonly kind: 'UnprotectedTypes' }>;

/** What an author can do about a warning, and how a report describes it. */
type Advice<W> = Pick<Check, 'rule' | 'anchor' | 'hint'> & {
  /** The part of the check's id after the dot. */
  readonly id: string;
  readonly found: (warning: W) => string;
};

const advice: { readonly [K in Avoidable['kind']]: Advice<Extract<Avoidable, { readonly kind: K }>> } = {
  RepeatedSection: {
    id: 'sections',
    rule: 'No section of the hook ABI occurs twice.',
    anchor: 'warnings',
    hint: 'Link only one plugin into the module: of two sections the last counts.',
    found: ({ section, count }) => `${count} custom sections ${section}`,
  },
  MistypedFree: {
    id: 'free',
    rule: 'cc_lb_free is (i32, i32, i32) -> ().',
    anchor: 'warnings',
    hint: 'Take address, size and alignment. cc-lb does not call the function at present.',
    found: () => 'cc_lb_free has another type',
  },
  MistypedHook: {
    id: 'noop-type',
    rule: 'The function of a hook of mode noop is (i32, i32) -> i64 too.',
    anchor: 'warnings',
    hint: 'Write it as an active hook: it fails as soon as the mode is active.',
    found: ({ hook }) => `cc_lb_${hook} has another type`,
  },
  LargeMemory: {
    id: 'memory',
    rule: 'The memory has at most 256 pages at first.',
    anchor: 'warnings',
    hint: 'Start with a smaller stack (-z stack-size) and smaller statics: each call needs this memory anew.',
    found: ({ pages }) => `a memory of ${pages} pages`,
  },
  LargeTable: {
    id: 'table',
    rule: 'No table has more than 100,000 entries at first.',
    anchor: 'warnings',
    hint: 'Start with a smaller table: each call needs it anew.',
    found: ({ entries }) => `a table of ${entries} entries`,
  },
  UnusedHook: {
    id: 'unused-hook',
    rule: 'The response hooks are declared only beside shape.',
    anchor: 'warnings',
    hint: 'Remove the hook, or declare shape: no host calls it without.',
    found: ({ hook }) => `${hook} is declared without shape`,
  },
};

/** The checks of what cc-lb lets pass, and an author will regret. They only warn. */
export const adviceChecks: readonly Check<HookTestHost>[] = Object.entries(advice).map(
  ([kind, { id, found, ...rest }]) => ({
    ...rest,
    id: `advice.${id}`,
    needs: [INSPECTED],
    run: ({ admission }) => {
      const warning = admission.inspection?.warnings.find((candidate) => candidate.kind === kind);
      // The row is that of the warning's kind.
      return warning === undefined ? pass() : warn((found as (warning: HookWarning) => string)(warning));
    },
  }),
);
