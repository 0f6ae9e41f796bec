import type { HookStepReport } from '../../hooks/admit.ts';
import { planArchive } from '../../hooks/archive/encode.ts';
import { hooks } from '../../hooks/hook.ts';
import type { ExchangeStep } from '../report.ts';
import { describeCallFault } from './faults.ts';
import { SAMPLE } from './requests/form.ts';
import { type HookExercise, type HookSuite, suitesFor } from './suite.ts';
import type { HookTestHost } from './test-host.ts';

/**
 * The exchange between host and plugin: one step for each step of admission, then one for each
 * sample.
 */
export function hookExchangeOf(host: HookTestHost, suites: readonly HookSuite[]): ExchangeStep[] {
  const { admission } = host;
  const exercises = suitesFor(host, suites).flatMap((suite) => suite.exercises);
  const samples = exercises.filter(({ form }) => form === SAMPLE);
  return [
    ...admission.steps.map((step) => admissionStep(host, step)),
    ...(admission.admitted ? samples.flatMap((sample) => callStep(host, sample)) : []),
  ];
}

/** What the host does by itself. The title of a probe is the hook's export. */
const titles: Readonly<Record<HookStepReport['step'], string>> = {
  inspect: 'inspects the module',
  compile: 'compiles the module',
  probe: 'probes a hook',
};

function admissionStep({ admission }: HookTestHost, report: HookStepReport): ExchangeStep {
  const { step: layer, hook: name, status, durationMs, fuel, error } = report;
  const hook = hooks.find((each) => each.name === name);
  const metadata = admission.inspection?.metadata;
  const response = layer === 'inspect' ? `${metadata?.name} ${metadata?.version}` : undefined;
  return {
    layer,
    title: hook?.exportName ?? titles[layer],
    isCall: layer === 'probe',
    status,
    durationMs,
    ...(hook && { request: 'the probe', requestBytes: planArchive(hook.request, hook.sample()).size }),
    ...(fuel !== undefined && { fuel }),
    ...(status === 'passed' && response !== undefined && { response }),
    ...(status === 'passed' && hook && { response: 'the response' }),
    ...(error !== undefined && { response: error.kind }),
  };
}

function callStep(host: HookTestHost, sample: HookExercise): ExchangeStep[] {
  const reply = sample.first(host);
  if (reply === undefined) return [];
  const { error, fuel, durationMs, size } = reply;
  const step = { layer: 'call', title: `cc_lb_${sample.hook}`, isCall: true, request: 'the sample' } as const;
  const sent = { ...step, requestBytes: sample.requestBytes(), requestJson: sample.requestJson(), durationMs, fuel };
  return error === undefined
    ? [{ ...sent, status: 'passed', response: 'the response', responseBytes: size }]
    : [{ ...sent, status: 'failed', response: describeCallFault(error) }];
}
