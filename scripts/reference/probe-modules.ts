import { parse } from '@bytecodealliance/jco';
import { kernelFunctions } from '../../src/kernel/functions.ts';
import type { Probe } from '../../test/reference/kinds/probes.ts';

/** A probe with its module as text. `fields` lacks the imports of the kernel functions it calls. */
type Text = Omit<Probe, 'about' | 'wasm' | 'calls'> & { readonly fields: string; readonly calls?: Probe['calls'] };

const twice = [{ export: 'run' }, { export: 'run' }];

/** Answers with a number of 64 bits. */
const OUT = `(func $out (param i64) (result i32) (local i64)
  (local.set 1 (call $alloc (i64.const 8)))
  (call $store_u64 (local.get 1) (local.get 0))
  (call $output_set (local.get 1) (i64.const 8))
  (i32.const 0))`;

/** Copies bytes of the plugin's memory into a new block. */
const BLOCK = `(func $block (param $at i32) (param $n i32) (result i64) (local $h i64) (local $i i32)
  (local.set $h (call $alloc (i64.extend_i32_u (local.get $n))))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
    (call $store_u8
      (i64.add (local.get $h) (i64.extend_i32_u (local.get $i)))
      (i32.load8_u (i32.add (local.get $at) (local.get $i))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $next)))
  (local.get $h))`;

const answering = (value: string, more = ''): string =>
  `${OUT} ${more} (func (export "run") (result i32) (call $out ${value}))`;
const running = (code: string, more = ''): string => `${more} (func (export "run") (result i32) ${code} (i32.const 0))`;

const literal = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');

/** Sets an error of these bytes, then does something. */
const failing = (bytes: string, length: number, then: string): string =>
  `(memory 1) (data (i32.const 0) "${bytes}") ${BLOCK}
   (func (export "run") (result i32) (call $error_set (call $block (i32.const 0) (i32.const ${length}))) ${then})`;

const request = (text: string): Text => ({
  fields: running(
    `(drop (call $http_request (call $block (i32.const 0) (i32.const ${new TextEncoder().encode(text).length}))
      (i64.const 0)))`,
    `(memory 1) (data (i32.const 0) "${literal(text)}") ${BLOCK}`,
  ),
});

/** A loop that burns about so much fuel. */
const burn = (fuel: number): string =>
  `(func $burn (local $i i32) (loop $again
     (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
       (i32.const ${Math.floor(fuel / 7)})))))`;

const requests = [
  '{"url":"https://a.example/"}',
  '{"url":"https://a.example/","foo":1}',
  '{"url":"https://a.example/","headers":{"a":1}}',
  '{"url":"https://a.example/","headers":null}',
  '{"url":"https://a.example/","method":7}',
  '{"url":"https://a.example/","method":null}',
  '{"url":"nope"}',
  '{"url":""}',
  '{"url":"https://fuel.example/"}',
  '["https://a.example/",{},"GET"]',
  '{',
  'null',
];

