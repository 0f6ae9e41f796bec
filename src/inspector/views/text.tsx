import type { VNode } from 'preact';
import { formatCount } from '../../digits.ts';
import { printable } from '../../printable.ts';

/** A text of a message, on one line, with what stands in backticks as code. */
export function WithCode({ text }: { readonly text: string }): VNode {
  const parts = printable(text, 1_000).split('`');
  const shown = parts.map((part, index) => {
    // A last backtick without its partner begins no code.
    const isCode = index % 2 === 1 && index < parts.length - 1;
    const key = `${index}`;
    return isCode ? <code key={key}>{part}</code> : <span key={key}>{index % 2 === 1 ? `\`${part}` : part}</span>;
  });
  return <>{shown}</>;
}

/** The most characters and lines that are shown of a text with lines. */
const TEXT_MAX = 1_000;
const LINES_MAX = 40;

/** A text of a plugin with its own lines, each as {@link WithCode}. */
export function Lines({ text }: { readonly text: string }): VNode {
  const lines = text.slice(0, TEXT_MAX).split('\n', LINES_MAX);
  const more = text.length - lines.join('\n').length;
  return (
    <>
      {lines.map((line, index) => (
        <div key={`${index}`}>
          <WithCode text={line} />
        </div>
      ))}
      {more > 0 && <div>... ({formatCount(more)} more characters)</div>}
    </>
  );
}

/** A name that a plugin chose, safe to show, and shortened. */
export function Name({ text, max = 200 }: { readonly text: string; readonly max?: number }): VNode {
  return <code class="name">{printable(text, max)}</code>;
}
