import { layerHint } from '../../hints/index.ts';
import { type Check, type Finding, fail, pass } from '../check.ts';
import { functionsOf } from '../kinds.ts';
import type { TestHost } from '../test-host.ts';
import { negotiatedFunctions } from '../test-host.ts';
import { SELF_CHECK_DONE } from './self-check.ts';

/** The id of the check that must pass before any dispatch. */
export const ADMITTED = 'record.functions';

/** The checks of layer 4, and of the kind that the plugin is verified as. */
export const recordChecks: readonly Check[] = [
  {
    id: ADMITTED,
    rule: 'At least one function is negotiated.',
    anchor: 'record-order-of-checks',
    needs: [SELF_CHECK_DONE, 'handshake.chosen-complete'],
    run: checkRecord,
  },
  {
    id: 'kind.required',
    rule: 'All functions that the kind requires are negotiated.',
    anchor: 'A-4',
    hint: 'Implement the missing function, or verify the plugin as another kind.',
    needs: [ADMITTED],
    run: checkRequired,
  },
  {
    id: 'kind.allowed',
    rule: 'Only functions that the kind allows are negotiated.',
    anchor: 'A-4',
    hint: 'Build a separate plugin for the other kind, or verify as kind auto.',
    needs: [ADMITTED],
    run: checkAllowed,
  },
];

function checkRecord({ admission }: TestHost): Finding {
  const report = admission.layers.find(({ layer }) => layer === 'metadata');
  if (report?.error !== undefined) return fail(report.error.message, layerHint(report));
  return pass({ value: negotiatedFunctions(admission).length, unit: 'functions' });
}

function checkRequired({ kinds, functions }: TestHost): Finding {
  const required = functionsOf(kinds, 'required');
  const missing = required.filter((name) => !functions.includes(name));
  if (missing.length > 0) return fail(`missing for the kind ${kinds.join(', ')}: ${missing.join(', ')}`);
  return pass({ value: required.length, unit: 'functions' });
}

function checkAllowed({ kinds, functions, admission }: TestHost): Finding {
  const others = negotiatedFunctions(admission).filter((name) => !functions.some((allowed) => allowed === name));
  if (others.length > 0) return fail(`not allowed for the kind ${kinds.join(', ')}: ${others.join(', ')}`);
  return pass({ value: functions.length, unit: 'functions' });
}
