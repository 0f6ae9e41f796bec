// Each plugin here breaks one rule of a layer. It must fail the check of that rule, and no other
// check.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type VerifyReport, verifyPlugin } from '../../src/conformance/index.ts';
import { buildOffer } from '../../src/protocol/handshake.ts';
import { TELLS_STACKS } from '../support/engine-stacks.ts';
import { fixture } from '../support/fixture.ts';
import { identityPayload } from '../support/guest-wat.ts';
import {
  acceptOf,
  always,
  faultsOf,
  handshakeScript,
  recorded,
  replay,
  selfCheckSuccess,
  unseenChecks,
} from '../support/recorded-plugin.ts';
import { type Scripted, type ScriptedGuest, scriptedGuest } from '../support/scripted-guest.ts';
import { wat } from '../support/wat.ts';

const layers = suite('conformance of the layers');

const router = await recorded('router');
const good = replay(router);

/**
 * Checks that one check failed or warned, and that skipped checks name a failed one as the reason.
 */
function assertFault(report: VerifyReport, expected: string): void {
  assert.equal(faultsOf(report), [expected]);
  const [status, id] = expected.split(' ');
  const failed = report.checks.find((check) => check.id === id);
  assert.ok((failed?.found ?? '') !== '' && (failed?.hint ?? '') !== '', 'the check has found and hint');
  for (const check of report.checks) {
    if (check.status === 'skipped' && status === 'fail') assert.is(check.reason, `${id} failed`, check.id);
  }
  assert.is(report.verdict, status);
}

const identities: Readonly<Record<string, readonly [id: string, payloads: readonly string[]]>> = {
  'no section': ['identity.section', []],
  'a section that is too large': ['identity.size', [`${identityPayload()}${' '.repeat(65536)}`]],
  'a section that is not JSON': ['identity.payload', ['router 1.0.0']],
  'another magic': ['identity.magic', [identityPayload().replace('204', '205')]],
  'a name in capitals': ['identity.name', [identityPayload('Router')]],
  'an empty name': ['identity.name', [identityPayload('')]],
  'an empty version': ['identity.version', [identityPayload().replace('1.0.0', '')]],
  'a long version': ['identity.version', [identityPayload().replace('1.0.0', '1'.repeat(33))]],
  'two sections': ['identity.once', [identityPayload(), identityPayload('second')]],
  'an identity in an array': [
    'identity.object',
    [`\n ${JSON.stringify(Object.values(JSON.parse(identityPayload())))}`],
  ],
  'another envelope': ['identity.envelope', [identityPayload().replace('"abi_envelope":1', '"abi_envelope":2')]],
};
for (const [what, [id, payloads]] of Object.entries(identities)) {
  layers(`a plugin with ${what} fails on ${id}`, async () => {
    assertFault(verifyPlugin(await scriptedGuest({ ...good, identities: payloads }), 'router'), `fail ${id}`);
  });
}

for (const [what, bytes] of Object.entries({
  nothing: new Uint8Array(),
  text: new TextEncoder().encode('no module'),
  'the head of a module': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1),
  'a component': Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
})) {
  layers(`${what} fails on identity.module`, () => {
    assertFault(verifyPlugin(bytes, 'auto'), 'fail identity.module');
  });
}

layers('a plugin of the hook ABI fails on identity.generation', async () => {
  assertFault(verifyPlugin(await fixture('hooks/filter/filter.wasm'), 'auto'), 'fail identity.generation');
});

const withHandshake = (scripted: Scripted): ScriptedGuest => ({
  ...good,
  exports: { ...good.exports, cc_lb_handshake: always(scripted) },
});
const accept = acceptOf(['filter']);
const accepting = (changes: object): ScriptedGuest => ({
  ...good,
  exports: { ...good.exports, cc_lb_handshake: handshakeScript(JSON.stringify({ ...accept, ...changes })) },
});
const without = (name: string): ScriptedGuest => {
  const { [name]: _left, ...exports } = good.exports;
  return { ...good, exports };
};
const loops: Scripted = { code: '(loop $again (br $again)) (i32.const 0)' };

