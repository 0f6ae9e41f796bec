import type { ComponentChildren, VNode } from 'preact';
import { type PageState, writeState } from '../state.ts';

/** A link to a rule, which can be read on the page. It shows the reference, or other words. */
export function RuleLink({
  reference,
  state,
  children = reference,
}: {
  readonly reference: string;
  readonly state: PageState;
  readonly children?: ComponentChildren;
}): VNode {
  return (
    <a class="reference" href={writeState({ ...state, panel: 'rules', rule: reference })}>
      {children}
    </a>
  );
}
