import { recover } from '../failure.ts';
import { BuildPluginError } from '../plugin/index.ts';
import type { AdmissionReport, LayerReport } from '../protocol/admit.ts';
import { buildOffer } from '../protocol/handshake.ts';
import { encodeJson, handshakeAccept, handshakeOffer, utf8Length } from '../protocol/messages/index.ts';
import { groupOf, usesState } from './answers.ts';
import { describeFault } from './call-faults.ts';
import type { Exercises } from './exercise.ts';
import type { CheckReport, ExchangeStep } from './report.ts';
import type { PluginUnderTest, TestHost } from './test-host.ts';

/**
 * The exchange between host and plugin: one step for each layer, then one for each function's
 * sample.
 */
export function exchangeOf(host: TestHost, all: readonly Exercises[], checks: readonly CheckReport[]): ExchangeStep[] {
  const used = all.filter(({ name }) => host.functions.includes(name));
  return [...host.admission.layers.map((layer) => layerStep(host, layer)), ...dispatchSteps(host, used, checks)];
}

function layerStep(host: TestHost, { layer, status, durationMs, fuel, error }: LayerReport): ExchangeStep {
  const { admission } = host;
  const messages = status === 'passed' ? messagesOf[layer](host, admission) : {};
  return {
    layer,
    title: titles[layer],
    isCall: isCall[layer](admission),
    status,
    durationMs,
    ...(fuel !== undefined && { fuel }),
    ...messages,
    ...(error !== undefined && { response: error.kind }),
  };
}

/** The self-check of a plugin without slots must be exported, but the host does not call it. */
const isCall: Readonly<Record<LayerReport['layer'], (admission: AdmissionReport) => boolean>> = {
  identity: () => false,
  handshake: () => true,
  self_check: ({ slots }) => slots?.length !== 0,
  metadata: () => false,
};

const titles: Readonly<Record<LayerReport['layer'], string>> = {
  identity: 'reads cc_lb.plugin.v1',
  handshake: 'cc_lb_handshake',
  self_check: 'cc_lb_self_check',
  metadata: 'writes the record',
};

/** What a step of the exchange shows of the messages. */
type Messages = Pick<ExchangeStep, 'request' | 'response' | 'requestBytes' | 'responseBytes'>;

const messagesOf: Readonly<Record<LayerReport['layer'], (host: TestHost, admission: AdmissionReport) => Messages>> = {
  identity: (_, { identity }) => ({ response: `${identity?.plugin_name} ${identity?.plugin_version}` }),
  handshake: ({ options }, { accept }) => {
    const offer = buildOffer(options.hostCapabilities);
    const chosen = Object.entries(accept?.chosen_versions ?? {}).map(([name, version]) => `${name} ${version}`);
    return {
      request:
        `offer: ${Object.keys(offer.function_versions).length} functions, ${offer.host_capabilities.length} ` +
        'capabilities',
      requestBytes: utf8Length(encodeJson(handshakeOffer, offer, 'declared')),
      response: `accept: ${chosen.join(', ')}`,
      ...(accept && { responseBytes: utf8Length(encodeJson(handshakeAccept, accept, 'declared')) }),
    };
  },
  self_check: (_, { slots, selfCheck }) => ({
    ...(slots?.length !== 0 && { request: `functions of ${slots?.join(', ')}` }),
    response: slots?.length === 0 ? 'success without a call: no slots' : (selfCheck?.status ?? ''),
  }),
  metadata: (_, { metadata }) => ({
    response: `${Object.keys(metadata?.negotiated_functions ?? {}).length} functions, valid for a week`,
  }),
};

function dispatchSteps(host: TestHost, used: readonly Exercises[], checks: readonly CheckReport[]): ExchangeStep[] {
  if (host.admission.metadata === undefined) return [];
  return used.map((exercises) => {
    const { name } = exercises;
    const ofSample = checks.filter(({ id }) => isOfSample(id, name));
    const failed = ofSample.find(({ status }) => status === 'fail');
    // The sample may have used up its budget, so it is not run again for the picture.
    if (failed !== undefined) return failedStep(host, exercises, failed, ofSample[0]);
    const isTried = ofSample.every(({ status }) => status === 'pass');
    return isTried ? host.withPlugin((plugin) => dispatchStep(plugin, exercises)) : skippedStep(name);
  });
}

/** Whether a check judges the sample of a function. */
function isOfSample(id: string, name: Exercises['name']): boolean {
  return ['answers', 'envelope', 'response'].some((part) => id === `${groupOf(name)}.${part}`);
}

function skippedStep(title: string): ExchangeStep {
  return { layer: 'dispatch', title, isCall: true, status: 'skipped', durationMs: 0 };
}

function failedStep(
  host: TestHost,
  exercises: Exercises,
  failed: CheckReport,
  answers: CheckReport | undefined,
): ExchangeStep {
  const { found = '' } = failed;
  const { measured, durationMs = 0 } = answers ?? {};
  return {
    layer: 'dispatch',
    title: exercises.name,
    isCall: true,
    status: 'failed',
    request: 'the sample',
    ...(!holdsState(exercises) && requestOfFailed(host, exercises)),
    response: found,
    durationMs,
    ...(measured && { fuel: measured.value }),
  };
}

/** The request of a sample that failed; nothing if the plugin cannot be built at all. */
function requestOfFailed(host: TestHost, exercises: Exercises): Pick<ExchangeStep, 'requestBytes' | 'requestJson'> {
  return recover(
    () => host.withPlugin((plugin) => requestOf(plugin, exercises)),
    BuildPluginError,
    () => ({}),
  );
}

/** Whether the sample holds the state of a signer. Making it may call the plugin, too. */
function holdsState({ name }: Exercises): boolean {
  return name === 'build_signer' || usesState(name);
}

function requestOf(plugin: PluginUnderTest, exercises: Exercises): Pick<ExchangeStep, 'requestBytes' | 'requestJson'> {
  const text = exercises.sample.text(plugin);
  return { requestBytes: utf8Length(text), ...(!holdsState(exercises) && { requestJson: text }) };
}

function dispatchStep(plugin: PluginUnderTest, exercises: Exercises): ExchangeStep {
  const { name, sample } = exercises;
  const sent = requestOf(plugin, exercises);
  const since = performance.now();
  const reply = sample.dispatch(plugin);
  const durationMs = performance.now() - since;
  const step = {
    layer: 'dispatch',
    title: name,
    isCall: true,
    request: 'the sample',
    ...sent,
    durationMs,
  } as const;
  const { fuel } = plugin;
  if (reply.kind === 'fallback') return { ...step, status: 'failed', fuel, response: describeFault(reply.error) };
  const version = `"_v":${plugin.version(name)},`;
  return {
    ...step,
    status: 'passed',
    fuel,
    response: 'the response',
    responseBytes: utf8Length(reply.text) + version.length - (reply.text === '{}' ? 1 : 0),
  };
}
