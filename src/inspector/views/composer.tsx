import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { JsonNode } from '../../json/text/node.ts';
import type { Declaration } from '../../json/type.ts';
import { type Edit, edited } from '../request/edits.ts';
import type { ReadRequest, RequestFault } from '../request/faults.ts';
import { formOf } from '../request/fields.ts';
import type { NamedValues } from '../request/first-values.ts';
import { Field } from './request-field.tsx';
import { RequestText } from './request-text.tsx';

/** A request as a form beside its text. Both show the same, and each can be edited. */
export function Composer({
  type,
  text,
  read,
  isSettled,
  known,
  onText,
}: {
  readonly type: Declaration;
  readonly text: string;
  /** What the text was read as. */
  readonly read: ReadRequest;
  /** Whether all of the text was read, and not what it was before. */
  readonly isSettled: boolean;
  readonly known: NamedValues;
  readonly onText: (text: string) => void;
}): VNode {
  const latest = useRef<JsonNode | undefined>(undefined);
  if (read.node !== undefined) latest.current = read.node;
  const isCurrent = read.node !== undefined && isSettled;
  const node = latest.current;
  const faults = useMemo(() => firstOfEach(read.faults), [read.faults]);
  const onEdit = (edit: Edit): void => {
    if (isCurrent && node !== undefined) onText(edited(node, edit, known));
  };
  return (
    <div class="composer">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="form" aria-label="Form" tabIndex={0}>
        {node !== undefined && (
          <fieldset class="whole" disabled={!isCurrent} aria-label="Request as a form">
            {!isCurrent && <p class="note">The form shows the text as soon as the text is JSON.</p>}
            <Field field={formOf(type, node)} faults={faults} onEdit={onEdit} />
          </fieldset>
        )}
      </section>
      <div class="text">
        <RequestText text={text} faults={read.faults} onText={onText} />
      </div>
    </div>
  );
}

function firstOfEach(faults: readonly RequestFault[]): ReadonlyMap<string, RequestFault> {
  return new Map(faults.toReversed().map((fault) => [fault.path, fault]));
}
