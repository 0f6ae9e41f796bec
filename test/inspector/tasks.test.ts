import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layerRows, verdictOf } from '../../src/inspector/layer-rows.ts';
import { ANSWER_MAX } from '../../src/inspector/worker/admission-exchanges.ts';
import { UnusablePreparation } from '../../src/inspector/worker/plugin-input.ts';
import { tasks } from '../../src/inspector/worker/tasks.ts';
import { METERING_SECTION } from '../../src/metering/index.ts';
import { custom, withSections } from '../hooks/hook-module.ts';
import { thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { guest, identityPayload, trap } from '../support/guest-wat.ts';
import { wat } from '../support/wat.ts';

const inspector = suite('inspector/tasks');

const open = async (path: string) => ({ file: path, bytes: new Uint8Array(await fixture(path)) });
const cloned = <T>(value: T): T => structuredClone(value);

inspector('a file is described, whatever it is', async () => {
  const router = cloned(tasks.describe(await open('router/router.wasm')));
  assert.equal([router.valid, router.generation, router.identity?.plugin_name], [true, 1, 'router']);
  const sticky = cloned(tasks.describe(await open('hooks/sticky/sticky.wasm')));
  assert.equal([sticky.generation, sticky.inspection?.metadata.name], [2, 'sticky']);
  const text = tasks.describe({ file: 'x', bytes: new TextEncoder().encode('hello world, this is text') });
  assert.is(text.valid, false);
  assert.is(text.error?.kind, 'NotWebAssembly');
  assert.ok((text.error?.hint ?? '').length > 10);
});

inspector('a good plugin of generation 1 passes each layer, and shows what was said', async () => {
  const result = cloned(tasks.admit(await open('router/router.wasm')));
  const rows = layerRows(result);
  assert.equal(verdictOf(result), { passed: true, text: 'A host admits this plugin' });
  assert.equal(
    rows.map(({ status }) => status),
    ['pass', 'pass', 'pass', 'pass'],
  );
  const said = rows.map(({ exchange: { request, response } }) =>
    [request, response].map((text) => text && JSON.parse(text)),
  );
  const [identity, handshake, selfCheck, record] = said;
  assert.equal([identity?.[0], identity?.[1].plugin_name], [undefined, 'router']);
  assert.ok(Object.hasOwn(handshake?.[0].function_versions, 'filter'));
  assert.equal(handshake?.[1].implemented_functions, ['filter']);
  assert.equal(selfCheck?.[0].functions_to_test, ['filter']);
  // The request of the check, and the record, have the time of this admission.
  assert.is(selfCheck?.[0].initiated_at, record?.[1].handshake_completed_at);
  assert.is(selfCheck?.[1].status, 'success');
  assert.ok(rows[1]?.fuel !== undefined && rows[1].fuel > 0);
});

inspector('a layer that fails says why, and those after it were not reached', async () => {
  const result = cloned(tasks.admit(await open('hostile/loop-in-self-check.wasm')));
  const rows = layerRows(result);
  assert.equal(
    rows.map(({ statusText }) => statusText),
    ['passed', 'passed', 'failed', 'not reached'],
  );
  assert.ok(rows[2]?.exchange.request !== undefined && rows[2].exchange.response === undefined);
  assert.match(rows[2]?.error?.hint ?? '', /loop/);
  assert.equal(rows[3]?.exchange, {});
  assert.is(rows[3]?.durationMs, undefined);
  assert.match(verdictOf(result).text, 'Layer 3: self-check failed');
});

inspector('a self-check that finds failures has its answer', async () => {
  const rows = layerRows(tasks.admit(await open('behaviour/self-check-failure.wasm')));
  assert.match(rows[2]?.exchange.response ?? '', '"failure"');
});

inspector('an answer that is refused is shown in its own words', async () => {
  const rows = layerRows(tasks.admit(await open('behaviour/echo.wasm')));
  assert.is(rows[1]?.status, 'fail');
  assert.is(rows[1]?.exchange.response, rows[1]?.exchange.request);
});

inspector('a plugin that cannot be built, or gives no answer, has none to tell', async () => {
  for (const path of ['hostile/declared-memory.wasm', 'behaviour/trap.wasm', 'hostile/loop-in-start.wasm']) {
    const rows = layerRows(tasks.admit(await open(path)));
    assert.is(rows[1]?.status, 'fail', path);
    assert.is(rows[1]?.exchange.response, undefined, path);
  }
});

inspector('without an identity nothing is asked', async () => {
  const rows = layerRows(tasks.admit(await open('behaviour/no-identity.wasm')));
  assert.equal(
    rows.map(({ status, exchange }) => [status, exchange]),
    [
      ['fail', {}],
      ['skipped', {}],
      ['skipped', {}],
      ['skipped', {}],
    ],
  );
});

inspector('the steps of a hook plugin are shown, with the probe', async () => {
  const result = cloned(tasks.admit(await open('hooks/sticky/sticky.wasm')));
  const rows = layerRows(result);
  assert.equal(
    rows.map(({ title, status }) => [title, status]),
    [
      ['Step 1: inspection', 'pass'],
      ['Step 2: compiling', 'pass'],
      ['Step 3: probe of filter', 'pass'],
    ],
  );
  assert.match(rows[0]?.exchange.response ?? '', '"sticky"');
  assert.equal(rows[1]?.exchange, {});
  assert.is(JSON.parse(rows[2]?.exchange.request ?? '').request_id, 'probe-req-1');
  assert.ok(Array.isArray(JSON.parse(rows[2]?.exchange.response ?? '').results));
});

inspector('a hook plugin that loops is rejected at its probe, and the request is shown', async () => {
  const result = cloned(tasks.admit(await open('hooks/hostile/loop-in-hook.wasm')));
  const [, , probe] = layerRows(result);
  assert.is(probe?.status, 'fail');
  assert.is(probe?.error?.kind, 'GuestTrap');
  assert.is(probe?.exchange.response, undefined);
  assert.match(verdictOf(result).text, 'probe of filter failed');
});

inspector('a prepared plugin is admitted from its own bytes, in both generations', async () => {
  for (const path of ['router/router.wasm', 'hooks/sticky/sticky.wasm']) {
    const input = await open(path);
    const prepared = { file: 'p.wasm', bytes: tasks.prepare(input) };
    assert.is(cloned(tasks.describe(prepared)).prepared, true);
    assert.is(cloned(tasks.admit(prepared)).report.admitted, true);
    assert.is(tasks.verify(prepared, () => undefined).verdict, tasks.verify(input, () => undefined).verdict, path);
  }
});

inspector('bytes that only say that they are prepared are refused', async () => {
  const forged = { file: 'f.wasm', bytes: withSections(await wat('(module)'), custom(METERING_SECTION, '{}')) };
  const thrown = thrownBy(() => tasks.admit({ ...forged, bytes: new Uint8Array(forged.bytes) }));
  assert.ok(thrown instanceof UnusablePreparation);
  assert.is(thrown.failure.kind, 'UnusablePreparation');
  assert.ok(thrown.failure.reason.length > 10);
});

inspector('metering is measured, and a plugin that cannot be metered says why', async () => {
  const report = cloned(tasks.meter(await open('router/router.wasm')));
  assert.ok(!('error' in report) && report.bytesAfter > report.bytesBefore && report.globals > 0);
  const refused = cloned(tasks.meter({ file: 'm', bytes: new Uint8Array(8) }));
  assert.ok('error' in refused);
});

inspector('the checks report their progress', async () => {
  for (const path of ['c/observer/observer.wasm', 'hooks/sticky/sticky.wasm']) {
    const seen: number[] = [];
    const report = cloned(tasks.verify(await open(path), ({ done }) => seen.push(done)));
    assert.is(seen.length, report.checks.length, path);
    assert.is(seen.at(-1), report.checks.length, path);
    assert.is(report.counts.fail, 0, path);
  }
});

inspector('the sections and functions of every file can be sent to the page', async () => {
  for (const path of ['rust/router/router.wasm', 'hooks/sticky/sticky.wasm']) {
    const input = await open(path);
    assert.is(cloned(tasks.sections(input)).size, input.bytes.length);
    const [first] = cloned(tasks.functions({ ...input, query: '' })).functions;
    const view = cloned(tasks.function({ ...input, index: first?.index ?? 0, lines: 500 }));
    assert.equal([view.name, view.code.kind], [first?.name, 'beside']);
  }
});

inspector('what a plugin says is cut: a long answer, and logs without end', async () => {
  const cc_lb_handshake = {
    code: `(result i32) (local $i i32)
      (loop $more
        (call $log_info (call $block (i32.const 0) (i32.const 4)))
        (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 300))))
      (call $answer (i32.const 0) (i32.const 100000))`,
  };
  const bytes = await guest({
    identities: [identityPayload()],
    exports: { cc_lb_handshake },
    fields: '(import "extism:host/env" "log_info" (func $log_info (param i64)))',
    pages: 2,
  });
  const { logs, moreLogs, ...result } = cloned(tasks.admit({ file: 'loud.wasm', bytes: new Uint8Array(bytes) }));
  assert.ok(logs.length > 100 && logs.length + moreLogs === 300, `${logs.length} and ${moreLogs}`);
  const [, handshake] = layerRows({ ...result, logs, moreLogs });
  assert.is(handshake?.error?.kind, 'OutputTooLarge');
  assert.is(handshake?.exchange.response?.length, ANSWER_MAX);
});

inspector('a plugin of no functions is not asked to check itself, and has no record', async () => {
  const accept = {
    handshake_schema_version: 1,
    envelope_version: 1,
    chosen_versions: {},
    plugin_supported: {},
    implemented_functions: [],
    required_capabilities: [],
  };
  const exports = { cc_lb_handshake: JSON.stringify(accept), cc_lb_self_check: trap };
  const bytes = await guest({ identities: [identityPayload()], exports });
  const rows = layerRows(tasks.admit({ file: 'none.wasm', bytes: new Uint8Array(bytes) }));
  assert.equal(
    rows.map(({ status }) => status),
    ['pass', 'pass', 'pass', 'fail'],
  );
  assert.is(rows[2]?.exchange.request, undefined);
  assert.match(rows[2]?.exchange.response ?? '', '"success"');
  assert.equal([rows[3]?.error?.kind, rows[3]?.exchange], ['NoNegotiatedFunctions', {}]);
});

inspector('a hook plugin that inspection refuses is neither compiled nor probed', async () => {
  const bytes = new Uint8Array(await wat('(module (func (export "cc_lb_alloc")))'));
  const rows = layerRows(tasks.admit({ file: 'bare.wasm', bytes }));
  assert.equal(
    rows.map(({ status, exchange }) => [status, exchange]),
    [
      ['fail', {}],
      ['skipped', {}],
    ],
  );
});

inspector.run();
