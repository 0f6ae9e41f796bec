import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, CompiledPlugin, compilePlugin, preparePlugin } from '../../src/plugin/index.ts';
import {
  type AdmissionReport,
  type AdmitOptions,
  admit,
  admitAsync,
  type Candidate,
} from '../../src/protocol/admit.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { buildOffer } from '../../src/protocol/handshake.ts';
import { augmentedMetadata, encodeJson, wire } from '../../src/protocol/messages/index.ts';
import { validateMetadata } from '../../src/protocol/metadata.ts';
import { hookModule } from '../hooks/hook-module.ts';
import { thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { type Behaviour, echoAsError, guest, identityPayload, trap } from '../support/guest-wat.ts';
import { unhurried } from '../support/layers.ts';
import { kernelOfPrepared, preparedModule } from '../support/plugin.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { failingCounters } from '../support/telemetry.ts';

const clock = () => 1_700_000_000_999;

const accept = {
  handshake_schema_version: 1,
  envelope_version: 1,
  chosen_versions: { observe: 1 },
  plugin_supported: { observe: [1] },
  implemented_functions: ['observe'],
  required_capabilities: ['storage'],
};

const success = '{"status":"success","failures":[],"completed_at":5}';

/** A plugin that would be admitted except for these changes. */
const plugin = (exports: Readonly<Record<string, Behaviour>> = {}, fields = '') =>
  guest({
    identities: [identityPayload()],
    fields,
    exports: { cc_lb_handshake: JSON.stringify(accept), cc_lb_self_check: success, observe: '{"_v":1}', ...exports },
  });

const options: AdmitOptions = { clock, hostCapabilities: ['storage'] };

/** What both forms of admission report, which must be equal except for the times that they took. */
async function reportOf(wasm: Candidate, given: AdmitOptions = options): Promise<AdmissionReport> {
  const report = admit(wasm, given);
  const asynchronous = await admitAsync(wasm, given);
  assert.equal(untimed(asynchronous), untimed(report));
  for (const { status, durationMs } of [...report.layers, ...asynchronous.layers]) {
    assert.ok(status === 'skipped' ? durationMs === 0 : durationMs >= 0, String(durationMs));
  }
  const isCompiled = report.layers.some(({ layer, status }) => layer === 'handshake' && status !== 'skipped');
  const isGiven = wasm instanceof CompiledPlugin;
  assert.is(report.compileMs !== undefined && report.compileMs >= 0, isCompiled && !isGiven);
  return report;
}

/** A report without times, after a round trip through JSON, which must lose nothing. */
function untimed(report: AdmissionReport): unknown {
  const copy = JSON.parse(JSON.stringify(report));
  delete copy.compileMs;
  for (const layer of copy.layers) {
    assert.type(layer.durationMs, 'number');
    delete layer.durationMs;
  }
  return copy;
}

const statuses = (report: AdmissionReport): string[] =>
  report.layers.map(({ layer, status, error }) => [layer, status, ...(error ? [error.kind] : [])].join(' '));

const passed = ['identity passed', 'handshake passed', 'self_check passed', 'metadata passed'];

const admitting = suite('admitting');

admitting('reports the result of every layer', async () => {
  const report = await reportOf(await plugin());
  assert.equal(untimed(report), {
    admitted: true,
    layers: [
      { layer: 'identity', status: 'passed' },
      { layer: 'handshake', status: 'passed', fuel: report.layers[1]?.fuel },
      { layer: 'self_check', status: 'passed', fuel: report.layers[2]?.fuel },
      { layer: 'metadata', status: 'passed' },
    ],
    identity: JSON.parse(identityPayload()),
    accept,
    slots: ['observability_hook'],
    selfCheck: { status: 'success', failures: [], completed_at: 5 },
    metadata: {
      identity: JSON.parse(identityPayload()),
      negotiated_functions: { observe: 1 },
      negotiated_capabilities: ['storage'],
      handshake_completed_at: 1_700_000_000,
      self_check_passed: true,
      self_check_completed_at: 5,
      expires_at: 1_700_604_800,
    },
  });
});

admitting('reports the fuel of each layer that calls the plugin, passed or failed', async () => {
  const fuelOf = (report: AdmissionReport) => report.layers.map(({ fuel }) => fuel);
  const wasm = await plugin();
  const built = buildPlugin(wasm);
  const calls = ['cc_lb_handshake', 'cc_lb_self_check'].map((name) => {
    built.call(name);
    return built.fuelConsumed;
  });
  assert.equal(fuelOf(await reportOf(wasm)), [undefined, ...calls, undefined]);

  const traps = await plugin({ cc_lb_self_check: trap });
  assert.equal(fuelOf(await reportOf(traps)), [undefined, calls[0], 1, undefined]);
  const endless = await plugin({ cc_lb_self_check: { code: '(result i32) (loop $again (br $again)) (i32.const 0)' } });
  const budget = { ...options, selfCheck: { fuel: 1000 } };
  assert.equal(fuelOf(await reportOf(endless, budget)), [undefined, calls[0], 1000, undefined]);

  const unbuilt = await reportOf(await plugin({}, '(import "env" "f" (func))'));
  assert.equal(fuelOf(unbuilt), [undefined, undefined, undefined, undefined]);
  const unmetered = await reportOf(compilePlugin(wasm, { metering: false }));
  assert.equal(statuses(unmetered), passed);
  assert.equal(fuelOf(unmetered), [undefined, undefined, undefined, undefined]);
});

admitting('refuses bytes that are prepared already, and says what to do', async () => {
  const report = await reportOf(preparePlugin(await plugin(), { kernel: kernelOfPrepared }));
  assert.equal(statuses(report).slice(0, 2), ['identity passed', 'handshake failed Instantiate']);
  assert.match(report.layers[1]?.error?.message ?? '', 'these bytes are prepared already: pass the original module');
  const module = preparedModule(await plugin());
  assert.equal(statuses(await reportOf(module)), passed);
});

for (const [name, slots] of Object.entries({
  router: ['router'],
  dialect: ['shape'],
  signer: [],
  observer: ['observability_hook'],
})) {
  admitting(`the ${name} of the fixtures, which can then be called`, async () => {
    const compiled = compilePlugin(await fixture(`${name}/${name}.wasm`));
    for (const tested of ['supported', 'all'] as const) {
      const report = await reportOf(compiled, { ...unhurried, clock, slots: tested });
      assert.equal(statuses(report), passed);
      assert.equal([report.admitted, report.identity?.plugin_name, report.slots], [true, name, slots]);
    }
    const { metadata } = admit(compiled, unhurried);
    if (metadata === undefined) throw new Error('not admitted');
    validateMetadata(metadata);
    const { shape, sign, observe } = wire.v1;
    const built = buildPlugin(compiled);
    const outcomes = [wire.v3.filter, shape, sign, observe].map((fn) => {
      // The functions differ only in their types; each is called with its own sample.
      const one = fn as typeof sign;
      return dispatchWireCall(one, built, metadata, one.dryRunRequest()).kind;
    });
    assert.is(outcomes.filter((kind) => kind === 'ok').length, 1);
  });
}

admitting('a plugin in any form', async () => {
  const wasm = await plugin();
  const compiled = compilePlugin(wasm);
  for (const candidate of [wasm, compiled, compiled.module]) {
    assert.equal(statuses(await reportOf(candidate)), passed);
  }
});

admitting('counts the handshake once', async () => {
  const telemetry = recordedTelemetry();
  admit(await plugin(), { ...options, telemetry });
  assert.equal(
    telemetry.counters.map(({ name }) => name),
    ['cc_lb_plugin_handshake_total'],
  );
});

admitting("with the host's own offer and time to live", async () => {
  const offer = { ...buildOffer(['storage']), function_versions: { observe: [1] } };
  const report = await reportOf(await plugin(), { clock, offer, ttlSecs: 10 });
  assert.is(report.metadata?.expires_at, 1_700_000_010);
});

admitting('with budgets of the host', async () => {
  const budgets = { handshake: { wallMs: 1000 }, selfCheck: { fuel: Number.POSITIVE_INFINITY, wallMs: undefined } };
  assert.equal(statuses(await reportOf(await plugin(), { ...options, ...budgets })), passed);
});

admitting('tests no function when the plugin has no slot, unless all are to be tested', async () => {
  const signer = {
    ...accept,
    chosen_versions: { sign: 1 },
    plugin_supported: { sign: [1] },
    implemented_functions: ['sign'],
  };
  const exports = { cc_lb_handshake: JSON.stringify(signer), cc_lb_self_check: trap, sign: '' };
  const wasm = await guest({ identities: [identityPayload()], exports });
  assert.equal((await reportOf(wasm)).selfCheck, { status: 'success', failures: [], completed_at: 1_700_000_000 });
  assert.equal(statuses(await reportOf(wasm, { ...options, slots: 'all' })), [
    'identity passed',
    'handshake passed',
    'self_check failed Call',
    'metadata skipped',
  ]);
});

admitting('replaces a time that a double cannot hold by a safe integer', async () => {
  const report = await reportOf(await plugin({ cc_lb_self_check: success.replace('5', '9223372036854775807') }));
  assert.is(report.selfCheck?.completed_at, Number.MAX_SAFE_INTEGER);
  assert.is(report.metadata?.self_check_completed_at, Number.MAX_SAFE_INTEGER);
  if (report.metadata) assert.not.throws(() => encodeJson(augmentedMetadata, report.metadata ?? never(), 'declared'));
});

const never = (): never => {
  throw new Error('no metadata');
};

const refusing = suite('refusing admission');

const failedAt = {
  identity: (kind: string) => [
    `identity failed ${kind}`,
    'handshake skipped',
    'self_check skipped',
    'metadata skipped',
  ],
  handshake: (kind: string) => [
    'identity passed',
    `handshake failed ${kind}`,
    'self_check skipped',
    'metadata skipped',
  ],
  selfCheck: (kind: string) => ['identity passed', 'handshake passed', `self_check failed ${kind}`, 'metadata skipped'],
  metadata: (kind: string) => ['identity passed', 'handshake passed', 'self_check passed', `metadata failed ${kind}`],
};

const nothing = { chosen_versions: {}, plugin_supported: {}, implemented_functions: [], required_capabilities: [] };
const noFunctions = {
  identities: [identityPayload()],
  exports: { cc_lb_handshake: JSON.stringify({ ...accept, ...nothing }), cc_lb_self_check: success },
};
const userImport = '(import "extism:host/user" "cc_lb_log" (func (param i64 i64)))';

/**
 * A valid identity in a module that no engine accepts: a function has a type that does not exist.
 */
async function uncompilable(): Promise<Uint8Array> {
  const wasm = await guest({ identities: [identityPayload()] });
  const at = wasm.findIndex((byte, index) => byte === 0x60 && index > 8);
  const spoiled = new Uint8Array(wasm);
  spoiled[at] = 0x7f;
  return spoiled;
}

const noClock = () => {
  throw new Error('no battery');
};
let reads = 0;
/** A clock that fails when it is read for the first, third, ... time. */
const looseClock = () => (reads++ % 2 === 0 ? noClock() : clock());

const cases: Readonly<Record<string, readonly [() => Promise<Uint8Array>, string[], AdmitOptions?]>> = {
  'no module': [async () => new Uint8Array(), failedAt.identity('WasmParseError')],
  'no identity': [() => guest({}), failedAt.identity('MissingCustomSection')],
  'two identities': [
    () => guest({ identities: [identityPayload(), identityPayload()] }),
    failedAt.identity('DuplicateCustomSection'),
  ],
  'a module that does not compile': [uncompilable, failedAt.handshake('Instantiate')],
  'a host function imported': [() => plugin({}, userImport), failedAt.handshake('Instantiate')],
  'no handshake': [() => guest({ identities: [identityPayload()] }), failedAt.handshake('MissingHandshakeExport')],
  'a capability that was not offered': [() => plugin(), failedAt.handshake('Validation'), { clock }],
  'an offer out of order, checked before the module': [
    uncompilable,
    failedAt.handshake('Validation'),
    { offer: { ...buildOffer([]), function_versions: { shape: [0] } } },
  ],
  'an undeclared export': [() => plugin({ sign: '' }), failedAt.handshake('UndeclaredExport')],
  'a self-check that traps': [() => plugin({ cc_lb_self_check: trap }), failedAt.selfCheck('Call')],
  'no functions': [() => guest(noFunctions), failedAt.metadata('NoNegotiatedFunctions')],
  'a clock that fails': [() => plugin(), failedAt.selfCheck('Clock'), { ...options, clock: noClock }],
  'a clock that fails after the handshake only': [
    () => plugin(),
    failedAt.metadata('InvalidTimestamp'),
    { ...options, clock: looseClock },
  ],
  'no time to live': [() => plugin(), failedAt.metadata('ExpirationBeforeHandshake'), { ...options, ttlSecs: 0 }],
};

for (const [title, [build, expected, given]] of Object.entries(cases)) {
  refusing(`for ${title}`, async () => {
    const report = await reportOf(await build(), given);
    assert.equal(statuses(report), expected);
    assert.is(report.admitted, false);
    assert.is(report.metadata, undefined);
    const error = report.layers.find(({ status }) => status === 'failed')?.error;
    assert.is(error?.failure.kind, error?.kind);
    assert.ok(error !== undefined && error.message.length > 10);
  });
}

refusing('reports the results of the layers before the failure', async () => {
  const report = await reportOf(await fixture('behaviour/self-check-failure.wasm'), { clock });
  assert.equal(statuses(report), failedAt.selfCheck('FailureStatus'));
  assert.is(report.identity?.plugin_name, 'self-check-failure');
  assert.equal(report.slots, ['observability_hook']);
  const message = 'observe: the sample did not come back';
  assert.equal(report.selfCheck?.failures, [{ stage: 'wire_function_test', message }]);
});

refusing('asks for the slots that the plugin supports, or for all', async () => {
  const wasm = await plugin({ cc_lb_self_check: echoAsError });
  const reasonOf = ({ layers }: AdmissionReport) => {
    const failure = layers[2]?.error?.failure;
    return failure?.kind === 'Call' ? JSON.parse(failure.reason).functions_to_test : failure;
  };
  assert.equal(reasonOf(await reportOf(wasm)), ['observe']);
  assert.equal(reasonOf(await reportOf(wasm, { ...options, slots: 'all' })), [...wire.allWireFunctions]);
});

refusing('lets exceptions from the telemetry propagate', async () => {
  const wasm = await plugin();
  const full = new Error('the disk is full');
  const telemetry = failingCounters(full);
  assert.is(
    thrownBy(() => admit(wasm, { ...options, telemetry })),
    full,
  );
});

const mistakes: Readonly<Record<string, readonly [unknown, unknown, RegExp]>> = {
  'bytes in another form': [[0, 97, 115, 109], {}, /^wasm /],
  'no options': [new Uint8Array(), null, /^options /],
  'capabilities in one string': [new Uint8Array(), { hostCapabilities: 'storage' }, /^options.hostCapabilities /],
  'no offer': [new Uint8Array(), { offer: { function_versions: {} } }, /^options.offer /],
  'capabilities beside an offer': [
    new Uint8Array(),
    { offer: buildOffer([]), hostCapabilities: [] },
    /^options.hostCapabilities /,
  ],
  'a time for a clock': [new Uint8Array(), { clock: 5 }, /^options.clock /],
  'half a telemetry': [new Uint8Array(), { telemetry: { log: () => undefined } }, /^options.telemetry /],
  'a time to live with a fraction': [new Uint8Array(), { ttlSecs: 0.5 }, /^options.ttlSecs /],
  'a negative time': [
    new Uint8Array(),
    { handshake: { wallMs: -1 } },
    /^options.handshake.wallMs must be a number from 0 up, or Infinity$/,
  ],
  'fuel as a text': [new Uint8Array(), { selfCheck: { fuel: '5' } }, /^options.selfCheck.fuel /],
  'an unknown option': [
    new Uint8Array(),
    { timeout: 5 },
    /^options.timeout must be left out: use handshake.wallMs or selfCheck.wallMs$/,
  ],
  'an unknown option of a layer': [
    new Uint8Array(),
    { handshake: { timeout: 5 } },
    /^options.handshake.timeout must be left out: use wallMs$/,
  ],
  'limits that are null': [new Uint8Array(), { limits: null }, /^options.limits must be an object$/],
  'a limit below 0': [new Uint8Array(), { limits: { bodyBytes: -1 } }, /^options.limits.bodyBytes must be a number /],
  'an unknown limit': [
    new Uint8Array(),
    { limits: { bodyByte: 1 } },
    /^options.limits.bodyByte .* did you mean bodyBytes\?$/,
  ],
  'a promise': [Promise.resolve(new Uint8Array()), {}, /^wasm must be the bytes .*; a promise was given: await it$/],
  'other slots': [new Uint8Array(), { slots: ['router'] }, /^options.slots /],
};

for (const [title, [wasm, given, pattern]] of Object.entries(mistakes)) {
  refusing(`throws for ${title}`, async () => {
    const isMistake = (error: unknown): boolean => error instanceof TypeError && pattern.test(error.message);
    assert.ok(isMistake(thrownBy(() => admit(wasm as Uint8Array, given as AdmitOptions))));
    let rejected: unknown;
    await admitAsync(wasm as Uint8Array, given as AdmitOptions).catch((error: unknown) => {
      rejected = error;
    });
    assert.ok(isMistake(rejected), String(rejected));
  });
}

refusing('a plugin of the hook ABI is sent to its own function', async () => {
  const wasm = await hookModule({ filter: 'active' }, '(func (export "cc_lb_filter"))');
  for (const candidate of [wasm, new WebAssembly.Module(wasm)]) {
    const { layers } = await reportOf(candidate);
    assert.is(layers[0]?.error?.kind, 'MalformedPayload');
    assert.match(layers[0]?.error?.message ?? '', /`admitHooks`/);
  }
});

admitting.run();
refusing.run();