const texts: Readonly<Record<string, Text>> = {
  'memory_bytes at first': { fields: answering('(call $memory_bytes)') },
  'an error that is not UTF-8, and a trap': { fields: failing('\\ff\\fe', 2, 'unreachable') },
  'an error, and a trap': { fields: failing('boom', 4, 'unreachable') },
  'an error that is not UTF-8, and the deadline': {
    fields: failing('\\ff\\fe', 2, '(loop $again (br $again)) unreachable'),
    wallMs: 100,
  },
  'an error, and the deadline': { fields: failing('boom', 4, '(loop $again (br $again)) unreachable'), wallMs: 100 },
  'an error, and no fuel left': { fields: failing('boom', 4, '(loop $again (br $again)) unreachable'), fuel: 100_000 },
  'an error by a handle that is none, and a code': {
    fields: '(func (export "run") (result i32) (call $error_set (i64.const 9999)) (i32.const 3))',
  },
  ...Object.fromEntries(requests.map((text) => [`http_request of ${text}`, request(text)])),
  'var_set where the limit is 0': {
    fields: running(
      '(call $var_set (call $block (i32.const 0) (i32.const 1)) (call $block (i32.const 1) (i32.const 1)))',
      `(memory 1) (data (i32.const 0) "kv") ${BLOCK}`,
    ),
    maxVarBytes: 0,
  },
  'var_set that removes, where the limit is 0': {
    fields: running(
      '(call $var_set (call $block (i32.const 0) (i32.const 1)) (i64.const 0))',
      `(memory 1) (data (i32.const 0) "kv") ${BLOCK}`,
    ),
    maxVarBytes: 0,
  },
  'var_get where the limit is 0': {
    fields: answering(
      '(call $var_get (call $block (i32.const 0) (i32.const 1)))',
      `(memory 1) (data (i32.const 0) "kv") ${BLOCK}`,
    ),
    maxVarBytes: 0,
  },
  'fuel 0': { fields: running(''), fuel: 0 },
  'fuel 1': { fields: running(''), fuel: 1 },
  'fuel 3': { fields: running(''), fuel: 3 },
  'fuel 1,000': { fields: running(''), fuel: 1_000 },
  'output_set from a block on for 2^63 bytes': {
    fields: running('(call $output_set (call $alloc (i64.const 8)) (i64.const 0x8000000000000000))'),
  },
  'output_set from -8 on': { fields: running('(call $output_set (i64.const -8) (i64.const 16))') },
  'output_set of nothing after an output': {
    fields: `${OUT} ${running('(drop (call $out (i64.const 7))) (call $output_set (i64.const 0) (i64.const 0))')}`,
  },
  'a memory of 1 to 100 pages that grows by 40, with 32 to grow': {
    fields: answering('(i64.extend_i32_s (memory.grow (i32.const 40)))', '(memory 1 100)'),
    memoryMaxPages: 32,
  },
  'a memory of 1 to 100 pages that grows by 1, with 32 to grow': {
    fields: answering('(i64.extend_i32_s (memory.grow (i32.const 1)))', '(memory 1 100)'),
    memoryMaxPages: 32,
  },
  'a memory that grows past its own maximum': {
    fields: answering('(i64.extend_i32_s (memory.grow (i32.const 5)))', '(memory 1 2)'),
  },
  'a memory that grows past its own maximum, with 32 pages to grow': {
    fields: answering('(i64.extend_i32_s (memory.grow (i32.const 5)))', '(memory 1 2)'),
    memoryMaxPages: 32,
  },
  'a table of 200,000 entries': { fields: running('', '(table 200000 funcref)'), memoryMaxPages: 32 },
  'a global as _initialize': { fields: running('', '(global (export "_initialize") i32 (i32.const 0))') },
  'a memory as _start': { fields: running('', '(memory (export "_start") 1)') },
  'a global as __wasm_call_ctors': { fields: running('', '(global (export "__wasm_call_ctors") i32 (i32.const 0))') },
  'a global as hs_init': { fields: running('', '(global (export "hs_init") i32 (i32.const 0))') },
  'hs_init of type () -> ()': { fields: running('', '(func (export "hs_init"))') },
  'hs_init of type (i32, i32) -> ()': { fields: running('', '(func (export "hs_init") (param i32 i32))') },
  '__wasm_call_ctors with a parameter': { fields: running('', '(func (export "__wasm_call_ctors") (param i32))') },
  '_initialize with a parameter': { fields: running('', '(func (export "_initialize") (param i32))') },
  '__wasm_call_ctors that traps': {
    fields: running('', '(func (export "__wasm_call_ctors") unreachable)'),
    calls: twice,
  },
  '_initialize that traps': { fields: running('', '(func (export "_initialize") unreachable)'), calls: twice },
  'hs_init that traps': { fields: running('', '(func (export "hs_init") (param i32 i32) unreachable)'), calls: twice },
  'a start function that traps': { fields: running('', '(func $s unreachable) (start $s)'), calls: twice },
  'six million in start function and call, of ten': {
    fields: running('call $burn', `${burn(6_000_000)} (start $burn)`),
    fuel: 10_000_000,
  },
  'six million in constructors and call, of ten': {
    fields: running('call $burn', `${burn(6_000_000)} (func (export "__wasm_call_ctors") call $burn)`),
    fuel: 10_000_000,
    calls: twice,
  },
  'six million in start function, constructors and call, of ten': {
    fields: running('call $burn', `${burn(6_000_000)} (start $burn) (func (export "__wasm_call_ctors") call $burn)`),
    fuel: 10_000_000,
    calls: twice,
  },
  'a result of 64 bits': { fields: '(func (export "run") (result i64) i64.const 5)' },
  'two results': { fields: '(func (export "run") (result i32 i32) i32.const 0 i32.const 0)' },
  'a parameter': { fields: '(func (export "run") (param i32) (result i32) i32.const 0)' },
  'a global that is called': { fields: '(global (export "run") i32 (i32.const 0))' },
  'wide arithmetic': {
    fields: running('i64.const 1 i64.const 0 i64.const 2 i64.const 0 i64.add128 drop drop'),
  },
  'shared memory': { fields: running('', '(memory 1 2 shared)') },
  'a function named refuel that traps': { fields: running('call $refuel', '(func $refuel unreachable)') },
  'an import of nobody': { fields: running('', '(import "other" "f" (func))') },
  'an import of WASI': { fields: running('', '(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))') },
  'an unknown function of the kernel': { fields: running('', '(import "extism:host/env" "other" (func))') },
  'a function of the kernel with another type': { fields: running('', '(import "extism:host/env" "alloc" (func))') },
};

/** These modules as cases. */
export async function probeModules(): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const [about, { fields, calls = [{ export: 'run' }], ...limits }] of Object.entries(texts)) {
    const wasm = await parse(`(module ${importsOf(fields)} ${fields})`);
    probes.push({ about, calls, ...limits, wasm: Buffer.from(wasm).toString('base64') });
  }
  return probes;
}

/** Imports of the functions of the kernel that are called. */
function importsOf(fields: string): string {
  return Object.entries(kernelFunctions)
    .filter(([name]) => new RegExp(`\\$${name}\\b`).test(fields))
    .map(([name, { params, results }]) => {
      const types = `(param ${params.map(({ type }) => type).join(' ')}) (result ${results.join(' ')})`;
      return `(import "extism:host/env" "${name}" (func $${name} ${types}))`;
    })
    .join('\n');
}
