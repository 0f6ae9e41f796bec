import type { VNode } from 'preact';
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

/** A name that a plugin chose, safe to show, and shortened. */
export function Name({ text, max = 200 }: { readonly text: string; readonly max?: number }): VNode {
  return <code class="name">{printable(text, max)}</code>;
}
