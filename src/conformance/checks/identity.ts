import { IDENTITY_SECTION_NAME, type IdentityReadFailure, type IdentityViolation } from '../../protocol/identity.ts';
import { readSections, WasmFormatError } from '../../wasm/index.ts';
import { type Check, type Finding, fail, pass } from '../check.ts';
import { ladder, type Rung } from '../layer-rules.ts';
import type { Bench } from '../test-host.ts';

const anchor = 'layer-1-identity';

/** The only value of `abi_envelope` that has a meaning. */
const ABI_ENVELOPE = 1;

const moduleCheck: Check = {
  id: 'identity.module',
  rule: 'The bytes are a well-formed WebAssembly core module.',
  anchor,
  hint: 'Give the .wasm file that the compiler wrote: not a component, not WAT, nothing compressed, not cut off.',
  needs: [],
  run: checkSections,
};

const rungs: readonly Rung[] = [
  {
    id: 'identity.section',
    rule: 'There is a custom section cc_lb.plugin.v1.',
    anchor,
    hint: 'Add the section: a guest library writes it, but a linker drops it when nothing refers to it, and wasm-opt or strip may take it out.',
  },
  {
    id: 'identity.size',
    rule: 'The section has at most 65536 bytes.',
    anchor,
    hint: 'Keep nothing in the section but the identity.',
  },
  {
    id: 'identity.payload',
    rule: 'The section holds the JSON of an identity.',
    anchor,
    hint: 'Write an object with exactly magic, abi_envelope, plugin_name and plugin_version, as UTF-8, with nothing after it.',
  },
  {
    id: 'identity.magic',
    rule: 'magic is [204,27,112,16,0,1,0,0].',
    anchor,
    hint: 'Write the magic as these eight numbers.',
  },
  {
    id: 'identity.name',
    rule: 'plugin_name has 1 to 64 bytes and matches ^[a-z][a-z0-9_-]*$.',
    anchor,
    hint: 'Begin the name with a lower-case letter, and use lower-case letters, digits, - and _ only.',
  },
  {
    id: 'identity.version',
    rule: 'plugin_version has 1 to 32 bytes.',
    anchor,
    hint: 'Give a version, and a short one.',
  },
  {
    id: 'identity.once',
    rule: 'There is no second section cc_lb.plugin.v1.',
    anchor,
    hint: 'Link one identity only: two crates or files that each declare one give two sections.',
  },
];

const checkOf: Readonly<Record<IdentityReadFailure['kind'] | IdentityViolation['kind'], string>> = {
  WasmParseError: 'identity.module',
  MissingCustomSection: 'identity.section',
  SectionTooLarge: 'identity.size',
  MalformedPayload: 'identity.payload',
  MagicMismatch: 'identity.magic',
  PluginNameEmpty: 'identity.name',
  PluginNameInvalid: 'identity.name',
  PluginVersionEmpty: 'identity.version',
  PluginVersionTooLong: 'identity.version',
  DuplicateCustomSection: 'identity.once',
  Validation: '',
};

/** What the layer takes, and the published conformance suite does not. */
const formChecks: readonly Check[] = [
  {
    id: 'identity.object',
    rule: 'The identity is a JSON object.',
    anchor,
    hint: 'Write the fields with their names. Decoders also take an array of the values in declared order, but other tools do not.',
    needs: ['identity.once'],
    run: ({ wasm }) => {
      const found = firstCharacter(wasm);
      return found === '{' ? pass() : fail(`the JSON begins with ${found}, expected {`);
    },
  },
  {
    id: 'identity.envelope',
    rule: `abi_envelope is ${ABI_ENVELOPE}.`,
    anchor,
    hint: `Write ${ABI_ENVELOPE}: no other envelope is defined.`,
    needs: ['identity.once'],
    run: ({ admission }) => {
      const found = admission.identity?.abi_envelope;
      return found === ABI_ENVELOPE ? pass() : fail(`abi_envelope is ${found}, expected ${ABI_ENVELOPE}`);
    },
  },
];

/** The checks of layer 1. */
export const identityChecks: readonly Check[] = [
  moduleCheck,
  ...ladder('identity', rungs, checkOf, ['identity.module']),
  ...formChecks,
];

/** The first character of the identity's JSON, white space left out. */
function firstCharacter(wasm: Uint8Array): string {
  const sections = [...readSections(wasm)].filter(({ name }) => name === IDENTITY_SECTION_NAME);
  const [payload] = sections.map(({ contentOffset, end }) => wasm.subarray(contentOffset, end));
  return new TextDecoder().decode(payload).trimStart().charAt(0);
}

function checkSections({ wasm }: Bench): Finding {
  try {
    for (const _ of readSections(wasm));
    return pass({ value: wasm.length, unit: 'bytes' });
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    return fail(error.message, wasm.length === 0 ? 'The file is empty.' : undefined);
  }
}
