import type { VNode } from 'preact';
import { readableName } from '../../metering/run/readable-name.ts';
import { printable } from '../../printable.ts';
import type { CallFault } from '../call/report.ts';
import { Facts } from './facts.tsx';
import { WithCode } from './text.tsx';

/** Why a call has no answer: the error, where the plugin trapped, and what its author can do. */
export function CallFaultView({
  fault,
  hrefOf,
}: {
  readonly fault: CallFault;
  /** The address of the code of a function, by its index. */
  readonly hrefOf: (index: number) => string;
}): VNode {
  const { kind, message, reason, details, stack, said, hint } = fault;
  return (
    <div class="failure">
      <p>
        <b>{printable(kind, 100)}:</b> <WithCode text={message} />
      </p>
      {reason !== undefined && (
        <p>
          <b>Reason:</b> <WithCode text={reason} />
        </p>
      )}
      {hint !== undefined && (
        <p class="hint">
          <b>Change:</b> <WithCode text={hint} />
        </p>
      )}
      {said !== undefined && (
        <p>
          The plugin said <q>{printable(said, 1_000)}</q>
        </p>
      )}
      {stack !== undefined && (
        <>
          <h3>Where it trapped</h3>
          <ol class="stack" aria-label="Stack of the trap">
            {stack.map(({ index, function: name }, depth) => (
              <li key={`${depth}`}>
                <a href={hrefOf(index)}>function {index}</a>
                {name !== undefined && <code> {printable(readableName(name), 200)}</code>}
              </li>
            ))}
          </ol>
        </>
      )}
      {details.length > 0 && (
        <details>
          <summary>Details of the failure</summary>
          <Facts rows={details.map(([name, value]) => [name, printable(value, 1_000)])} />
        </details>
      )}
    </div>
  );
}
