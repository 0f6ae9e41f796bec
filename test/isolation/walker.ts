import { hostFunction } from '../../src/kernel/index.ts';
import { type CompiledPlugin, compilePlugin, type PluginOptions } from '../../src/plugin/index.ts';
import { pluginModule } from '../support/plugin.ts';

/** Eight bytes that a walker writes wherever it can. */
export const SECRET = 'SECRET!!';

/** The ways in which a call with a secret can end. */
export const endings = [
  'returns',
  'fails',
  'traps',
  'loops',
  'recurses',
  'takes_all',
  'calls_host',
  'bad_handle',
  'resets',
  'many_blocks',
] as const;

const END: { readonly [K in (typeof endings)[number]]: string } = {
  returns: '(i32.const 0)',
  fails: '(call $error_set (call $input_offset)) (i32.const 1)',
  traps: 'unreachable',
  loops: '(loop $again (br $again)) (i32.const 0)',
  recurses: '(call $deeper (i32.const 0))',
  takes_all: '(loop $again (call $scatter) (br $again)) (i32.const 0)',
  calls_host: '(call $throws (call $input_offset)) (i32.const 0)',
  bad_handle: '(drop (call $var_get (i64.const 5))) (i32.const 0)',
  resets: '(call $scatter) (call $reset) (call $scatter) (i32.const 0)',
  many_blocks:
    '(local.set $left (i32.const 400)) (loop $more (call $scatter) (local.set $left (i32.sub ' +
    '(local.get $left) (i32.const 1))) (br_if $more (local.get $left))) (i32.const 0)',
};

/**
 * A guest that passes its input to every kernel function that accepts it, and then ends in one of
 * many ways. In another call it reads everything that kernel functions return. It keeps nothing in
 * its own memory, so all that it finds comes from the kernel.
 */
const fields = `
  (func $word (result i64) (call $input_load_u64 (i64.const 0)))
  ;; A block that contains the secret eight times.
  (func $copy (result i64) (local $block i64) (local $at i64)
    (local.set $block (call $alloc (i64.const 64)))
    (loop $next
      (call $store_u64 (i64.add (local.get $block) (local.get $at)) (call $word))
      (local.set $at (i64.add (local.get $at) (i64.const 8)))
      (br_if $next (i64.lt_u (local.get $at) (i64.const 64))))
    (local.get $block))
  ;; Into blocks, freed ones, the input itself, the output, the error, and bytes of no block.
  (func $scatter
    (call $free (call $copy))
    (call $output_set (call $copy) (i64.const 64))
    (call $error_set (call $copy))
    (call $error_set (i64.const 0))
    (call $input_set (call $copy) (i64.const 64))
    (call $store_u64 (i64.const 60000) (call $word))
    (call $store_u64 (i64.sub (call $memory_bytes) (i64.const 8)) (call $word))
    (call $log_error (call $copy))
    (drop (call $config_get (call $copy))))
  (func $deeper (param $depth i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get $depth) (i32.const 1))) (i32.const 1)))
  ${endings
    .map((name) => `(func (export "leave_${name}") (result i32) (local $left i32) (call $scatter) ${END[name]})`)
    .join('\n')}
  ;; Into a variable of the name "v", which is the plugin's own to keep.
  (func (export "leave_variable") (result i32)
    (call $var_set (call $key) (call $copy))
    (i32.const 0))
  (func $key (result i64) (local $block i64)
    (local.set $block (call $alloc (i64.const 1)))
    (call $store_u8 (local.get $block) (i32.const 118))
    (local.get $block))

  ;; What is found is counted: bits that are set where all must be 0.
  (global $found (mut i64) (i64.const 0))
  (func $see (param $value i64) (global.set $found (i64.add (global.get $found) (i64.popcnt (local.get $value)))))
  (func $see_at (param $at i64)
    (call $see (i64.extend_i32_u (call $load_u8 (local.get $at))))
    (call $see (call $load_u64 (local.get $at)))
    (call $see (call $length (local.get $at)))
    (call $see (call $length_unsafe (local.get $at)))
    (call $see (i64.extend_i32_u (call $input_load_u8 (local.get $at))))
    (call $see (call $input_load_u64 (local.get $at))))
  (func $see_range (param $from i64) (param $count i64) (local $at i64)
    (loop $next
      (call $see_at (i64.add (local.get $from) (local.get $at)))
      (local.set $at (i64.add (local.get $at) (i64.const 1)))
      (br_if $next (i64.lt_u (local.get $at) (local.get $count)))))
  ;; A block for every size class, new to this call, before anything is stored in it.
  (func $see_blocks (local $size i64) (local $block i64) (local $at i64)
    (local.set $size (i64.const 8))
    (loop $next
      (local.set $block (call $alloc (local.get $size)))
      (local.set $at (i64.const 0))
      (loop $bytes
        (call $see (call $load_u64 (i64.add (local.get $block) (local.get $at))))
        (local.set $at (i64.add (local.get $at) (i64.const 8)))
        (br_if $bytes (i64.lt_u (local.get $at) (local.get $size))))
      (local.set $size (i64.add (local.get $size) (i64.and (i64.add (local.get $size) (i64.const 16)) (i64.const -8))))
      (br_if $next (i64.lt_u (local.get $size) (i64.const 60000)))))
  ;; Everything that kernel functions return, for all useful arguments. Two bytes of the input belong
  ;; to this call.
  (func (export "walk") (result i32) (local $block i64)
    (global.set $found (i64.const 0))
    (call $see (call $input_length))
    (call $see (call $input_offset))
    (call $see (call $output_length))
    (call $see (call $output_offset))
    (call $see (call $error_get))
    (call $see (i64.extend_i32_u (call $http_status_code)))
    (call $see (call $http_headers))
    (call $see_range (i64.const 0) (i64.add (call $memory_bytes) (i64.const 16)))
    (call $see_range (i64.const -4096) (i64.const 4096))
    (call $see_range (i64.const 0xfffff000) (i64.const 0x2000))
    (call $see_range (i64.const 0x100000000) (i64.const 0x2000))
    (call $see_range (i64.const 0x7ffffffffffff000) (i64.const 0x2000))
    (call $see_blocks)
    (call $see (call $config_get (call $key)))
    (local.set $block (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $block) (global.get $found))
    (call $output_set (local.get $block) (i64.const 8))
    (i32.const 0))
  (func (export "walk_variables") (result i32) (i32.wrap_i64 (call $var_get (call $key))))
  ;; All of kernel memory as the output, for the host to look at.
  (func (export "show") (result i32)
    (call $output_set (i64.const 2048) (i64.sub (call $memory_bytes) (i64.const 2048)))
    (i32.const 0))`;

const imports = '(import "extism:host/user" "throws" (func $throws (param i64)))';

/** The walker's module, compiled. */
export const walker: CompiledPlugin = compilePlugin(await pluginModule(fields, imports));

/**
 * The options of a walker: small budgets for its endless calls, and a host function that throws its
 * argument.
 */
export const walkerOptions: PluginOptions = {
  fuel: 100_000_000,
  wallMs: 2_000,
  memoryMaxPages: 2,
  functions: [
    hostFunction('throws', ['text'], [], (text) => {
      throw new Error(`the host function was given ${text}`);
    }),
  ],
  telemetry: { log: () => undefined, counter: () => undefined },
};
