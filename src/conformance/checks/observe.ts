import { type ObserveEventWire, wire } from '../../protocol/messages/index.ts';
import { sampleCheck } from '../answers.ts';
import { dispatchFailed } from '../call-faults.ts';
import { type Check, type Finding, first, pass } from '../check.ts';
import { observeEvents } from '../observe-events.ts';
import { observeRequest } from '../requests/index.ts';
import type { PluginUnderTest } from '../test-host.ts';

/**
 * The checks of `observe`: one for each kind of event. `observe.all-options` sends all in one
 * batch.
 */
export const observeChecks: readonly Check[] = Object.entries(observeEvents).map(
  ([kind, events]): Check => ({
    id: `observe.${kind.replaceAll('_', '-')}`,
    rule: `observe accepts ${kind} events${events.length > 1 ? ' with nulls and with the largest numbers' : ''}.`,
    anchor: 'A-9',
    hint: `Decode every field of ${kind}. A u64 has 64 bits, and an option may be null.`,
    needs: [sampleCheck('observe')],
    function: 'observe',
    run: (host) => host.withPlugin((plugin) => first(events.map((event) => take(plugin, event)))),
  }),
);

function take(plugin: PluginUnderTest, event: ObserveEventWire): Finding {
  const outcome = plugin.dispatch(wire.v1.observe, observeRequest().event(event).build());
  return outcome.kind === 'ok' ? pass() : dispatchFailed(outcome.error);
}
