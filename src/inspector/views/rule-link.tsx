import type { VNode } from 'preact';
import { type PageState, writeState } from '../state.ts';

/** A link to a rule, which can be read on the page. */
export function RuleLink({ reference, state }: { readonly reference: string; readonly state: PageState }): VNode {
  return (
    <a class="reference" href={writeState({ ...state, panel: 'rules', rule: reference })}>
      {reference}
    </a>
  );
}
