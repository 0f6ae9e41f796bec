import type { VNode } from 'preact';
import { readableName } from '../../metering/run/readable-name.ts';
import { printable } from '../../printable.ts';
import type { CallFault } from '../call/report.ts';
import { Facts } from './facts.tsx';
import { WithCode } from './text.tsx';

/** Why a call has no answer: the error, where the plugin trapped, and what its author can do. */
export function CallFaultView({ fault }: { readonly fault: CallFault }): VNode {
  const { kind, message, details, stack, said, hint } = fault;
  return (
    <div class="failure">
      <p>
        <b>{printable(kind, 100)}:</b> <WithCode text={message} />
      </p>
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
                <code>{name === undefined ? `function ${index}` : printable(readableName(name), 200)}</code>
                {name !== undefined && <span class="type"> function {index}</span>}
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
