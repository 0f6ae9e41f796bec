import type { IdentityReadFailure, IdentityViolation } from '../protocol/identity.ts';
import type { MetadataFailure } from '../protocol/metadata.ts';
import { type Hints, hintIn, quoted } from './hint.ts';
import { jsonHint } from './json.ts';
import { fileHint } from './module-file.ts';

const COMMAND = 'cc-lb-plugin identity FILE --name NAME --version VERSION';

const MAGIC = '[204,27,112,16,0,1,0,0]';

/** What to do about a module without a valid identity. */
const hints: Hints<IdentityReadFailure> = {
  WasmParseError: ({ fault }) => fileHint(fault),
  MissingCustomSection: ({ near }) =>
    near === undefined
      ? 'Write the section: in Rust with #[used] #[link_section = "cc_lb.plugin.v1"] static, in C and Zig with ' +
        '.section .custom_section.' +
        `cc_lb.plugin.v1,"",@, elsewhere with \`${COMMAND}\`. If the source has it, look for a later step that ` +
        `strips ` +
        'it: wasm-strip, `wasm-tools strip`, or a way through the text format (wasm2wat); write it after that step.'
      : `Rename the section ${quoted(near)} to \`cc_lb.plugin.v1\`, with these dots and this underscore.`,
  DuplicateCustomSection:
    'Declare the identity once: a crate that the plugin depends on, or a second object file, declares one too. ' +
    `\`${COMMAND}\` replaces them all by one.`,
  SectionTooLarge: 'Write only the identity into the section: its four fields take less than 250 bytes.',
  MalformedPayload: ({ fault }) => {
    if (fault.path.startsWith('$.magic')) {
      return `Write the magic as ${MAGIC}: an array of eight decimal numbers, and not a text or hexadecimal digits.`;
    }
    return fault.kind === 'Syntax'
      ? 'Write one object in JSON with exactly magic, abi_envelope, plugin_name and plugin_version, without a byte ' +
          `order mark, and nothing after it: byte ${fault.offset} must be ${fault.expected}, not ${fault.found}.`
      : jsonHint(fault);
  },
  MagicMismatch: `Copy the magic: ${MAGIC}. It says that the module is a plugin of cc-lb, and is the same for all.`,
  Validation: (failure) => hintIn(violations(failure.found), failure.violation),
};

function violations(found: string): Hints<IdentityViolation> {
  const name = suggestedName(found);
  return {
    PluginNameEmpty: 'Name the plugin: plugin_name has 1 to 64 bytes.',
    PluginNameInvalid:
      'Begin the name with a lower-case letter, and use only lower-case letters, digits, - and _' +
      `${name === undefined ? ', at most 64 bytes.' : `: for instance \`${name}\`.`}`,
    PluginVersionEmpty: 'Set plugin_version, for instance to 0.1.0.',
    PluginVersionTooLong: 'Shorten plugin_version to at most 32 bytes.',
  };
}

/** Makes a valid name of another one; `undefined` if nothing is left of it. */
function suggestedName(found: string): string | undefined {
  const name = found
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 64);
  return name === '' || name === found ? undefined : name;
}

/** Says what to do about a module without a valid identity. */
export function identityHint(failure: IdentityReadFailure): string | undefined {
  if (failure.generation === 2) {
    return (
      'Admit it as a hook plugin: with admitHooks and verifyHooks of this package. The commands of cc-lb-plugin ' +
      'find that out by themselves.'
    );
  }
  return hintIn(hints, failure);
}

/** What to do about a record that cannot be made. */
const recordHints: Hints<MetadataFailure> = {
  IdentityValidationFailed: { none: 'the layer of the identity reports it first' },
  InvalidTimestamp: ({ field }) =>
    field === 'self_check_completed_at'
      ? 'Copy completed_at from initiated_at of the self-check request, in seconds since 1970.'
      : 'Set the clock of the host: it must give a time after 1970.',
  ExpirationBeforeHandshake: { none: 'the host gave a time to live that is not above 0' },
  NoNegotiatedFunctions:
    'Implement a wire function, such as filter. List it in implemented_functions, plugin_supported and ' +
    'chosen_versions.',
  SizeLimitExceeded: 'Require fewer capabilities: the record of the plugin would be larger than a host stores.',
  SerializationFailed: { none: 'the host gave a time that cannot be written' },
};

/** Says what to do about a record that cannot be made. */
export function recordHint(failure: MetadataFailure): string | undefined {
  return hintIn(recordHints, failure);
}
