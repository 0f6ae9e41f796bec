import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WithStack } from '../../src/metering/run/trap-stack.ts';
import { buildPlugin } from '../../src/plugin/index.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { buildOffer, HandshakeExecutionError } from '../../src/protocol/handshake.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { SelfCheckExecutionError } from '../../src/protocol/self-check.ts';
import { errorOf, negotiated } from '../support/dispatching.ts';
import { TELLS_STACKS } from '../support/engine-stacks.ts';
import { failureOf } from '../support/failure.ts';
import { type Behaviour, echoAsError, guest } from '../support/guest-wat.ts';
import { executeHandshake, executeSelfCheck } from '../support/layers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const stacks = suite('stacks of the layers');

const trapping: Behaviour = { code: '(result i32) call $panic_fmt i32.const 0' };
const fields = '(func $panic_fmt unreachable)';

/** The names of the functions that a failure tells; the export has none. */
const namesOf = ({ stack }: WithStack): unknown => stack?.map(({ function: name }) => name);

const expected = TELLS_STACKS ? ['panic_fmt', undefined] : undefined;

stacks('of a handshake', async () => {
  const wasm = await guest({ fields, exports: { cc_lb_handshake: trapping } });
  const failure = failureOf(HandshakeExecutionError, () => executeHandshake(wasm, buildOffer([])));
  assert.is(failure.kind, 'Call');
  assert.equal(failure.kind === 'Call' && namesOf(failure), expected);
});

stacks('of a self-check', async () => {
  const wasm = await guest({ fields, exports: { cc_lb_self_check: trapping } });
  const failure = failureOf(SelfCheckExecutionError, () => executeSelfCheck(wasm, 'all'));
  assert.is(failure.kind, 'Call');
  assert.equal(failure.kind === 'Call' && namesOf(failure), expected);
});

stacks('are not there after a call that failed otherwise', async () => {
  const wasm = await guest({ exports: { cc_lb_handshake: echoAsError } });
  const failure = failureOf(HandshakeExecutionError, () => executeHandshake(wasm, buildOffer([])));
  assert.is(failure.kind, 'Call');
  assert.not.ok('stack' in failure);
});

stacks('of a dispatch, which are not logged', async () => {
  const telemetry = recordedTelemetry();
  const plugin = buildPlugin(await guest({ fields, exports: { filter: trapping } }));
  const { filter } = wire.v3;
  const outcome = dispatchWireCall(filter, plugin, negotiated('filter'), filter.dryRunRequest(), { telemetry });
  const { failure } = errorOf(outcome);
  assert.equal(failure.kind === 'PluginCall' && failure.call.kind === 'Trap' && namesOf(failure.call), expected);
  assert.is(telemetry.events.length, 1);
  assert.not.match(JSON.stringify(telemetry.events), 'panic_fmt');
});

stacks.run();