const handshakes: Readonly<Record<string, readonly [id: string, guest: ScriptedGuest]>> = {
  'an import of WASI': [
    'handshake.build',
    { ...good, fields: '(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))' },
  ],
  'an import of a host function': [
    'handshake.build',
    { ...good, fields: '(import "extism:host/user" "cc_lb_log" (func (param i64 i64)))' },
  ],
  'no handshake': ['handshake.export', without('cc_lb_handshake')],
  'a handshake that never ends': ['handshake.budget', withHandshake(loops)],
  'a handshake that traps': ['handshake.call', withHandshake({ code: 'unreachable' })],
  'a handshake that sets an error': ['handshake.call', withHandshake({ error: 'no' })],
  'a long accept': ['handshake.output-size', withHandshake(`${JSON.stringify(accept)}${' '.repeat(32768)}`)],
  'an accept that is not JSON': ['handshake.accept', withHandshake('yes')],
  'an accept with another field': ['handshake.accept', accepting({ more: 1 })],
  'another schema version': ['handshake.schema-version', accepting({ handshake_schema_version: 2 })],
  'a choice that it does not support': ['handshake.chosen-known', accepting({ plugin_supported: {} })],
  'a choice that was not offered': [
    'handshake.chosen-offered',
    accepting({ chosen_versions: { filter: 2 }, plugin_supported: { filter: [2] } }),
  ],
  'a capability that was not offered': ['handshake.capabilities', accepting({ required_capabilities: ['gpu'] })],
  'seventeen functions': [
    'handshake.implemented-count',
    accepting({ implemented_functions: Array.from({ length: 17 }, (_, index) => `f${index}`) }),
  ],
  'a function of its own': ['handshake.implemented-known', accepting({ implemented_functions: ['filter', 'mine'] })],
  'support for a function of its own': [
    'handshake.supported-known',
    accepting({ plugin_supported: { filter: [1], mine: [1] } }),
  ],
  'a version 0': ['handshake.supported-range', accepting({ plugin_supported: { filter: [0, 1] } })],
  'a choice that it does not implement': ['handshake.chosen-implemented', accepting({ implemented_functions: [] })],
  'a choice that is not supported': ['handshake.chosen-supported', accepting({ plugin_supported: { filter: [2] } })],
  'a function that is not exported': ['handshake.declared-export', without('filter')],
  'an export that it does not declare': [
    'handshake.undeclared-export',
    { ...good, exports: { ...good.exports, observe: always('{"_v":1}') } },
  ],
  'an implemented function without a version': ['handshake.chosen-complete', accepting({ chosen_versions: {} })],
};
for (const [what, [id, guest]] of Object.entries(handshakes)) {
  layers(`a plugin with ${what} fails on ${id}`, async () => {
    assertFault(verifyPlugin(await scriptedGuest(guest), 'router'), `fail ${id}`);
  });
}

layers('a plugin with the same answer to every offer warns on handshake.other-offer', async () => {
  assertFault(
    verifyPlugin(await scriptedGuest(withHandshake(JSON.stringify(accept))), 'router'),
    'warn handshake.other-offer',
  );
});

layers('a plugin that nearly uses up its handshake warns on handshake.budget', async () => {
  const spins =
    '(local.set $hash (i64.const 800000)) (loop $next (br_if $next (i64.ne (i64.const 0) (local.tee $hash ' +
    '(i64.sub (local.get $hash) (i64.const 1))))))';
  const guest = withHandshake({ code: `${spins} ANSWER<<${JSON.stringify(accept)}>>` });
  const report = verifyPlugin(await scriptedGuest(guest), 'router');
  assert.equal(faultsOf(report), ['warn handshake.budget', 'warn handshake.other-offer']);
});

/** A router that requires capabilities, verified by a host that has them. */
async function requiring(hostCapabilities: readonly string[]): Promise<VerifyReport> {
  const script = handshakeScript(
    JSON.stringify({ ...accept, required_capabilities: hostCapabilities }),
    hostCapabilities,
  );
  const guest = { ...good, exports: { ...good.exports, cc_lb_handshake: script } };
  return verifyPlugin(await scriptedGuest(guest), 'router', { hostCapabilities });
}

for (const odd of ['With-Dash', 'storage:', ':storage', 'storage::read', 'storage:Read', '1st', 'x'.repeat(65)]) {
  layers(`the capability ${odd} warns on handshake.capability-names`, async () => {
    const report = await requiring([odd]);
    assertFault(report, 'warn handshake.capability-names');
    assert.equal(report.plugin.capabilities, [odd]);
  });
}

layers('colons may separate parts of a capability', async () => {
  const report = await requiring(['storage', 'storage:read', 'storage:v1:keys_2']);
  assert.equal(faultsOf(report), []);
});

