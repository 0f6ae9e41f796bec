import type { VNode } from 'preact';
import { type FailureReport, placeText } from '../../inspection/failure-report.ts';
import { saidText, stackText } from '../../metering/run/stack-text.ts';
import { printable } from '../../printable.ts';
import { WithCode } from './text.tsx';

/** What an error says: its kind, message, place, stack and hint. */
type ToldFailure = Pick<FailureReport, 'kind' | 'message'> & {
  readonly byteOffset?: number | undefined;
  readonly hint?: string | undefined;
  readonly failure?: unknown;
};

/** An error as the command line tells it. */
export function Failure({ error }: { readonly error: ToldFailure }): VNode {
  const { kind, message, byteOffset, hint, failure } = error;
  const [place, stack, said] = [placeText(message, byteOffset), stackText(failure), saidText(failure)];
  return (
    <div class="failure">
      <p>
        <b>{printable(kind, 100)}:</b> <WithCode text={message} />
      </p>
      {place !== undefined && <p class="place">{place}</p>}
      {said !== undefined && <p class="place">the plugin said {said}</p>}
      {stack !== undefined && (
        <p class="place">
          <WithCode text={stack} />
        </p>
      )}
      {hint !== undefined && (
        <p class="hint">
          <b>Change:</b> <WithCode text={hint} />
        </p>
      )}
    </div>
  );
}
