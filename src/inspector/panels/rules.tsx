import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type RuleDocument, ruleOf } from '../rule-documents.ts';
import { type PageState, writeState } from '../state.ts';

/**
 * The contract, and why metering charges as it does: one document at a time, at the rule or heading
 * that the address names.
 */
export function Rules({
  documents,
  state,
}: {
  readonly documents: readonly RuleDocument[];
  readonly state: PageState;
}): VNode | null {
  const { path, anchor } = ruleOf(state.rule);
  const shown = documents.find((each) => each.path === path) ?? documents[0];
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current !== null && shown !== undefined) place.current.replaceChildren(linked(shown, state));
    // Its links hold the state, of which only the sample can change while it is shown.
  }, [shown, state.sample]);
  useEffect(() => {
    const target = anchor === '' ? null : document.getElementById(`${shown?.path}#${anchor}`);
    target?.focus({ preventScroll: true });
    target?.scrollIntoView();
  }, [shown, anchor, state.sample]);
  if (shown === undefined) return null;
  return (
    <section class="panel rules" aria-labelledby="panel-title">
      <h2 id="panel-title">Rules</h2>
      <ul class="documents">
        {documents.map((each) => (
          <li key={each.path}>
            <a
              href={writeState({ ...state, panel: 'rules', rule: each.path })}
              aria-current={each === shown ? 'true' : undefined}
            >
              {each.path}
            </a>
          </li>
        ))}
      </ul>
      <div class="document" ref={place} />
    </section>
  );
}

/** A copy of a document whose anchors and links are those of the page. */
function linked({ path, content }: RuleDocument, state: PageState): Node {
  // The cast: a copy is of the class of what is copied.
  const copy = content.cloneNode(true) as DocumentFragment;
  const addressOf = (rule: string): string => writeState({ ...state, panel: 'rules', rule });
  for (const link of copy.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    const target = link.getAttribute('href') ?? '';
    link.setAttribute('href', addressOf(target.startsWith('#') ? path + target : target));
  }
  for (const part of copy.querySelectorAll('[id]')) {
    const id = `${path}#${part.id}`;
    part.id = id;
    if (part.localName === 'a') part.setAttribute('href', addressOf(id));
    else part.setAttribute('tabindex', '-1');
  }
  return copy;
}