const withSelfCheck = (scripted: Scripted): ScriptedGuest => ({
  ...good,
  exports: { ...good.exports, cc_lb_self_check: always(scripted) },
});
const answering = (changes: object): ScriptedGuest =>
  withSelfCheck(JSON.stringify({ ...JSON.parse(selfCheckSuccess), ...changes }));
const failure = { stage: 'wire_function_test', message: 'filter: the sample <b>does</b> not come back' };

const selfChecks: Readonly<Record<string, readonly [id: string, guest: ScriptedGuest]>> = {
  'no self-check': ['self-check.export', without('cc_lb_self_check')],
  'a self-check that traps': ['self-check.call', withSelfCheck({ code: 'unreachable' })],
  'a self-check that never ends': ['self-check.call', withSelfCheck(loops)],
  'a long response': ['self-check.output-size', withSelfCheck(`${selfCheckSuccess}${' '.repeat(8192)}`)],
  'a malformed response': ['self-check.response', answering({ status: 'perfect' })],
  'the time 0': ['self-check.completed-at', answering({ completed_at: 0 })],
  'seventeen failures': ['self-check.failure-count', answering({ failures: Array(17).fill(failure) })],
  'success with a failure': ['self-check.consistent', answering({ failures: [failure] })],
  'failure without one': ['self-check.consistent', answering({ status: 'failure' })],
  'a failure': ['self-check.success', answering({ status: 'failure', failures: [failure] })],
};
for (const [what, [id, guest]] of Object.entries(selfChecks)) {
  layers(`a plugin whose self-check answers ${what} fails on ${id}`, async () => {
    assertFault(verifyPlugin(await scriptedGuest(guest), 'router'), `fail ${id}`);
  });
}

layers('the report says where a handshake trapped', async () => {
  const { checks } = verifyPlugin(await scriptedGuest(withHandshake({ code: 'unreachable' })), 'router');
  const expected = TELLS_STACKS ? / in (function \d+|`.+`)/ : / \(this engine gives no stack of the plugin\)$/;
  assert.match(checks.find(({ id }) => id === 'handshake.call')?.found ?? '', expected);
});

layers('the report repeats the failures of a self-check', async () => {
  const guest = answering({ status: 'failure', failures: [failure] });
  const { checks } = verifyPlugin(await scriptedGuest(guest), 'router');
  assert.match(checks.find(({ id }) => id === 'self-check.success')?.found ?? '', failure.message);
});

layers('a plugin that knows only its own functions fails on self-check.all-functions', async () => {
  // The two requests have different times of the clock, so the scripts can distinguish them.
  const request = (functions: readonly string[]): string =>
    JSON.stringify({ functions_to_test: functions, initiated_at: 7 });
  const script = {
    answers: new Map([[request(['filter']), selfCheckSuccess]]),
    otherwise: { error: 'no such function' },
  };
  const guest = { ...good, exports: { ...good.exports, cc_lb_self_check: script } };
  const report = verifyPlugin(await scriptedGuest(guest), 'router', { clock: () => 7000 });
  assertFault(report, 'fail self-check.all-functions');
});

layers('a plugin without functions fails on record.functions', async () => {
  const guest = { ...without('filter') };
  const script = handshakeScript(JSON.stringify(acceptOf([])));
  const wasm = await scriptedGuest({ ...guest, exports: { ...guest.exports, cc_lb_handshake: script } });
  assertFault(verifyPlugin(wasm, 'router'), 'fail record.functions');
  assert.equal(verifyPlugin(wasm, 'auto').kinds, []);
});

layers('a module that every engine refuses fails on handshake.build', async () => {
  const module = await wat(
    `(module (func (result i32)) (@custom "cc_lb.plugin.v1" "${identityPayload().replaceAll('"', '\\"')}"))`,
  );
  assertFault(verifyPlugin(module, 'signer'), 'fail handshake.build');
});

layers('the offer of the verification is the built-in one', () => {
  assert.equal(buildOffer([]).function_versions.filter, [1]);
});

const groups = ['identity', 'handshake', 'self-check', 'record'];

layers('every check of the layers has a plugin that fails on it', async () => {
  // The built-in offer has one version of each function, so no plugin can choose a lower one.
  assert.equal(await unseenChecks((group) => groups.includes(group)), ['handshake.latest-version']);
});

layers.run();
