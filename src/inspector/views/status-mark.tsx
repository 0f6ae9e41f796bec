import type { VNode } from 'preact';

/** The outcomes that a mark shows. */
export type Status = 'pass' | 'warn' | 'fail' | 'skipped';

const SYMBOLS: Readonly<Record<Status, string>> = { pass: '\u2713', warn: '!', fail: '\u2717', skipped: '\u2013' };

/** An outcome as a symbol and a word in its colour. */
export function StatusMark({ status, text }: { readonly status: Status; readonly text: string }): VNode {
  return (
    <span class={`mark ${status}`}>
      <span aria-hidden="true">{SYMBOLS[status]}</span> {text}
    </span>
  );
}
