/**
 * All checks of hook plugins, in the order in which they run. Each group of checks is one file and
 * one row here.
 */
import { filterHook, shapeHook, transformResponseHook, transformSseEventHook } from '../../../hooks/hook.ts';
import type { Check } from '../../check.ts';
import type { ConformanceSlot } from '../../report.ts';
import { filterForms } from '../requests/filter.ts';
import { transformResponseForms, transformSseEventForms } from '../requests/response.ts';
import { shapeForms } from '../requests/shape.ts';
import { type HookSuite, sampleCheck, suiteOf } from '../suite.ts';
import type { HookTestHost } from '../test-host.ts';
import { admissionChecks, HOOKS_ADMITTED, inspectionChecks } from './admission.ts';
import { adviceChecks } from './advice.ts';
import { hookBudgetChecks } from './budget.ts';
import { filterRules } from './filter.ts';
import { hookIsolationChecks } from './isolation.ts';
import { transformResponseRules, transformSseEventRules } from './response.ts';
import { shapeRules } from './shape.ts';

const before = [HOOKS_ADMITTED];

/** The suites of the hooks that a host calls for each slot. */
const suitesOfSlot: Readonly<Record<ConformanceSlot, () => readonly HookSuite[]>> = {
  filter: () => [suiteOf(filterHook, filterForms(), filterRules, before)],
  shape: () => [
    suiteOf(shapeHook, shapeForms(), shapeRules, before),
    suiteOf(transformResponseHook, transformResponseForms(), transformResponseRules, before),
    suiteOf(transformSseEventHook, transformSseEventForms(), transformSseEventRules, before),
  ],
};

/** Makes the suites for plugins of these slots. */
export function hookSuitesFor(slots: readonly ConformanceSlot[]): readonly HookSuite[] {
  return slots.flatMap((slot) => suitesOfSlot[slot]());
}

/** The checks: admission, then each hook, then all hooks together. */
export function hookChecksFor(suites: readonly HookSuite[]): readonly Check<HookTestHost>[] {
  // A plugin that is not right for any slot is not admitted.
  const answered = [HOOKS_ADMITTED, ...suites.map(({ hook }) => sampleCheck(hook))];
  return [
    ...inspectionChecks,
    ...adviceChecks,
    ...admissionChecks,
    ...suites.flatMap(({ checks }) => checks),
    ...hookBudgetChecks(suites, answered),
    ...hookIsolationChecks(suites, answered),
  ];
}
