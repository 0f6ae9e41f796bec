import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HookPlugin } from '../../src/hooks/plugin.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import { admitted, untimed } from '../hooks/hook-fixture.ts';
import { custom, hookModule, withSections } from '../hooks/hook-module.ts';

// Several plugins are called in random order. Each call gets a unique marker. No marker may appear
// in the output of another plugin, or of another call of the same plugin.

const crossing = suite('no data passes between hook plugins and their calls');

/** How each operation ends, and whether its answer has the marker of the call. */
const operations = {
  echo: true,
  keep: true,
  kept: false,
  grow: true,
  grown: false,
  trap: false,
  loop: false,
  outside: false,
  malformed: false,
} as const;
type Operation = keyof typeof operations;
const names = Object.keys(operations) as readonly Operation[];

/**
 * The first letter of a request says which operation it is: `A` for the first. The marker follows.
 * `keep` and `grow` keep the marker, `kept` and `grown` answer with what was kept.
 */
const plain = await hookModule(
  { filter: 'active' },
  `(global $kept (mut i32) (i32.const 0))
  (type $operation (func (param i32 i32) (result i64)))
  (table 48 funcref)
  (elem (i32.const 0) func ${names.map((name) => `$${name}`).join(' ')})
  (elem (i32.const 47) func $kept)
  (func (export "cc_lb_filter") (param $request i32) (param $size i32) (result i64)
    (call_indirect (type $operation)
      (i32.add (local.get $request) (i32.const 1))
      ;; The size of the id, which is the first text of the request.
      (i32.sub (i32.load offset=4 (i32.sub (i32.add (local.get $request) (local.get $size)) (i32.const 192)))
        (i32.const 1))
      (i32.sub (i32.load8_u (local.get $request)) (i32.const 65))))

  ;; An answer of one result, whose first text is this one.
  (func $echo (param $text i32) (param $size i32) (result i64) (local $end i32) (local $at i32)
    (memory.copy (i32.const 0x4000) (local.get $text) (local.get $size))
    (local.set $end (i32.add (local.get $size) (i32.const 0x4000)))
    (local.set $at (i32.and (i32.add (local.get $end) (i32.const 3)) (i32.const -4)))
    (call $pointer (local.get $at) (i32.const 0x4000) (local.get $size))
    (call $pointer (i32.add (local.get $at) (i32.const 8)) (local.get $end) (i32.const 0))
    (call $pointer (i32.add (local.get $at) (i32.const 16)) (local.get $end) (i32.const 0))
    (call $pointer (i32.add (local.get $at) (i32.const 24)) (local.get $at) (i32.const 1))
    (i64.or (i64.const 0x0000400000000000) (i64.extend_i32_u (i32.sub (local.get $at) (i32.const 0x3fe0)))))
  (func $pointer (param $place i32) (param $target i32) (param $count i32)
    (i32.store (local.get $place) (i32.sub (local.get $target) (local.get $place)))
    (i32.store offset=4 (local.get $place) (local.get $count)))

  ;; A size and a text, at an address.
  (func $put (param $address i32) (param $text i32) (param $size i32)
    (i32.store (local.get $address) (local.get $size))
    (memory.copy (i32.add (local.get $address) (i32.const 4)) (local.get $text) (local.get $size)))
  (func $get (param $address i32) (result i64)
    (call $echo (i32.add (local.get $address) (i32.const 4)) (i32.load (local.get $address))))

  (func $keep (param i32 i32) (result i64)
    (global.set $kept (i32.const 0x8000))
    (call $put (global.get $kept) (local.get 0) (local.get 1))
    (call $echo (local.get 0) (local.get 1)))
  (func $kept (param i32 i32) (result i64)
    (if (global.get $kept) (then (return (call $get (global.get $kept)))))
    (call $get (i32.const 0x8000)))
  (func $grow (param i32 i32) (result i64)
    (drop (memory.grow (i32.const 1)))
    (call $put (i32.const 0x10000) (local.get 0) (local.get 1))
    (call $echo (local.get 0) (local.get 1)))
  (func $grown (param i32 i32) (result i64)
    (drop (memory.grow (i32.const 1)))
    (call $get (i32.const 0x10000)))
  (func $trap (param i32 i32) (result i64) (drop (call $keep (local.get 0) (local.get 1))) unreachable)
  (func $loop (param i32 i32) (result i64) (drop (call $grow (local.get 0) (local.get 1)))
    (loop $again (br $again)) unreachable)
  (func $outside (param i32 i32) (result i64) (drop (call $keep (local.get 0) (local.get 1)))
    (i64.const 0x00004000_ffffffff))
  (func $malformed (param i32 i32) (result i64)
    (i64.add (call $echo (local.get 0) (local.get 1)) (i64.const 2)))`,
);

/** Two plugins of one module, and one of that module with a custom section. */
const modules = [plain, plain, withSections(plain, custom('x', ''))];

/** Admits a plugin of each, with little fuel for the endless one. */
function admitAll(): readonly HookPlugin[] {
  const call = { fuel: 50_000, wallMs: Number.POSITIVE_INFINITY };
  return modules.map((wasm) => admitted(wasm, { ...untimed, call }));
}

/**
 * A unique marker. Its length is unique too, so a cut or extended marker is not mistaken for
 * another.
 */
const marker = (call: number): string => `<${call}:${'m'.repeat(call % 7)}>`;

/** All output of a call: its answer, or the texts of its error. */
function outputOf(plugin: HookPlugin, operation: Operation, text: string): string {
  const letter = String.fromCharCode(65 + names.indexOf(operation));
  const outcome = plugin.filter({ ...filterSample(), request_id: letter + text });
  if (outcome.kind === 'ok') return outcome.response.results.map(({ upstream_id }) => upstream_id).join();
  const { message, failure, cause } = outcome.error;
  return `${message} ${JSON.stringify(failure)} ${cause instanceof Error ? cause.message : ''}`;
}

crossing('any calls in any order', () => {
  const steps = fc.array(fc.tuple(fc.nat(modules.length - 1), fc.constantFrom(...names)), { maxLength: 40 });
  const check = (calls: readonly (readonly [number, Operation])[]): void => {
    const plugins = admitAll();
    calls.forEach(([at, operation], call) => {
      const plugin = plugins[at];
      if (plugin === undefined) return;
      const text = marker(call);
      const output = outputOf(plugin, operation, text);
      if (operations[operation]) assert.is(output, text, operation);
      else if (operation === 'kept' || operation === 'grown') assert.is(output, '', operation);
      else assert.not.match(output, /<\d+:/, operation);
    });
  };
  fc.assert(fc.property(steps, check), { numRuns: 100, includeErrorInReport: true });
});

crossing.run();
