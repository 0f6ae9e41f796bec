import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { filterHook } from '../../src/hooks/hook.ts';
import { FilterResponse } from '../../src/hooks/messages/filter.ts';
import { ShapeResponse } from '../../src/hooks/messages/shape.ts';
import { conformingPlugin, modesWith, type PluginParts } from '../conformance/hooks/plugins.ts';
import {
  answering,
  constantHook,
  custom,
  dataAt,
  EMPTY_FILTER,
  hookEntry,
  hookModule,
  metadataOf,
  packed,
  withSections,
} from '../hooks/hook-module.ts';
import { utf8 } from '../support/bytes.ts';
import { identityPayload } from '../support/guest-wat.ts';
import { toHex } from '../support/hex.ts';
import { renamed } from './identity.ts';
import type { Mistake } from './mistake.ts';

/** Where answers lie: beyond those of the conforming plugin, before the request. */
const ANSWER = 131_072;

const active = { filter: 'active' } as const;

/** A plugin of `filter` that conforms except for these parts. */
const filterPlugin = (parts: PluginParts = {}): Promise<Uint8Array> => conformingPlugin(active, parts);

/** A plugin of `filter` whose hook is this. */
const filterIs = (code: string, fields = ''): Promise<Uint8Array> =>
  filterPlugin({ functions: { filter: code }, fields });

/** A plugin of `filter` whose hook has this body. */
const filterWith = (body: string, fields = ''): Promise<Uint8Array> =>
  filterIs(`(func (export "cc_lb_filter") (param i32 i32) (result i64) ${body})`, fields);

/** A plugin of `filter` with one section more: of two with one name the last counts. */
const filterAnd = async (name: string, payload: Uint8Array | string): Promise<Uint8Array> =>
  withSections(await filterPlugin(), custom(name, payload));

/** A plugin of `shape` that adds a header. */
const shapeAdding = (name: string, value: string): Promise<Uint8Array> => {
  const headers = [{ name, value: utf8(value) }];
  const url = 'https://example.test/v1/messages';
  const archive = encodeArchive(ShapeResponse, { url, method: 'POST', headers, body: new Uint8Array() });
  return conformingPlugin(modesWith('shape'), { functions: { shape: constantHook('shape', ANSWER, archive) } });
};

const wasiImport = '(import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))';
const exported = `(memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 1024)
  (func (export "cc_lb_free") (param i32 i32 i32))`;

const results = [{ upstream_id: 'a', decision: 'accept', reason: 'it has quota left' }];
const answer = encodeArchive(FilterResponse, { results });

const { schemaSection, fingerprint } = filterHook;

