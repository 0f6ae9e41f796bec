import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { type RequestFault, tooLong } from '../request/faults.ts';
import { REQUEST_MAX_CHARACTERS } from '../request/json-document.ts';
import { excerptAt } from '../request/text-place.ts';
import { visibleLines } from '../visible-text.ts';

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
        onPaste={(event) => {
          // A field that holds more than it can lay out blocks the page.
          const pasted = event.clipboardData?.getData('text/plain').length ?? 0;
          if (pasted + text.length <= REQUEST_MAX_CHARACTERS) return;
          event.preventDefault();
          setRefused(tooLong(pasted + text.length));
        }}
        onInput={({ currentTarget }) => {
          setRefused(undefined);
          onText(currentTarget.value);
        }}
      />
      <div id="request-faults" role="status" aria-label="Faults of the request">
        {shown.length === 0 ? (
          <p class="note">The text is a request.</p>
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
