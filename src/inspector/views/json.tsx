import type { VNode } from 'preact';
import { layOutJson } from '../json-text.ts';
import { visibleLines } from '../visible-text.ts';

/** A JSON text that can be folded, laid out and cut. It is shown as text, whatever it holds. */
export function Json({ title, text }: { readonly title: string; readonly text: string }): VNode {
  const { text: shown, isCut } = layOutJson(text);
  return (
    <details class="json">
      <summary>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{visibleLines(shown)}</pre>
      {isCut && <p class="note">Only the beginning is shown.</p>}
    </details>
  );
}
