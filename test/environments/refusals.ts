import * as assert from 'uvu/assert';
import type { Outcomes } from './probes.ts';

/** How the message of a ban on compiling begins. In parentheses follows what to do. */
const BAN = 'this environment does not allow WebAssembly to be compiled at run time; prepare the plugin ahead (';

/** Checks that each function failed because compiling is refused, and that it says what to do. */
export function assertRefused(outcomes: Outcomes): void {
  assert.ok(Object.keys(outcomes).length > 12);
  for (const [name, { kind, message = '', hint }] of Object.entries(outcomes)) {
    assert.is(kind, 'CompilationRefused', `${name}: ${kind} ${message}`);
    assert.ok(message.startsWith(BAN), `${name}: ${message}`);
    const [advice = ''] = message.slice(BAN.length).split('): ');
    assert.match(advice, /prepare(Plugin|Hooks)|meterModule/, `${name}: ${message}`);
    assert.match(advice, /'wasm-unsafe-eval' in its Content-Security-Policy/, name);
    if (!name.startsWith('instantiateMetered')) assert.match(hint ?? '', /^Prepare the plugin ahead/, name);
  }
}

/** Checks that no function failed. */
export function assertAllowed(outcomes: Outcomes): void {
  assert.ok(Object.keys(outcomes).length > 5);
  for (const [name, { kind, message }] of Object.entries(outcomes))
    assert.is(kind, undefined, `${name}: ${kind} ${message}`);
}
