import { type ObserveEventWire, wire } from '../../protocol/messages/index.ts';
import { sampleCheck } from '../answers.ts';
import { describeFault, faultHint } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass } from '../check.ts';
import { observeEvents } from '../observe-events.ts';
import { observeRequest } from '../requests/index.ts';
import type { Subject } from '../test-host.ts';

/** The checks of `observe`: one for each kind of event, and one for all in a batch is `observe.all-options`. */
export const observeChecks: readonly Check[] = Object.entries(observeEvents).map(
  ([kind, events]): Check => ({
    id: `observe.${kind.replaceAll('_', '-')}`,
    rule: `An event ${kind} is taken${events.length > 1 ? ', with nulls and with the greatest numbers' : ''}.`,
    anchor: 'shared-types-v1',
    hint: `Decode ${kind} with its fields: u64 as 64 bits, options as null too.`,
    needs: [sampleCheck('observe')],
    function: 'observe',
    run: (bench) => bench.withPlugin((subject) => first(events.map((event) => take(subject, event)))),
  }),
);

function take(subject: Subject, event: ObserveEventWire): Finding {
  const outcome = subject.dispatch(wire.v1.observe, observeRequest().event(event).build());
  return outcome.kind === 'ok' ? pass() : fail(describeFault(outcome.error), faultHint(outcome.error));
}
