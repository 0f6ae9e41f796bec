import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as surface from '../src/index.ts';

const publicSurface = suite('the public surface');

/** The values of the public surface. The compiler checks the types. */
const values = [
  ...['admit', 'admitAsync', 'probeWireVersion'],
  ...['readIdentity', 'readModuleIdentity', 'validateIdentity', 'IDENTITY_MAGIC', 'IDENTITY_SECTION_NAME'],
  ...['IdentityReadError', 'writeIdentity', 'ABI_ENVELOPE'],
  ...[
    'buildOffer',
    'validateOffer',
    'canonicalizeOffer',
    'hostOfferHash',
    'HANDSHAKE_SCHEMA_VERSION',
    'ENVELOPE_VERSION',
  ],
  ...['executeHandshake', 'validateAccept', 'validateAcceptShape', 'HandshakeExecutionError'],
  ...['slotsFromHandshake', 'slotsFromLegacyExports', 'functionForSlot'],
  ...['executeSelfCheck', 'validateSelfCheckRequest', 'validateSelfCheckResponse', 'SelfCheckExecutionError'],
  ...['createMetadata', 'validateMetadata', 'isExpired', 'ttlSeconds', 'validateRegistryRecord', 'MetadataError'],
  ...['compilePlugin', 'compilePluginAsync', 'CompiledPlugin', 'buildPlugin', 'Plugin'],
  ...['BuildPluginError', 'PluginCallError', 'preparePlugin'],
  ...['MODULE_LIMITS', 'NO_LIMITS'],
  ...['meterModule', 'instantiateMetered', 'instantiateMeteredAsync', 'countGrowth', 'Meter', 'MeteringError'],
  ...['dispatchWireCall', 'DispatchError'],
  ...['hostFunctions', 'HostState', 'HostFunctionError', 'hostFunction', 'USER_NAMESPACE'],
  ...['createKernel', 'Kernel', 'KernelFunctionError'],
  ...['noTelemetry', 'consoleTelemetry', 'diagnosticsChannelTelemetry'],
  ...['LOG_CHANNEL', 'COUNTER_CHANNEL', 'HISTOGRAM_CHANNEL', 'GAUGE_CHANNEL'],
  'generationOf',
  ...['wire', 'limits', 'allWireFunctions', 'requiredFunctionsForKind', 'allowedFunctionsForKind'],
  ...['OpaqueJson', 'decodeJson', 'decodeJsonBytes', 'encodeJson', 'JsonDecodeError', 'JsonEncodeError'],
  ...['pluginIdentity', 'pluginSlot', 'handshakeOffer', 'handshakeOfferRaw', 'handshakeAccept', 'canonicalOffer'],
  ...['selfCheckRequest', 'selfCheckResponse', 'augmentedMetadata', 'pluginRegistryRecord'],
];

publicSurface('has these values and no others', () => {
  assert.equal(Object.keys(surface).sort(), [...values].sort());
});

publicSurface('has no value that is undefined', () => {
  for (const [name, value] of Object.entries(surface)) assert.is.not(value, undefined, name);
});

publicSurface.run();
