import type { VNode } from 'preact';
import { UNPRINTABLE } from '../../printable.ts';
import { layOutJson } from '../json-text.ts';

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

/** Escapes what a page would not show, or would act upon, and keeps the lines. */
function visibleLines(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
