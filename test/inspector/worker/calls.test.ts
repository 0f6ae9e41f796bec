import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallFault, CallReport } from '../../../src/inspector/call/report.ts';
import { type CallSettings, FIRST_SETTINGS } from '../../../src/inspector/call/settings.ts';
import { callablesOf, requestTypeOf } from '../../../src/inspector/request/callables.ts';
import { readRequestText } from '../../../src/inspector/request/faults.ts';
import {
  type CallInput,
  callOnce,
  callRepeatedly,
  resetInstance,
  type SessionInput,
  sampleRequest,
} from '../../../src/inspector/worker/calls.ts';
import { JsonDecodeError } from '../../../src/json/text/decode-error.ts';
import { fixture } from '../../support/fixture.ts';

let lastId = 0;

/** A plugin of the fixtures with a session of its own. */
async function opened(path: string, settings: Partial<CallSettings> = {}): Promise<SessionInput> {
  const bytes = new Uint8Array(await fixture(path));
  return { file: path, bytes, pluginId: ++lastId, settings: { ...FIRST_SETTINGS, ...settings } };
}

/** A call with a request to begin with. */
function callOf(input: SessionInput, name?: string, what?: string): CallInput {
  const version = name === 'filter' ? 'v3' : 'v2';
  const generation = input.file.startsWith('hooks') ? 'v1' : version;
  const target = name === undefined ? undefined : { name, version: generation };
  const sample = sampleRequest({ ...input, ...(target && { target }), ...(what !== undefined && { what }) });
  return { ...input, target: sample.target, request: sample.text };
}

function faultOf({ outcome }: CallReport): CallFault {
  if (outcome.kind === 'ok') throw new Error('the call was answered');
  return outcome.fault;
}

/** A report must cross from the worker to the page. */
const cloned = async (report: Promise<CallReport>): Promise<CallReport> => structuredClone(await report);

const wire = suite('calls of generation 1');

wire('are answered, with what they took and what was sent', async () => {
  const input = await opened('router/router.wasm');
  const report = await cloned(callOnce(callOf(input)));
  assert.is(report.name, 'filter');
  assert.equal(report.outcome, { kind: 'ok', response: { text: '{\n  "results": []\n}', more: 0 } });
  const { cost, sent, answered, host } = report;
  assert.ok(cost !== undefined && cost.fuel > 1_000 && cost.memoryPages >= 1 && cost.durationMs >= 0);
  assert.match(sent?.content.text ?? '', '"_v":1');
  assert.is(sent?.bytes, sent?.content.text.length);
  assert.match(answered?.content.text ?? '', '"results":[]');
  assert.is(host?.usedBytes, 0);
  assert.is(report.remark, undefined);
});

wire('count the calls of an instance, until it is reset', async () => {
  const call = callOf(await opened('router/router.wasm'));
  const before = async () => (await callOnce(call)).callsBefore;
  assert.equal([await before(), await before()], [0, 1]);
  resetInstance({ ...call, storage: false });
  assert.equal([await before(), await before()], [0, 1]);
  const other = { ...call, settings: { ...call.settings, budgets: { fuel: 900_000_000 } } };
  assert.is((await callOnce(other)).callsBefore, 0, 'another setting means another instance');
});

wire('end in the failure that a budget makes', async () => {
  const input = await opened('router/router.wasm');
  const call = callOf(input, 'filter', 'every option set');
  const failing = async (budgets: CallSettings['budgets']): Promise<CallReport> =>
    cloned(callOnce({ ...call, settings: { ...call.settings, budgets } }));
  const { cost } = await callOnce(call);
  assert.ok(cost !== undefined);
  const half = await failing({ fuel: Math.floor(cost.fuel / 2) });
  assert.is(half.outcome.kind, 'fallback');
  assert.is(faultOf(half).kind, 'PluginCall.OutOfFuel');
  assert.is(half.cost?.fuel, Math.floor(cost.fuel / 2));
  assert.ok(
    faultOf(half).details.some(([name, value]) => name === 'call.use.limit' && Number(value) === half.cost?.fuel),
  );
  assert.type(faultOf(half).hint, 'string');
  const stageOf = ({ outcome }: CallReport) => outcome.kind === 'refused' && outcome.stage;
  const late = await failing({ wallMs: 0 });
  assert.equal([stageOf(late), faultOf(late).kind], ['build', 'InstantiationFailed']);
  const shallow = await failing({ stackSlots: 1 });
  assert.equal([stageOf(shallow), faultOf(shallow).kind], ['build', 'InvalidArgument']);
  const limited = await failing({ calls: 2 });
  assert.equal([stageOf(limited), faultOf(limited).kind], ['handshake', 'Instantiate']);
  const hasty = await failing({ handshakeFuel: 10 });
  assert.is(stageOf(hasty), 'handshake');
  assert.is(hasty.cost, undefined, 'nothing was called');
  const unchecked = await failing({ selfCheckFuel: 10 });
  assert.is(stageOf(unchecked), 'self_check');
});

