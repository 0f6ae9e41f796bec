import { acceptOf, always } from '../support/recorded-plugin.ts';
import type { Mistake } from './mistake.ts';
import { accepting, answersZeros, loops, panics, routerExporting, routerThat } from './plugins.ts';

/** Mistakes in the handshake, and in what the module exports. */
export const handshakeMistakes: readonly Mistake[] = [
  {
    id: 'schema',
    mistake: 'The handshake answers `handshake_schema_version: 2`',
    command: ['admit'],
    file: () => accepting({ handshake_schema_version: 2 }),
    told: {
      check: 'handshake.schema-version',
      kind: 'Validation.HandshakeSchemaVersionMismatch',
      message: 'the accept has handshake_schema_version 2, but the offer has 1',
      hint: 'Write 1 as handshake_schema_version, copied from the offer, and not 2.',
    },
  },
  {
    id: 'chosenfloat',
    mistake: 'The handshake answers `chosen_versions: {"filter": 1.0}`',
    command: ['admit'],
    file: () => {
      const accept = JSON.stringify({ ...acceptOf(['filter']), chosen_versions: { filter: 1.5 } });
      return routerThat('cc_lb_handshake', accept.replace('1.5', '1.0'));
    },
    told: {
      check: 'handshake.accept',
      kind: 'DecodeAccept',
      path: '$.chosen_versions.filter',
      message:
        'the answer of cc_lb_handshake is not an accept: a value has the wrong type: at ' +
        '$.chosen_versions.filter, byte 79, expected an integer from 0 to 4294967295, found a number with ' +
        'a fraction (1.0); write 1',
      hint:
        'Write 1 at $.chosen_versions.filter, without a fraction or an exponent: hold it in an integer ' +
        'type, and not in a float (f64, number).',
    },
  },
  {
    id: 'wrongslot',
    mistake: 'The handshake calls the function `router` instead of `filter`',
    command: ['admit'],
    file: () => accepting(acceptOf(['router'])),
    told: {
      check: 'handshake.chosen-known',
      kind: 'Validation.ChosenForUnknownFunction',
      message: 'chosen_versions has router, which was not offered or is not in plugin_supported',
      hint:
        'Choose no version of `router`: the functions are `shape`, `normalize_error`, `build_signer`, ' +
        '`sign`, `on_unauthorized`, `observe`, `filter`. A router implements `filter`.',
    },
  },
  {
    id: 'noexport',
    mistake: 'The handshake lists `shape`, and the module exports no `shape`',
    command: ['admit'],
    file: () => accepting(acceptOf(['filter', 'shape'])),
    told: {
      check: 'handshake.declared-export',
      kind: 'DeclaredFunctionMissing',
      message: 'implemented_functions has shape, but the plugin has no such export of type () -> i32 or () -> ()',
      hint:
        'Export `shape`, in Rust with #[plugin_fn] or #[no_mangle] pub extern "C" fn, or take it out of ' +
        'implemented_functions, plugin_supported and chosen_versions.',
    },
  },
  {
    id: 'undeclared',
    mistake: 'The module exports `observe`, and the handshake does not list it',
    command: ['admit'],
    file: () => routerExporting({ observe: always('{"_v":1}') }),
    told: {
      check: 'handshake.undeclared-export',
      kind: 'UndeclaredExport',
      message: 'the plugin exports observe, which is not in implemented_functions',
      hint:
        'List `observe` in implemented_functions, plugin_supported and chosen_versions, or export it ' +
        'under another name.',
    },
  },
  {
    id: 'params',
    mistake: 'The module exports `filter` with a parameter',
    command: ['admit'],
    file: () => routerExporting({ filter: undefined }, '(func (export "filter") (param i32) (result i32) i32.const 0)'),
    told: {
      check: 'handshake.declared-export',
      kind: 'DeclaredFunctionMissing',
      message:
        'implemented_functions has filter, which the plugin exports as function (i32) -> (i32), expected ' +
        'type () -> i32 or () -> ()',
      hint:
        'Declare `filter` as a function without parameters and with an i32 result or none: it reads its ' +
        'request with the functions of the kernel, such as input_length.',
    },
    right: ['#[no_mangle]', 'pub extern "C" fn filter() -> i32 {'],
  },
  {
    id: 'hsloop',
    mistake: 'The handshake loops for ever',
    command: ['admit'],
    file: () => routerThat('cc_lb_handshake', loops),
    told: {
      check: 'handshake.budget',
      kind: 'Timeout',
      message: 'cc_lb_handshake ran out of fuel: 10,000,000 of 10,000,000 fuel',
      hint:
        'Only choose versions in cc_lb_handshake: look for an endless loop there, and in constructors and ' +
        'static initialisers, which count too. The budget is the same for every host, and fuel counts ' +
        'instructions.',
    },
  },
  {
    id: 'hshuge',
    mistake: 'The handshake answers 50,000 bytes',
    command: ['admit'],
    file: () => routerThat('cc_lb_handshake', answersZeros(50_000)),
    told: {
      check: 'handshake.output-size',
      kind: 'OutputTooLarge',
      message: 'the answer of cc_lb_handshake has 50000 bytes, at most 32768 are allowed',
      hint: 'Write only the six fields of the accept, which fit into 32768 bytes.',
    },
  },
  {
    id: 'hspanic',
    mistake: 'The handshake panics',
    command: ['admit'],
    file: () => routerThat('cc_lb_handshake', panics),
    told: {
      check: 'handshake.call',
      kind: 'Call',
      message: 'cc_lb_handshake failed: wasm trap: unreachable',
      stack: '`core::panicking::panic_fmt` ← `cc_lb_handshake` ← function 12',
      hint:
        'Look at `cc_lb_handshake`: this trap is a panic (unwrap, expect, an index out of ' +
        'bounds), an abort or a failed assertion. Answer this offer instead.',
    },
  },
];
