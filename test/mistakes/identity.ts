import { utf8 } from '../support/bytes.ts';
import type { Mistake } from './mistake.ts';
import { identity, routerWith } from './plugins.ts';

const magic = '[204,27,112,16,0,1,0,0]';

/** Mistakes in the file, and in the identity of a plugin of generation 1. */
export const identityMistakes: readonly Mistake[] = [
  {
    id: 'section',
    mistake: 'The section is called `cc-lb.plugin.v1`',
    command: ['admit'],
    file: async () => renamed(await routerWith({}), /cc_lb\.plugin\.v1/g, 'cc-lb.plugin.v1'),
    told: {
      check: 'identity.section',
      kind: 'MissingCustomSection',
      message: 'the module has no custom section cc_lb.plugin.v1, but one named cc-lb.plugin.v1',
      hint: 'Rename the section `cc-lb.plugin.v1` to `cc_lb.plugin.v1`, with these dots and this underscore.',
    },
  },
  {
    id: 'stripped',
    mistake: '`wasm-opt` or `strip` removed the section with the identity',
    command: ['admit'],
    file: () => routerWith({ identities: [] }),
    told: {
      check: 'identity.section',
      kind: 'MissingCustomSection',
      message: 'the module has no custom section cc_lb.plugin.v1',
      hint:
        'Write the section: in Rust with #[used] #[link_section = "cc_lb.plugin.v1"] static, in C and Zig ' +
        'with .section .custom_section.cc_lb.plugin.v1,"",@, elsewhere with `cc-lb-plugin identity FILE ' +
        '--name NAME --version VERSION`. If the source has it, look for a later step that strips it: ' +
        'wasm-strip, `wasm-tools strip`, or a way through the text format (wasm2wat); write it after that ' +
        'step.',
    },
  },
  {
    id: 'twice',
    mistake: 'Two linked crates declare an identity each',
    command: ['admit'],
    file: () => routerWith({ identities: [identity, identity] }),
    told: {
      check: 'identity.once',
      kind: 'DuplicateCustomSection',
      message: 'the module has more than one custom section cc_lb.plugin.v1',
      hint:
        'Declare the identity once: a crate that the plugin depends on, or a second object file, declares ' +
        'one too. `cc-lb-plugin identity FILE --name NAME --version VERSION` replaces them all by one.',
    },
  },
  {
    id: 'magic',
    mistake: 'The magic is a text of hex digits instead of eight numbers',
    command: ['admit'],
    file: () => routerWith({ identities: [identity.replace(magic, '"cc1b701000010000"')] }),
    told: {
      check: 'identity.payload',
      kind: 'MalformedPayload',
      path: '$.magic',
      message:
        'the custom section cc_lb.plugin.v1 does not hold an identity: a value has the wrong type: at ' +
        '$.magic, byte 9, expected an array of 8, found a string',
      hint:
        'Write the magic as [204,27,112,16,0,1,0,0]: an array of eight decimal numbers, and not a text or ' +
        'hexadecimal digits.',
    },
    right: ['{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"quota-router","plugin_version":"1.0.0"}'],
  },
  {
    id: 'name',
    mistake: 'The name is `Quota Router`',
    command: ['admit'],
    file: () => routerWith({ identities: [identity.replace('"router"', '"Quota Router"')] }),
    told: {
      check: 'identity.name',
      kind: 'Validation.PluginNameInvalid',
      message: 'the plugin name must match ^[a-z][a-z0-9_-]*$, with at most 64 bytes, but it is "Quota Router"',
      hint:
        'Begin the name with a lower-case letter, and use only lower-case letters, digits, - and _: for ' +
        'instance `quota-router`.',
    },
  },
  {
    id: 'wat',
    mistake: 'The file is WebAssembly text, a `.wat` file',
    command: ['admit'],
    file: async () => utf8('(module\n  (func (export "cc_lb_handshake") (result i32) i32.const 0))\n'),
    told: {
      check: 'identity.module',
      kind: 'WasmParseError',
      message:
        'the module is not well-formed: not WebAssembly but the text format (WAT): a module begins with ' +
        'the bytes 00 61 73 6d (at byte 0)',
      hint: 'Assemble the text first: `wat2wasm plugin.wat` or `wasm-tools parse plugin.wat -o plugin.wasm`.',
    },
  },
  {
    id: 'component',
    mistake: 'The file is a component, for example of `wasm32-wasip2`',
    command: ['inspect'],
    file: async () => Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00),
    told: {
      check: 'identity.module',
      kind: 'Component',
      message: 'a WebAssembly component, but a plugin is a core module (at byte 4)',
      hint:
        'Build a core module instead of a component: in Rust for wasm32-unknown-unknown and not ' +
        'wasm32-wasip2, without cargo-component; elsewhere leave out `wasm-tools component new` or `jco ' +
        'componentize`.',
    },
  },
];

/** Replaces a name in bytes by another of the same length. */
export function renamed(bytes: Uint8Array, from: RegExp, to: string): Uint8Array {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return Uint8Array.from(text.replaceAll(from, to), (character) => character.charCodeAt(0));
}
