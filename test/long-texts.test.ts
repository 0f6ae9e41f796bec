// A plugin decides how long its texts are: an error of megabytes, names of 100,000 bytes, types of
// a thousand parameters. Reports about it are bounded.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { verifyPlugin } from '../src/conformance/index.ts';
import { BuildPluginError, buildPlugin, PluginCallError } from '../src/plugin/index.ts';
import { type AdmissionReport, admit } from '../src/protocol/admit.ts';
import { dispatchWireCall } from '../src/protocol/dispatch.ts';
import { buildOffer, HandshakeExecutionError } from '../src/protocol/handshake.ts';
import { wire } from '../src/protocol/messages/index.ts';
import { leb, longSection, moduleOf, name, section } from './support/bytes.ts';
import { failureOf, thrownBy } from './support/failure.ts';
import { guest, identityPayload } from './support/guest-wat.ts';
import { executeHandshake } from './support/layers.ts';

const texts = suite('texts that a plugin makes long');

/** Stores a letter at an offset of `$block`. */
const storeByte = (offset: number, letter: string): string =>
  `(call $store_u8 (i64.add (local.get $block) (i64.const ${offset})) (i32.const ${letter.charCodeAt(0)}))`;

/** An export that sets an error of this many bytes, all of them escaped in JSON. */
const erring = (bytes: number, last = ''): { readonly code: string } => ({
  code: `(result i32) (local $block i64) (local $at i64)
    (local.set $block (call $alloc (i64.const ${bytes})))
    (loop $next
      (call $store_u8 (i64.add (local.get $block) (local.get $at)) (i32.const 1))
      (local.set $at (i64.add (local.get $at) (i64.const 1)))
      (br_if $next (i64.lt_u (local.get $at) (i64.const ${bytes}))))
    ${[...last].map((letter, index) => storeByte(bytes - last.length + index, letter)).join(' ')}
    (call $error_set (local.get $block)) (i32.const 1)`,
});
const unlimited = { fuel: Number.POSITIVE_INFINITY, wallMs: 60_000 };

/** The report of an admission in JSON, as for a log or a database. */
const reportText = (report: AdmissionReport): string => JSON.stringify(report);

texts('an error of a megabyte is shortened in messages, and whole only in the failure of the call', async () => {
  const bytes = 1_000_000;
  const wasm = await guest({ exports: { filter: erring(bytes) } });
  const plugin = buildPlugin(wasm, unlimited);
  const thrown = thrownBy(() => plugin.call('filter'));
  assert.ok(thrown instanceof PluginCallError && thrown.failure.kind === 'PluginError');
  assert.is(thrown.failure.message.length, bytes);
  assert.is(thrown.message, `${'\u0001'.repeat(2_000)}… (998000 more characters)`);
  const outcome = dispatchWireCall(
    wire.v3.filter,
    plugin,
    { negotiated_functions: { filter: 1 } },
    wire.v3.filter.dryRunRequest(),
  );
  assert.ok(outcome.kind === 'fallback' && outcome.error.failure.kind === 'PluginCall');
  assert.ok(outcome.error.message.length < 100);
  assert.is(outcome.error.failure.reason, thrown.message);
});

texts('an error of megabytes in the handshake makes a report of a few kilobytes', async () => {
  const wasm = await guest({
    identities: [identityPayload()],
    exports: { cc_lb_handshake: erring(3_000_000), filter: '' },
  });
  const report = admit(wasm, { handshake: unlimited });
  const [, handshake] = report.layers;
  assert.is(handshake?.error?.kind, 'Call');
  const message = handshake?.error?.message ?? '';
  assert.match(message, /… \(\d{7} more characters\)$/, message.slice(-60));
  assert.ok(reportText(report).length < 40_000, String(reportText(report).length));
});

texts('words for a timeout are found anywhere in an error', async () => {
  const wasm = await guest({ exports: { cc_lb_handshake: erring(100_000, 'out of fuel'), filter: '' } });
  const failure = failureOf(HandshakeExecutionError, () => executeHandshake(wasm, buildOffer(), unlimited));
  assert.is(failure.kind, 'Timeout');
});

/** A module with an identity, a type of a thousand parameters, and its own imports or exports. */
function moduleWith(...parts: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const payload = [...new TextEncoder().encode(identityPayload())];
  return moduleOf(longSection(0, [...name('cc_lb.plugin.v1'), ...payload]), ...parts);
}
const thousand = [0x60, ...leb(1_000), ...Array<number>(1_000).fill(0x7e), 0];
const longName = (letter: string): number[] => name(letter.repeat(90_000));

const refused: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  'names of 90,000 bytes of imports that nobody provides': moduleWith(
    longSection(1, [1, 0x60, 0, 0]),
    longSection(2, [
      ...leb(20),
      ...Array.from({ length: 20 }, () => [...longName('m'), ...longName('n'), 0, 0]).flat(),
    ]),
  ),
  'a kernel function imported with a thousand parameters': moduleWith(
    longSection(1, [1, ...thousand]),
    longSection(2, [1, ...name('extism:host/env'), ...name('alloc'), 0, 0]),
  ),
  'an _initialize with a thousand parameters': moduleWith(
    longSection(1, [1, ...thousand]),
    section(3, 1, 0),
    section(7, 1, ...name('_initialize'), 0, 0),
    section(10, 1, 2, 0, 0x0b),
  ),
};
for (const [what, wasm] of Object.entries(refused)) {
  texts(`${what} make a report of a few kilobytes`, () => {
    const report = admit(wasm);
    const [, handshake] = report.layers;
    assert.is(handshake?.error?.kind, 'Instantiate');
    assert.ok((handshake?.error?.message.length ?? 0) < 2_100);
    assert.ok(reportText(report).length < 10_000, String(reportText(report).length));
    const { message } = new BuildPluginError(failureOf(BuildPluginError, () => buildPlugin(wasm)));
    assert.ok(message.length < 2_100);
    const verified = verifyPlugin(wasm, 'router');
    assert.is(verified.verdict, 'fail');
    for (const { found = '' } of verified.checks) assert.ok(found.length < 2_100);
  });
}

texts.run();