/** Mistakes in a plugin of generation 2: the hook ABI. */
export const hookMistakes: readonly Mistake[] = [
  {
    id: 'hook-identity',
    mistake: 'The section `cc_lb.plugin.v1` has the identity of generation 1',
    command: ['admit'],
    file: () => filterAnd('cc_lb.plugin.v1', identityPayload('router')),
    told: {
      check: 'inspection.metadata-json',
      kind: 'MalformedMetadata',
      path: '$.name',
      message:
        'the custom section cc_lb.plugin.v1 does not hold metadata (at byte 838): missing field `name` in ' +
        '`$` (byte 0)',
      hint:
        'Write $.name: metadata have name, version, description, usage and hooks, and each hook ' +
        'has wire_version, description, usage and mode. If the section has a magic, it is the ' +
        'identity of generation 1: replace it.',
    },
  },
  {
    id: 'hook-blank',
    mistake: 'The metadata leave the usage of a hook empty',
    command: ['admit'],
    file: () => filterAnd('cc_lb.plugin.v1', metadataOf({ filter: hookEntry({ usage: '' }) })),
    told: {
      check: 'inspection.metadata-rules',
      kind: 'InvalidMetadata.HookMissingUsage',
      message: 'the metadata are not valid: the usage of a hook is blank (filter)',
      hint: 'Say in the usage of `filter`, in a few words, how it is configured.',
    },
  },
  {
    id: 'hook-alone',
    mistake: 'The metadata declare `shape` without the response hooks',
    command: ['admit'],
    file: () => conformingPlugin({ shape: 'active' }),
    told: {
      check: 'inspection.hooks',
      kind: 'MissingHook',
      message:
        'the metadata do not declare the hook transform_response, which the slot shape needs: declare it, ' +
        'with the mode noop if it changes nothing',
      hint:
        'Declare and export `transform_response` too, with the mode noop if it does nothing; or admit the ' +
        'plugin for another slot (--slot).',
    },
  },
  {
    id: 'hook-fingerprint',
    mistake: 'The plugin is built with another version of the messages',
    command: ['admit'],
    file: () => filterAnd(schemaSection, fingerprint().toReversed()),
    told: {
      check: 'inspection.fingerprint',
      kind: 'FingerprintMismatch',
      message:
        'the plugin was built against another filter request: its fingerprint is ' +
        '3428a5dd8a931d8c817ba1b50cbf9938d8f08f30b204cd2a009c344295660ff2, expected ' +
        'f20f669542349c002acd04b2308ff0d83899bf0cb5a17b818c1d938adda52834',
      hint:
        'Build with cc-lb-plugin-wire 0.9, which this host has: `filter` was built for another request. ' +
        '`cargo tree -i cc-lb-plugin-wire` says which version is used.',
    },
  },
  {
    id: 'hook-hex',
    mistake: 'The fingerprint is a text of hex digits',
    command: ['admit'],
    file: () => filterAnd(schemaSection, toHex(fingerprint())),
    told: {
      check: 'inspection.schema-size',
      kind: 'SchemaSectionSize',
      message: 'the custom section cc_lb.schema.filter.v1 at byte 845 has 64 bytes, expected 32',
      hint:
        'Write the 32 raw bytes of the fingerprint into `cc_lb.schema.filter.v1`, and not its 64 ' +
        'hexadecimal digits.',
    },
  },
  {
    id: 'hook-wasi',
    mistake: 'The module imports WASI',
    command: ['admit'],
    file: () => hookModule(active, `${wasiImport} ${exported} ${EMPTY_FILTER}`),
    told: {
      check: 'inspection.imports',
      kind: 'ImportsPresent',
      message:
        'the module has imports (1, at byte 29), the first is "wasi_snapshot_preview1" "random_get", but ' +
        'a hook plugin has none',
      hint:
        'Build without WASI, which no host of cc-lb provides (`random_get`). Rust: --target ' +
        'wasm32-unknown-unknown, not wasm32-wasip1. Go: TinyGo with -target=wasm-unknown. C: ' +
        'clang --target=wasm32 -nostdlib, without wasi-libc. Zig: -target wasm32-freestanding. ' +
        'AssemblyScript: without wasi-shim.',
    },
  },
  {
    id: 'hook-alloc',
    mistake: 'A C or Zig module does not export its memory functions, `cc_lb_alloc` and `cc_lb_free`',
    command: ['admit'],
    file: async () => renamed(await filterPlugin(), /cc_lb_(alloc|free)/g, 'my_lb_$1'),
    told: {
      check: 'inspection.exports',
      kind: 'MissingExport',
      message: 'the module exports no function cc_lb_alloc',
      hint:
        'Export the function `cc_lb_alloc` under exactly this name: cc-lb-pdk-wasmtime does, in C ' +
        '__attribute__((export_name("cc_lb_alloc"))), in Zig export fn with -rdynamic.',
    },
  },
  {
    id: 'hook-name',
    mistake: 'The module exports the hook as `filter`, without `cc_lb_`',
    command: ['admit'],
    file: () => filterIs('(func (export "filter") (param i32 i32) (result i64) i64.const 1)'),
    told: {
      check: 'inspection.exports',
      kind: 'MissingExport',
      message: 'the module exports no function cc_lb_filter, for the hook filter',
      hint:
        'Export the function `cc_lb_filter` under exactly this name: cc-lb-pdk-wasmtime does, in C ' +
        '__attribute__((export_name("cc_lb_filter"))), in Zig export fn with -rdynamic.',
    },
  },
  {
    id: 'hook-type',
    mistake: 'The hook has the type of generation 1, `() -> i32`',
    command: ['admit'],
    file: () => filterIs('(func (export "cc_lb_filter") (result i32) i32.const 0)'),
    told: {
      check: 'probe.exports',
      kind: 'ExportType',
      message: "filter: the plugin's function cc_lb_filter must have the type i32,i32 -> i64, but has -> i32",
      hint:
        'Give `cc_lb_filter` the type i32,i32 -> i64: address and length are two i32; the answer of a ' +
        'hook is an i64.',
    },
  },
  {
    id: 'hook-panic',
    mistake: 'A hook panics',
    command: ['admit'],
    file: () =>
      filterIs(
        `(func $router::decide (export "cc_lb_filter") (param i32 i32) (result i64)
          call $core::panicking::panic_fmt i64.const 1)`,
        '(func $core::panicking::panic_fmt unreachable)',
      ),
    told: {
      check: 'probe.returns',
      kind: 'GuestTrap',
      message: 'filter: cc_lb_filter failed: the plugin trapped: unreachable',
      stack: '`core::panicking::panic_fmt` ← `router::decide`',
      hint:
        'Look at `router::decide`: this trap is a panic (unwrap, expect, an index out of ' +
        'bounds), an abort or a failed assertion. A hook has no error to return: for what it ' +
        'cannot handle, answer with no results, Unchanged, or the request as it is.',
    },
  },
  {
    id: 'hook-loop',
    mistake: 'A hook loops for ever',
    command: ['admit'],
    file: () => filterWith('(loop $again (br $again)) i64.const 1'),
    told: {
      check: 'probe.budget',
      kind: 'GuestTrap',
      message: 'filter: cc_lb_filter failed: the plugin ran out of fuel: 10,000,000 of 10,000,000 fuel',
      hint:
        'Look for an endless loop, or for work that grows faster than the request. Build with ' +
        'optimisation: fuel counts instructions.',
    },
  },
  {
    id: 'hook-memory',
    mistake: 'The module begins with a memory of 200 MB',
    command: ['admit'],
    file: () => filterPlugin({ pages: 3200 }),
    told: {
      check: 'probe.instance',
      kind: 'InstantiateFailed',
      message:
        'filter: the plugin could not be instantiated: the plugin ran out of memory: 3,200 of ' +
        '2,048 initial pages of memory',
      hint: 'Begin with fewer pages of memory and smaller tables: each call makes them anew.',
    },
  },
  {
    id: 'hook-json',
    mistake: 'A hook answers JSON',
    command: ['admit'],
    file: () => filterIs(constantHook('filter', ANSWER, utf8('{"results": []}'))),
    told: {
      check: 'probe.response',
      kind: 'MalformedResponse',
      path: '$',
      message: 'filter: the answer is JSON, and not an archive of the response',
      hint: 'Write the answer as a rkyv archive of the response, as cc-lb-pdk-wasmtime does: hooks have no ' + 'JSON.',
    },
  },
  {
    id: 'hook-short',
    mistake: 'A hook answers with a length that is too small',
    command: ['admit'],
    file: () => filterIs(`${dataAt(ANSWER, answer)} ${answering('filter', ANSWER, answer.length - 4)}`),
    told: {
      check: 'probe.response',
      kind: 'MalformedResponse',
      path: '$.results',
      message:
        'filter: the answer is not a response: an offset points outside the archive: at $.results, byte ' +
        '44, expected bytes within 0 to 52, found 61 to 103079214589',
      hint:
        'Return the address where the archive begins, and its whole length: $.results points outside it. ' +
        'Build with cc-lb-plugin-wire 0.9.',
    },
  },
  {
    id: 'hook-zero',
    mistake: 'A hook returns 0, as in generation 1',
    command: ['admit'],
    file: () => filterWith('i64.const 0'),
    told: {
      check: 'probe.answer',
      kind: 'EmptyAnswer',
      message: 'filter: the answer is empty (address 0, 0 bytes)',
      hint: 'Return address << 32 | length of the answer as an i64: neither may be 0, even if ' + 'nothing changes.',
    },
  },
  {
    id: 'hook-state',
    mistake: 'A hook counts calls in a static variable, to take turns',
    command: ['conformance'],
    file: () =>
      filterWith(
        `global.get $calls (global.set $calls (i32.const 1))
        if (result i64) (i64.const ${packed(ANSWER, answer.length)}) else (i64.const ${packed(ANSWER - 8, 8)}) end`,
        `(global $calls (mut i32) (i32.const 0)) ${dataAt(ANSWER, answer)}`,
      ),
    told: {
      check: 'isolation.state',
      status: 'warn',
      message: 'filter, a request with every option set, sent to the same instance again, gets another answer',
      hint:
        'Compute the answer from the request alone: a host gives each call a fresh instance, so state is ' + 'lost.',
    },
  },
  {
    id: 'hook-header',
    mistake: '`shape` adds a header whose name has a space',
    command: ['conformance'],
    file: () => shapeAdding('x team', 'a'),
    told: {
      check: 'shape.headers',
      message: 'the sample: headers[0].name is "x team", which is not a token',
      hint:
        'Write names without spaces and colons, and values without line breaks: one would begin another ' + 'header.',
    },
  },
  {
    id: 'hook-dropped',
    mistake: '`shape` adds `authorization`, which the host sets',
    command: ['conformance'],
    file: () => shapeAdding('authorization', 'Bearer key'),
    told: {
      check: 'shape.dropped-headers',
      status: 'warn',
      message: 'the sample: adds the header authorization, which cc-lb drops',
      hint:
        'Do not add host, content-length, accept-encoding, expect, authorization, x-api-key, ' +
        'x-anthropic-*: they have no effect.',
    },
  },
];
