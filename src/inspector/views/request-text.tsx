import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type RequestFault, sizeFault } from '../request/faults.ts';
import { excerptAt } from '../request/text-place.ts';
import { visibleLines } from '../visible-text.ts';

/**
 * The most characters that the field inserts itself. Browsers insert a pasted text line by line,
 * which takes minutes for some ten thousand; a longer text is put into the field as a whole.
 */
const TYPED_MAX = 10_000;

/** The text of a request, with its faults: where each is, and what was expected there. */
export function RequestText({
  text,
  faults,
  onText,
}: {
  readonly text: string;
  readonly faults: readonly RequestFault[];
  readonly onText: (text: string) => void;
}): VNode {
  const area = useRef<HTMLTextAreaElement>(null);
  const [refused, setRefused] = useState<RequestFault>();
  // A refusal is about what was pasted, and not about what the text has become since.
  useEffect(() => setRefused(undefined), [text]);
  const shown = refused === undefined ? faults : [refused];
  const goTo = ({ place }: RequestFault): void => {
    if (place === undefined || area.current === null) return;
    area.current.focus();
    area.current.setSelectionRange(place.index, place.index + Math.max(1, excerptAt(text, place).at.length));
  };
  return (
    <>
      <label for="request-text">Request as JSON</label>
      <textarea
        id="request-text"
        class="code"
        ref={area}
        rows={Math.min(24, Math.max(10, text.slice(0, 2_000).split('\n').length))}
        value={text}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={shown.length > 0}
        aria-describedby="request-faults"
        onBeforeInput={(event) => {
          const added = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
          if (added.length <= TYPED_MAX) return;
          event.preventDefault();
          const { currentTarget } = event;
          const { selectionStart: from, selectionEnd: to } = currentTarget;
          const fault = sizeFault(text.slice(0, from) + added + text.slice(to));
          setRefused(fault);
          if (fault !== undefined) return;
          currentTarget.setRangeText(added, from, to, 'end');
          onText(currentTarget.value);
        }}
        onInput={({ currentTarget }) => {
          onText(currentTarget.value);
        }}
      />
      <div id="request-faults" role="status" aria-label="Faults of the request">
        {shown.length === 0 ? (
          <p class="note">The text is a valid request.</p>
        ) : (
          <ol class="faults">
            {shown.map((fault) => (
              <li key={`${fault.path} ${fault.place?.index}`}>
                <Fault fault={fault} text={text} onGo={() => goTo(fault)} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </>
  );
}

function Fault({
  fault: { path, place, expected, found },
  text,
  onGo,
}: {
  readonly fault: RequestFault;
  readonly text: string;
  readonly onGo: () => void;
}): VNode {
  const excerpt = place === undefined ? undefined : excerptAt(text, place);
  return (
    <>
      {place !== undefined && (
        <button type="button" class="small" onClick={onGo}>
          Line {place.line}, column {place.column}
        </button>
      )}{' '}
      <code>{path}</code>: expected {expected}, found {found}
      {excerpt !== undefined && (
        <code class="excerpt">
          {visibleLines(excerpt.before)}
          <mark>{excerpt.at === '' ? '\u2026' : visibleLines(excerpt.at)}</mark>
          {visibleLines(excerpt.after)}
        </code>
      )}
    </>
  );
}
