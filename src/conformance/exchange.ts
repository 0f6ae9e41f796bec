import type { AdmissionReport, LayerReport } from '../protocol/admit.ts';
import { buildOffer } from '../protocol/handshake.ts';
import { encodeJson, handshakeAccept, handshakeOffer, utf8Length } from '../protocol/messages/index.ts';
import { groupOf } from './answers.ts';
import { describeFault } from './call-faults.ts';
import type { Exercises } from './exercise.ts';
import type { CheckReport, ExchangeStep } from './report.ts';
import type { Bench, Subject } from './test-host.ts';

/** What the host and the plugin said to each other: the layers, and the sample of each function that was answered or tried. */
export function exchangeOf(bench: Bench, all: readonly Exercises[], checks: readonly CheckReport[]): ExchangeStep[] {
  const used = all.filter(({ name }) => bench.functions.includes(name));
  return [...bench.admission.layers.map((layer) => layerStep(bench, layer)), ...dispatchSteps(bench, used, checks)];
}

function layerStep(bench: Bench, { layer, status, durationMs, fuel, error }: LayerReport): ExchangeStep {
  const { admission } = bench;
  const told = status === 'passed' ? tell[layer](bench, admission) : {};
  return {
    layer,
    title: titles[layer],
    isCall: isCall[layer](admission),
    status,
    durationMs,
    ...(fuel !== undefined && { fuel }),
    ...told,
    ...(error !== undefined && { response: error.kind }),
  };
}

/** For a plugin without slots the export of the self-check must be there, but is not called. */
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
  metadata: 'keeps the record',
};

type Told = Pick<ExchangeStep, 'request' | 'response' | 'requestBytes' | 'responseBytes'>;

const tell: Readonly<Record<LayerReport['layer'], (bench: Bench, admission: AdmissionReport) => Told>> = {
  identity: (_, { identity }) => ({ response: `${identity?.plugin_name} ${identity?.plugin_version}` }),
  handshake: ({ options }, { accept }) => {
    const offer = buildOffer(options.hostCapabilities);
    const chosen = Object.entries(accept?.chosen_versions ?? {}).map(([name, version]) => `${name} ${version}`);
    return {
      request: `offer: ${Object.keys(offer.function_versions).length} functions, ${offer.host_capabilities.length} capabilities`,
      requestBytes: utf8Length(encodeJson(handshakeOffer, offer, 'declared')),
      response: `accept: ${chosen.join(', ')}`,
      ...(accept && { responseBytes: utf8Length(encodeJson(handshakeAccept, accept, 'declared')) }),
    };
  },
  self_check: (_, { slots, selfCheck }) => ({
    ...(slots?.length !== 0 && { request: `functions of ${slots?.join(', ')}` }),
    response: slots?.length === 0 ? 'success without a call: it fills no slot' : (selfCheck?.status ?? ''),
  }),
  metadata: (_, { metadata }) => ({
    response: `${Object.keys(metadata?.negotiated_functions ?? {}).length} functions, good for a week`,
  }),
};

function dispatchSteps(bench: Bench, used: readonly Exercises[], checks: readonly CheckReport[]): ExchangeStep[] {
  if (bench.admission.metadata === undefined) return [];
  return used.map((exercises) => {
    const { name } = exercises;
    const ofSample = checks.filter(({ id }) => isOfSample(id, name));
    const failed = ofSample.find(({ status }) => status === 'fail');
    // A sample that never comes back is not tried once more for a picture.
    if (failed !== undefined) return failedStep(name, failed, ofSample[0]);
    const isTried = ofSample.every(({ status }) => status === 'pass');
    return isTried ? bench.withPlugin((subject) => dispatchStep(subject, exercises)) : skippedStep(name);
  });
}

/** The checks of a function that its sample decides. */
function isOfSample(id: string, name: Exercises['name']): boolean {
  return ['answers', 'envelope', 'response'].some((rung) => id === `${groupOf(name)}.${rung}`);
}

function skippedStep(title: string): ExchangeStep {
  return { layer: 'dispatch', title, isCall: true, status: 'skipped', durationMs: 0 };
}

function failedStep(name: string, failed: CheckReport, answers: CheckReport | undefined): ExchangeStep {
  const { found = '' } = failed;
  const { measured, durationMs = 0 } = answers ?? {};
  const step = { layer: 'dispatch', title: name, isCall: true, status: 'failed', request: 'the sample' } as const;
  return { ...step, response: found, durationMs, ...(measured && { fuel: measured.value }) };
}

function dispatchStep(subject: Subject, { name, sample }: Exercises): ExchangeStep {
  const requestBytes = utf8Length(sample.text(subject));
  const since = performance.now();
  const reply = sample.dispatch(subject);
  const durationMs = performance.now() - since;
  const step = {
    layer: 'dispatch',
    title: name,
    isCall: true,
    request: 'the sample',
    requestBytes,
    durationMs,
  } as const;
  const { fuel } = subject;
  if (reply.kind === 'fallback') return { ...step, status: 'failed', fuel, response: describeFault(reply.error) };
  const version = `"_v":${subject.version(name)},`;
  return {
    ...step,
    status: 'passed',
    fuel,
    response: 'the response',
    responseBytes: utf8Length(reply.text) + version.length - (reply.text === '{}' ? 1 : 0),
  };
}
