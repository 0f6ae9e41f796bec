// A dispatch to a plugin elsewhere ends as one to a plugin here. test/host has the ways there.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { UsedResult } from '../../src/call-use.ts';
import { PluginCallError } from '../../src/plugin/index.ts';
import { type DispatchOutcome, dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { type WireFunction, wire } from '../../src/protocol/messages/index.ts';
import { dispatchRemoteCall, interruptedDispatch } from '../../src/protocol/remote-dispatch.ts';
import { errorOf, negotiated, pluginAnswering, responseOf } from '../support/dispatching.ts';
import { type Behaviour, trap } from '../support/guest-wat.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const { observe } = wire.v1;
const request = observe.dryRunRequest();
const used = { fuel: 7, requestBytes: 2, responseBytes: 3 };

const remote = suite('a dispatch to a plugin elsewhere');

/** What an outcome says, without the engine's own error. */
const said = (outcome: DispatchOutcome<unknown>): unknown =>
  outcome.kind === 'ok' ? outcome : { ...outcome, error: { ...outcome.error.failure, message: outcome.error.message } };

const GOOD = 'a good answer';

const behaviours: Readonly<Record<string, Behaviour>> = {
  [GOOD]: '{"_v":1}',
  'another version': '{"_v":2}',
  'no object': '[]',
  'no JSON': '{',
  'an unknown field': '{"_v":1,"more":1}',
  'a trap': trap,
};

for (const [name, behaviour] of Object.entries(behaviours)) {
  remote(`ends like one here: ${name}`, async () => {
    const reports = [recordedTelemetry(), recordedTelemetry()] as const;
    const here = dispatchWireCall(
      observe,
      await pluginAnswering('observe', behaviour),
      negotiated('observe'),
      request,
      {
        telemetry: reports[0],
      },
    );
    const plugin = await pluginAnswering('observe', behaviour);
    const call = async (text: string): Promise<UsedResult<string>> => {
      try {
        return { ok: true, value: plugin.callText('observe', text), used: plugin.lastUse };
      } catch (error) {
        return { ok: false, error, used: plugin.lastUse };
      }
    };
    const options = { telemetry: reports[1] };
    const there = await dispatchRemoteCall(observe, call, negotiated('observe'), request, options);
    assert.equal(said(there), said(here));
    for (const what of ['counters', 'events'] as const) assert.equal(reports[1][what], reports[0][what], what);
    assert.is(reports[1].counters.length, name === GOOD ? 0 : 1);
  });
}

remote('says what the plugin used', async () => {
  const outcome = await dispatchRemoteCall(
    observe,
    () => Promise.resolve({ ok: true, value: '{"_v":1}', used }),
    negotiated('observe'),
    request,
    {},
  );
  assert.equal(responseOf(outcome), {});
  assert.equal(outcome.used, used);
});

remote('does not call for a request that cannot be written', async () => {
  let calls = 0;
  const call = (): Promise<UsedResult<string>> => {
    calls += 1;
    return Promise.resolve({ ok: true, value: '{"_v":1}', used });
  };
  const outcome = await dispatchRemoteCall(observe, call, negotiated('filter'), request, {});
  assert.is(errorOf(outcome).failure.kind, 'MissingNegotiatedVersion');
  assert.is(outcome.used, undefined);
  assert.is(calls, 0);
});

remote('does not say what a call used that did not begin', async () => {
  const error = new PluginCallError({ kind: 'Disposed' });
  const call = () => Promise.resolve({ ok: false, error, used } as const);
  const outcome = await dispatchRemoteCall(observe, call, negotiated('observe'), request, {});
  assert.is(errorOf(outcome).failure.kind, 'PluginCall');
  assert.is(outcome.used, undefined);
});

/** What a promise rejects with. */
const rejectionOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'it resolved',
    (error: unknown) => error,
  );

remote('rejects if the host itself failed, and reports nothing', async () => {
  const own = new Error('the host failed');
  const telemetry = recordedTelemetry();
  const dispatch = dispatchRemoteCall(observe, () => Promise.reject(own), negotiated('observe'), request, {
    telemetry,
  });
  assert.is(await rejectionOf(dispatch), own);
  assert.equal([telemetry.counters, telemetry.events], [[], []]);
});

remote('refuses anything but a wire function', async () => {
  const never = (): Promise<UsedResult<string>> => Promise.reject(new Error('called'));
  const wrong = { name: 'observe' } as unknown as WireFunction<unknown, unknown>;
  const error = await rejectionOf(dispatchRemoteCall(wrong, never, negotiated('observe'), request, {}));
  assert.ok(error instanceof TypeError);
  assert.is(error.message, 'fn must be a wire function, such as wire.v3.filter');
});

remote('that the host ends falls back, counted and logged once', () => {
  const telemetry = recordedTelemetry();
  const reason = new Error('why');
  const outcome = interruptedDispatch(observe, { kind: 'Aborted' }, reason, { telemetry });
  const error = errorOf(outcome);
  assert.equal(error.failure, { kind: 'Aborted' });
  assert.is(error.cause, reason);
  assert.is(error.message, 'observe: the host aborted the call');
  assert.is(outcome.kind === 'fallback' && outcome.policy, observe.fallback);
  assert.is(telemetry.counters.length, 1);
  assert.is(telemetry.events.length, 1);
});

remote.run();
