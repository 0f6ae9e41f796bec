import { encodeArchiveJson, type HookPlugin, hooks } from '../../hooks/index.ts';
import type { FileAdmission, LocatedLayerReport } from '../../inspection/admission-report.ts';
import type { HookFileAdmission, LocatedStepReport } from '../../inspection/hook-admission-report.ts';
import { BuildPluginError, buildPlugin, compilePlugin, PluginCallError } from '../../plugin/index.ts';
import type { AdmissionLayer } from '../../protocol/admit.ts';
import { buildOffer, functionForSlot } from '../../protocol/handshake.ts';
import {
  augmentedMetadata,
  encodeJson,
  HANDSHAKE_FUEL,
  HANDSHAKE_WALL_MS,
  handshakeAccept,
  handshakeOffer,
  pluginIdentity,
  SELF_CHECK_FUEL,
  SELF_CHECK_WALL_MS,
  selfCheckRequest,
  selfCheckResponse,
} from '../../protocol/messages/index.ts';
import { cutText } from '../call/cut-text.ts';

/** What host and plugin said to each other in one layer or step, as JSON texts. */
export interface Exchange {
  /** What the plugin was sent; missing if it was not called. */
  readonly request?: string;
  /** What it answered, or what the host read or wrote; missing if there is nothing. */
  readonly response?: string;
}

/** The most characters of an answer that are kept. */
export const ANSWER_MAX = 65_536;

type Source = Uint8Array<ArrayBuffer> | WebAssembly.Module;

/**
 * Tells what was said in the layers of an admission.
 *
 * @param source what was admitted. A plugin whose answer was refused is asked again for its text.
 * @param now the time of the admission, in milliseconds.
 */
export function wireExchanges(report: FileAdmission, source: Source, now: number): Exchange[] {
  return report.layers.map((layer) =>
    layer.status === 'skipped' ? {} : exchangeOf[layer.layer]({ report, layer, source, now }),
  );
}

/** An admission, and the layer that is looked at. */
interface LayerOfAdmission {
  readonly report: FileAdmission;
  readonly layer: LocatedLayerReport;
  readonly source: Source;
  readonly now: number;
}

const exchangeOf: Readonly<Record<AdmissionLayer, (given: LayerOfAdmission) => Exchange>> = {
  identity: ({ report: { identity } }) =>
    identity === undefined ? {} : { response: encodeJson(pluginIdentity, identity, 'declared') },
  handshake: ({ report: { accept }, layer, source }) => {
    const request = encodeJson(handshakeOffer, buildOffer(), 'declared');
    const response = accept && encodeJson(handshakeAccept, accept, 'declared');
    const limits = { wallMs: HANDSHAKE_WALL_MS, fuel: HANDSHAKE_FUEL };
    return exchange(request, response ?? answerAgain(layer, source, { export: 'cc_lb_handshake', request, limits }));
  },
  self_check: ({ report: { slots = [], selfCheck }, layer, source, now }) => {
    const response = selfCheck && encodeJson(selfCheckResponse, selfCheck, 'declared');
    // A plugin without slots is not called.
    if (slots.length === 0) return exchange(undefined, response);
    const tested = { functions_to_test: slots.map(functionForSlot), initiated_at: Math.floor(now / 1000) };
    const request = encodeJson(selfCheckRequest, tested, 'declared');
    const limits = { wallMs: SELF_CHECK_WALL_MS, fuel: SELF_CHECK_FUEL };
    return exchange(request, response ?? answerAgain(layer, source, { export: 'cc_lb_self_check', request, limits }));
  },
  metadata: ({ report: { metadata } }) =>
    metadata === undefined ? {} : { response: encodeJson(augmentedMetadata, metadata, 'declared') },
};

function exchange(request: string | undefined, response: string | undefined): Exchange {
  return {
    ...(request !== undefined && { request }),
    ...(response !== undefined && { response: cutText(response, ANSWER_MAX).text }),
  };
}

/** The failures of layers after which the plugin has no answer to tell. */
const WITHOUT_ANSWER: readonly string[] = [
  'Instantiate',
  'MissingHandshakeExport',
  'MissingSelfCheckExport',
  'Timeout',
  'Call',
  'Clock',
];

/** A call as the layer made it. */
interface LayerCall {
  readonly export: string;
  readonly request: string;
  readonly limits: { readonly wallMs: number; readonly fuel: number };
}

/**
 * Calls a plugin as a failed layer did, for the text of its answer: the report has only what is
 * wrong with it.
 *
 * @returns `undefined` if it gave none.
 */
function answerAgain({ error }: LocatedLayerReport, source: Source, call: LayerCall): string | undefined {
  if (error === undefined || WITHOUT_ANSWER.includes(error.kind)) return undefined;
  try {
    using plugin = buildPlugin(compilePlugin(source), call.limits);
    return plugin.callText(call.export, call.request);
  } catch (thrown) {
    if (thrown instanceof PluginCallError || thrown instanceof BuildPluginError) return undefined;
    throw thrown;
  }
}

/**
 * Tells what was said in the steps of the admission of a hook plugin.
 *
 * @param plugin if it was admitted. It is probed again for the answers, which no report has.
 */
export function hookExchanges(report: HookFileAdmission, plugin: HookPlugin | undefined): Exchange[] {
  return report.steps.map((step) => (step.status === 'skipped' ? {} : stepExchange(report, step, plugin)));
}

function stepExchange(
  { inspection }: HookFileAdmission,
  { step, hook: name }: LocatedStepReport,
  plugin: HookPlugin | undefined,
): Exchange {
  if (step === 'inspect') return exchange(undefined, inspection && JSON.stringify(inspection.metadata));
  const hook = hooks.find((each) => each.name === name);
  if (hook === undefined) return {};
  const sample = hook.sample();
  const outcome = plugin?.call(hook, sample);
  const response = outcome?.kind === 'ok' ? encodeArchiveJson(hook.response, outcome.response) : undefined;
  return exchange(encodeArchiveJson(hook.request, sample), response);
}
