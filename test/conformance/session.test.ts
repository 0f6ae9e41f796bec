import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterRequest, observeRequest, openSession, Session, SessionError } from '../../src/conformance/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { responseOf } from '../support/dispatching.ts';
import { fixture } from '../support/fixture.ts';
import { identityPayload } from '../support/guest-wat.ts';
import { acceptOf, always, handshakeScript, selfCheckSuccess } from '../support/recorded-plugin.ts';
import { scriptedGuest } from '../support/scripted-guest.ts';

const session = suite('openSession');

const { filter } = wire.v3;
const { observe, shape } = wire.v1;

session('a router takes turns from dispatch to dispatch', async () => {
  const router = openSession(await fixture('router/router.wasm'));
  assert.instance(router, Session);
  const request = filterRequest().candidate('a').candidate('b');
  const accepted = () =>
    responseOf(router.dispatch(filter, request)).results.find(({ decision }) => decision === 'accept')?.upstream_id;
  assert.equal([accepted(), accepted(), accepted()], ['a', 'b', 'a']);
  assert.ok(router.fuelConsumed > 0);
  router.dispose();
});

session('dispatches a request or the builder of one', async () => {
  using router = openSession(await fixture('router/router.wasm'));
  assert.equal(responseOf(router.dispatch(filter, filterRequest())), { results: [] });
  assert.equal(responseOf(router.dispatch(filter, filter.dryRunRequest())), { results: [] });
});

session('stays usable after a fallback, which is counted and logged', async () => {
  using router = openSession(await fixture('router/router.wasm'));
  const outcome = router.dispatch(shape, shape.dryRunRequest());
  assert.is(outcome.kind, 'fallback');
  assert.is(router.counters[0]?.name, 'cc_lb_plugin_dispatch_errors_total');
  assert.is(router.logs[0]?.level, 'warn');
  assert.is(router.dispatch(filter, filterRequest()).kind, 'ok');
});

session('calls an export that is not a wire function', async () => {
  using observer = openSession(await fixture('observer/observer.wasm'));
  const event = { kind: 'authn_complete', principal_id: 'p', principal_kind: 'api_key' } as const;
  responseOf(observer.dispatch(observe, observeRequest().events([event, event])));
  assert.is(JSON.parse(observer.callText('counts')).authn_complete, 2);
});

session('records what a plugin logs', async () => {
  const wasm = await scriptedGuest({
    identities: [identityPayload('logger')],
    exports: {
      cc_lb_handshake: handshakeScript(JSON.stringify(acceptOf(['observe']))),
      cc_lb_self_check: always(selfCheckSuccess),
      observe: always('{"_v":1}'),
    },
    fields: '(import "extism:host/env" "log_warn" (func $log_warn (param i64)))',
    before: '(call $log_warn (call $block (i32.const 0) (i32.const 5)))',
  });
  using logger = openSession(wasm);
  assert.equal(responseOf(logger.dispatch(observe, observeRequest())), {});
  assert.equal(logger.logs, [
    { level: 'warn', target: 'cc_lb_plugin.log', message: '{"han', fields: { plugin: 'logger' } },
  ]);
  assert.is(logger.storage.size, 0);
});

session('offers the capabilities of its options', async () => {
  const hostCapabilities = ['storage'];
  const accept = { ...acceptOf(['observe']), required_capabilities: hostCapabilities };
  const wasm = await scriptedGuest({
    identities: [identityPayload()],
    exports: {
      cc_lb_handshake: handshakeScript(JSON.stringify(accept), hostCapabilities),
      cc_lb_self_check: always(selfCheckSuccess),
      observe: always('{"_v":1}'),
    },
  });
  using opened = openSession(wasm, { hostCapabilities, clock: () => 5000 });
  assert.equal(opened.metadata.negotiated_capabilities, hostCapabilities);
  assert.is(opened.metadata.handshake_completed_at, 5);
  assert.throws(() => openSession(wasm), /rejected at layer handshake: .+\. [A-Z].+\.$/);
});

session('is refused for a plugin that is not admitted, and the error says why', async () => {
  const wasm = await fixture('behaviour/self-check-failure.wasm');
  try {
    openSession(wasm);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, SessionError);
    // The cast: the line above proves it.
    const { failure } = error as SessionError;
    assert.is(failure.kind, 'NotAdmitted');
    if (failure.kind === 'NotAdmitted') assert.is(failure.admission.selfCheck?.failures.length, 1);
  }
});

session('is refused for a plugin that cannot be built with the budget', async () => {
  const wasm = await fixture('router/router.wasm');
  assert.throws(
    () => openSession(wasm, { memoryMaxPages: 0 }),
    (error: Error) => error instanceof SessionError && error.failure.kind === 'NotBuilt',
  );
});

session('after dispose a dispatch falls back', async () => {
  const router = openSession(await fixture('router/router.wasm'));
  router.dispose();
  router.dispose();
  assert.is(router.dispatch(filter, filterRequest()).kind, 'fallback');
});

session.run();