wire('say where the plugin trapped, and what to do', async () => {
  const report = await cloned(callOnce(callOf(await opened('behaviour/bad-answers.wasm'), 'shape')));
  const { outcome } = report;
  assert.equal(outcome.kind === 'fallback' && [outcome.policy, outcome.stage], ['fail_request', 'plugin_call']);
  assert.is(faultOf(report).kind, 'PluginCall.Trap');
  assert.match(faultOf(report).hint ?? '', 'error_set');
});

wire('show an answer that cannot be decoded, and where it is wrong', async () => {
  const report = await cloned(callOnce(callOf(await opened('behaviour/bad-answers.wasm'), 'observe')));
  assert.is(faultOf(report).kind, 'ResponseDecode');
  assert.ok(report.answered !== undefined && report.answered.bytes > 0);
  assert.ok(faultOf(report).details.some(([name]) => name === 'path'));
});

wire('remark on a function that the plugin does not implement', async () => {
  const report = await callOnce(callOf(await opened('router/router.wasm'), 'shape'));
  assert.is(report.remark, 'The plugin does not implement shape. It implements filter.');
  assert.is(faultOf(report).kind, 'MissingNegotiatedVersion');
  assert.is(report.sent, undefined);
});

wire('are not made if the plugin is not admitted', async () => {
  const input = await opened('behaviour/no-identity.wasm');
  const report = await cloned(callOnce(callOf(input)));
  assert.equal(report.outcome.kind === 'refused' && report.outcome.stage, 'identity');
  assert.is(faultOf(report).kind, 'MissingCustomSection');
  const slice = callRepeatedly({ ...callOf(input), count: 5, sliceMs: 1_000 });
  assert.equal([slice.costs.length, slice.failed?.outcome.kind], [0, 'refused']);
});

wire('refuse a text that is not a request, and a function that no version has', async () => {
  const call = callOf(await opened('router/router.wasm'));
  for (const request of ['{}', '[]', '{']) {
    const thrown = await callOnce({ ...call, request }).catch((error: unknown) => error);
    assert.instance(thrown, JsonDecodeError);
  }
  const unknown = await callOnce({ ...call, target: { name: 'filter', version: 'v1' } }).catch(
    (error: unknown) => error,
  );
  assert.match(String(unknown), 'no version of the wire declares filter');
});

wire('work with a live host, whose content is shown', async () => {
  const settings = { admitsWithFunctions: true, clockMs: 1_700_000_000_000, isRandomFixed: true };
  const input = await opened('rust/metrics/metrics.wasm', settings);
  const call = callOf(input, 'observe', 'every option set');
  const report = await cloned(callOnce(call));
  assert.is(report.outcome.kind, 'ok', JSON.stringify(report.outcome));
  const { host, recorded } = report;
  assert.ok(host !== undefined);
  assert.ok(host.entries.length > 0 && host.usedBytes > 0);
  assert.ok(host.clockReads > 0 && host.randomBytes > 0);
  assert.ok(recorded.logs.length > 0 && recorded.counters.length > 0);
  const { usedBytes } = host;
  resetInstance({ ...call, storage: true });
  await callOnce({ ...call, target: { name: 'shape', version: 'v2' }, request: callOf(input, 'shape').request });
  resetInstance({ ...call, storage: true });
  const small = { ...call, settings: { ...call.settings, budgets: { storageQuotaBytes: 1 } } };
  const refused = await cloned(callOnce(small));
  assert.is(faultOf(refused).kind, 'PluginCall.HostFunction');
  assert.match(String(faultOf(refused).details), 'the storage would hold 32 bytes, at most 1 are allowed');
  assert.is(refused.host?.usedBytes, 0);
  assert.ok(usedBytes > 1);
});

wire('are repeated until there are enough, time is over, or one fails', async () => {
  const call = callOf(await opened('router/router.wasm'));
  const all = callRepeatedly({ ...call, count: 20, sliceMs: 60_000 });
  assert.is(all.costs.length, 20);
  assert.ok(all.costs.every(({ fuel, memoryPages }) => fuel > 0 && memoryPages >= 1));
  assert.is(callRepeatedly({ ...call, count: 20, sliceMs: 0 }).costs.length, 1, 'one at least');
  const failing = callRepeatedly({
    ...callOf(await opened('behaviour/bad-answers.wasm'), 'shape'),
    count: 9,
    sliceMs: 60_000,
  });
  assert.equal([failing.costs.length, failing.failed?.outcome.kind], [0, 'fallback']);
});

wire('begin with the state that the signer itself returns', async () => {
  const input = await opened('rust/signer/signer.wasm');
  const sample = sampleRequest({ ...input, target: { name: 'sign', version: 'v2' }, what: 'every option set' });
  // This signer has no state without a key in its factory state.
  assert.match(sample.text, '"signer_state": null');
  assert.ok(sample.implemented.includes('sign'));
  const report = await callOnce({ ...input, target: sample.target, request: sample.text });
  assert.is(faultOf(report).kind, 'PluginCall.PluginError');
});

