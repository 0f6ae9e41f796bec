import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, compilePlugin, type Plugin, PluginCallError } from '../../src/plugin/index.ts';
import { HostState, hostFunctions } from '../../src/protocol/host-functions.ts';
import { pluginModule } from '../support/plugin.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

// Several plugins are called in random order. Each call gets a unique marker. No marker may appear
// in the output of another plugin, or of another call of the same plugin.

const crossing = suite('no data passes between plugins, instances and calls');

const imports = `
  (import "extism:host/user" "cc_lb_storage_get" (func $storage_get (param i64) (result i64)))
  (import "extism:host/user" "cc_lb_storage_put" (func $storage_put (param i64 i64)))
  (import "extism:host/user" "cc_lb_log" (func $cc_lb_log (param i64 i64)))`;

const fields = `
  (func $key (result i64) (local $block i64)
    (local.set $block (call $alloc (i64.const 1)))
    (call $store_u8 (local.get $block) (i32.const 107))
    (local.get $block))
  (func $out (param $block i64) (result i32)
    (call $output_set (local.get $block) (call $length (local.get $block)))
    (i32.const 0))
  (func (export "echo") (result i32) (call $out (call $input_offset)))
  (func (export "error") (result i32) (call $error_set (call $input_offset)) (i32.const 0))
  (func (export "trap") (result i32) (call $error_set (call $input_offset)) unreachable)
  (func (export "log") (result i32) (call $cc_lb_log (call $key) (call $input_offset)) (i32.const 0))
  (func (export "store") (result i32) (call $storage_put (call $key) (call $input_offset)) (i32.const 0))
  (func (export "stored") (result i32) (call $out (call $storage_get (call $key))))
  (func (export "set") (result i32) (call $var_set (call $key) (call $input_offset)) (i32.const 0))
  (func (export "get") (result i32) (call $out (call $var_get (call $key))))
  (func (export "nothing") (result i32) (i32.const 0))`;

const compiled = compilePlugin(await pluginModule(fields, imports));

const operations = ['echo', 'error', 'trap', 'log', 'store', 'stored', 'set', 'get', 'nothing'] as const;
type Operation = (typeof operations)[number];

/** Two instances of one plugin, which share their storage, and one plugin with another name. */
const names = ['twin', 'twin', 'other'] as const;

/**
 * A unique marker. Its length is unique too, so a cut or extended marker is not mistaken for
 * another.
 */
const marker = (call: number): string => `<${call}:${'m'.repeat(call % 7)}>`;

interface Place {
  readonly plugin: Plugin;
  variable: string;
}

/** All output of a call: its answer, or the texts of its error. */
function outputOf(plugin: Plugin, operation: Operation, input: string): string {
  try {
    return plugin.callText(operation, input);
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
    const { cause } = error;
    return `${error.message} ${cause instanceof Error ? cause.message : ''}`;
  }
}

crossing('any calls in any order', () => {
  const steps = fc.array(fc.tuple(fc.nat(names.length - 1), fc.constantFrom(...operations)), { maxLength: 40 });
  const check = (calls: readonly (readonly [number, Operation])[]): void => {
    const state = new HostState();
    const stored = new Map<string, string>();
    const telemetry = recordedTelemetry();
    const places = names.map((pluginName): Place => {
      const functions = hostFunctions({ pluginName, storageQuotaBytes: 10_000, state, telemetry });
      return { plugin: buildPlugin(compiled, { functions, name: pluginName }), variable: '' };
    });
    calls.forEach(([at, operation], call) => {
      const place = places[at];
      const name = names[at];
      if (place === undefined || name === undefined) return;
      const text = marker(call);
      const before = telemetry.events.length;
      const answer = outputOf(place.plugin, operation, text);
      const markers = answer.match(/<\d+:m*>/g) ?? [];
      if (operation === 'set') place.variable = text;
      if (operation === 'store') stored.set(name, text);
      const known: Partial<Record<Operation, string>> = {
        echo: text,
        error: text,
        trap: text,
        get: place.variable,
        stored: stored.get(name) ?? '',
      };
      const expected = known[operation] ?? '';
      assert.equal([...markers], expected === '' ? [] : [expected], `${operation} of ${name}`);
      const logged = telemetry.events.slice(before);
      assert.equal(
        logged.map(({ message, fields: labels }) => [message, labels.plugin]),
        operation === 'log' ? [[text, name]] : [],
      );
    });
  };
  fc.assert(fc.property(steps, check), { numRuns: 150, includeErrorInReport: true });
});

crossing.run();
