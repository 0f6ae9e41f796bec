// Examples of the messages and records of the layers before dispatch: those of a plugin that
// filters, and of the built-in offer.
import { IDENTITY_MAGIC } from '../../src/protocol/identity.ts';
import { limits } from '../../src/protocol/messages/index.ts';
import { buildOffer, ENVELOPE_VERSION, HANDSHAKE_SCHEMA_VERSION } from '../../src/protocol/offer.ts';

const NOW = 1_750_000_000;

const versions = { handshake_schema_version: HANDSHAKE_SCHEMA_VERSION, envelope_version: ENVELOPE_VERSION };

const offer = buildOffer(['streaming']);

const identity = {
  magic: IDENTITY_MAGIC,
  abi_envelope: 1,
  plugin_name: 'example-router',
  plugin_version: '0.1.0',
};

const metadata = {
  identity,
  negotiated_functions: { filter: 1 },
  negotiated_capabilities: [],
  handshake_completed_at: NOW,
  self_check_passed: true,
  self_check_completed_at: NOW,
  expires_at: NOW + limits.SKIP_HANDSHAKE_IF_FRESH_TTL_SECS,
};

const failure = { stage: 'wire_function_test', message: 'filter: missing field `results`' };

/** The record of a plugin in a host's registry. */
export const registryRecordExample = {
  plugin_id: nameOf(identity),
  augmented_metadata: metadata,
  registered_at: NOW,
};

/** The examples, by the names of the types. */
export const examples: Readonly<Record<string, readonly unknown[]>> = {
  PluginIdentity: [identity],
  HandshakeOffer: [offer],
  CanonicalOffer: [offer],
  FunctionVersionOfferRaw: [{ function: 'filter', versions: [1] }],
  HandshakeOfferRaw: [
    {
      ...versions,
      function_versions: [
        { function: 'filter', versions: [2, 1] },
        { function: 'filter', versions: [1] },
      ],
      host_capabilities: ['Streaming', 'streaming'],
    },
  ],
  HandshakeAccept: [
    {
      ...versions,
      chosen_versions: { filter: 1 },
      plugin_supported: { filter: [1] },
      implemented_functions: ['filter'],
      required_capabilities: [],
    },
  ],
  PluginSlot: ['router'],
  SelfCheckRequest: [{ functions_to_test: ['filter'], initiated_at: NOW }],
  SelfCheckResponse: [
    { status: 'success', failures: [], completed_at: NOW },
    { status: 'failure', failures: [failure], completed_at: NOW },
  ],
  SelfCheckFailure: [failure],
  AugmentedMetadata: [metadata],
  PluginRegistryRecord: [registryRecordExample],
};

function nameOf({ plugin_name, plugin_version }: typeof identity): string {
  return `${plugin_name}@${plugin_version}`;
}