wire.run();

const hook = suite('calls of generation 2');

hook('are answered, each with a fresh state', async () => {
  const input = await opened('hooks/sticky/sticky.wasm');
  const call = callOf(input, 'filter', 'the sample');
  const report = await cloned(callOnce(call));
  assert.is(report.outcome.kind, 'ok');
  assert.match(report.outcome.kind === 'ok' ? report.outcome.response.text : '', '"results": [');
  assert.ok(report.cost !== undefined && report.cost.fuel > 0 && report.cost.memoryPages >= 1);
  assert.match(report.sent?.content.text ?? '', /^[0-9a-f]{2}( [0-9a-f]{2})*$/);
  assert.is(report.host, undefined);
  resetInstance({ ...call, storage: true });
  assert.is((await callOnce(call)).callsBefore, 0);
});

hook('end in the failure that a budget makes', async () => {
  const call = callOf(await opened('hooks/sticky/sticky.wasm'));
  const failing = async (budgets: CallSettings['budgets']) =>
    cloned(callOnce({ ...call, settings: { ...call.settings, budgets } }));
  const fuel = await failing({ fuel: 100 });
  assert.equal(fuel.outcome.kind === 'error' && [fuel.outcome.phase, fuel.outcome.upstream], [
    'cc_lb_alloc',
    'GuestTrap',
  ]);
  assert.is(faultOf(fuel).kind, 'GuestTrap.OutOfFuel');
  const probe = await failing({ probeFuel: 100 });
  assert.equal(probe.outcome.kind === 'refused' && probe.outcome.stage, 'probe filter');
  assert.is(faultOf(probe).kind, 'GuestTrap.OutOfFuel');
  const pages = await failing({ memoryMaxPages: 0 });
  assert.is(faultOf(pages).kind, 'InstantiateFailed.OutOfMemory');
  assert.equal(
    callRepeatedly({ ...call, settings: { ...call.settings, budgets: { probeFuel: 1 } }, count: 2, sliceMs: 9 }).costs,
    [],
  );
});

hook('remark on a hook that a host does not call', async () => {
  const input = await opened('hooks/sticky/sticky.wasm');
  const report = await callOnce(callOf(input, 'shape'));
  assert.is(report.remark, 'A host does not call shape: the plugin declares filter.');
  assert.is(faultOf(report).kind, 'MissingExport');
  const unknown = await callOnce({ ...callOf(input), target: { name: 'sign', version: 'v1' } }).catch(
    (error: unknown) => error,
  );
  assert.match(String(unknown), 'there is no hook sign');
});

hook('are repeated', async () => {
  const call = callOf(await opened('hooks/sticky/sticky.wasm'));
  const { costs } = callRepeatedly({ ...call, count: 30, sliceMs: 60_000 });
  assert.is(costs.length, 30);
  assert.is(new Set(costs.map(({ fuel }) => fuel)).size, 1, 'a fresh state takes the same fuel');
  const shape = callOf(await opened('hooks/sticky/sticky.wasm'), 'shape');
  assert.is(callRepeatedly({ ...shape, count: 3, sliceMs: 60_000 }).failed?.outcome.kind, 'error');
});

hook.run();

const samples = suite('sampleRequest');

samples('makes requests of each function and hook', async () => {
  for (const path of [
    'router/router.wasm',
    'rust/signer/signer.wasm',
    'hooks/shape/shape.wasm',
    'hooks/sticky/sticky.wasm',
  ]) {
    const input = await opened(path);
    const callables = callablesOf(path.startsWith('hooks') ? 2 : 1);
    for (const { name, requests } of callables) {
      for (const [version, type] of requests) {
        const target = { name, version };
        const first = sampleRequest({ ...input, target });
        assert.equal(readRequestText(type, first.text).faults, [], `${name} ${version}`);
        for (const what of first.all) {
          const { text } = sampleRequest({ ...input, target, what });
          assert.equal(readRequestText(type, text).faults, [], `${name} ${version} ${what}`);
        }
      }
    }
  }
});

samples('begins with what the plugin implements, and with the first for a name that there is not', async () => {
  const input = await opened('observer/observer.wasm');
  const sample = sampleRequest({ ...input, what: 'no such' });
  assert.equal(sample.target, { name: 'observe', version: 'v2' });
  assert.is(sample.what, 'sample of admission');
  const type = requestTypeOf(callablesOf(1), sample.target);
  assert.equal(readRequestText(type, sample.full ?? '').faults, []);
});

samples('has no request with every option of a plugin that is not admitted or cannot be built', async () => {
  const refused = sampleRequest(await opened('behaviour/no-identity.wasm'));
  assert.equal([refused.full, refused.all], [undefined, ['sample of admission']]);
  const starved = sampleRequest(await opened('rust/signer/signer.wasm', { budgets: { initialMemoryMaxPages: 0 } }));
  assert.is(starved.full, undefined);
  assert.ok(starved.all.length > 1);
});

samples.run();
