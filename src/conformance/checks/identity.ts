import { recover } from '../../failure.ts';
import { fileHint } from '../../hints/index.ts';
import {
  ABI_ENVELOPE,
  IDENTITY_SECTION_NAME,
  type IdentityReadFailure,
  type IdentityViolation,
} from '../../protocol/identity.ts';
import { readSections, WasmFormatError } from '../../wasm/index.ts';
import { type Check, type Finding, fail, pass } from '../check.ts';
import { type LayerRule, layerChecks } from '../layer-rules.ts';
import type { TestHost } from '../test-host.ts';

const anchor = 'layer-1-identity';

const moduleCheck: Check = {
  id: 'identity.module',
  rule: 'The bytes are a well-formed WebAssembly core module.',
  anchor,
  needs: [],
  run: checkSections,
};

const rules: readonly LayerRule[] = [
  {
    id: 'identity.generation',
    rule: 'The module speaks the protocol over the Extism kernel, not the hook ABI.',
    anchor,
  },
  {
    id: 'identity.section',
    rule: 'The module has a custom section cc_lb.plugin.v1.',
    anchor,
  },
  {
    id: 'identity.size',
    rule: 'The section has at most 65536 bytes.',
    anchor,
  },
  {
    id: 'identity.payload',
    rule: 'The section contains an identity in JSON.',
    anchor,
  },
  {
    id: 'identity.magic',
    rule: 'magic is [204,27,112,16,0,1,0,0].',
    anchor,
  },
  {
    id: 'identity.name',
    rule: 'plugin_name has 1 to 64 bytes and matches ^[a-z][a-z0-9_-]*$.',
    anchor,
  },
  {
    id: 'identity.version',
    rule: 'plugin_version has 1 to 32 bytes.',
    anchor,
  },
  {
    id: 'identity.once',
    rule: 'The module has only one section cc_lb.plugin.v1.',
    anchor,
  },
];

const checkOf: Readonly<Record<IdentityReadFailure['kind'] | IdentityViolation['kind'] | 'OtherGeneration', string>> = {
  OtherGeneration: 'identity.generation',
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

/** Rules of the published conformance suite that the layer does not check. */
const formChecks: readonly Check[] = [
  {
    id: 'identity.object',
    rule: 'The identity is a JSON object.',
    anchor: 'A-1',
    hint: 'Write an object. The decoder of the protocol also accepts an array of the values, but other tools do not.',
    needs: ['identity.once'],
    run: ({ wasm }) => {
      const found = firstCharacter(wasm);
      return found === '{' ? pass() : fail(`the JSON begins with ${found}, expected {`);
    },
  },
  {
    id: 'identity.envelope',
    rule: `abi_envelope is ${ABI_ENVELOPE}.`,
    anchor: 'A-1',
    hint: `Write ${ABI_ENVELOPE}. No other envelope is defined.`,
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
  ...layerChecks('identity', rules, checkOf, ['identity.module']),
  ...formChecks,
];

/** The first character of the identity's JSON after white space. */
function firstCharacter(wasm: Uint8Array): string {
  const sections = [...readSections(wasm)].filter(({ name }) => name === IDENTITY_SECTION_NAME);
  const [payload] = sections.map(({ contentOffset, end }) => wasm.subarray(contentOffset, end));
  return new TextDecoder().decode(payload).trimStart().charAt(0);
}

function checkSections({ wasm }: TestHost): Finding {
  const walk = (): Finding => {
    for (const _ of readSections(wasm));
    return pass({ value: wasm.length, unit: 'bytes' });
  };
  return recover(walk, WasmFormatError, ({ message, failure }) => fail(message, fileHint(failure)));
}
