import { type Check, type Finding, fail, pass } from '../check.ts';
import { functionsOf } from '../kinds.ts';
import type { Bench } from '../test-host.ts';
import { negotiatedFunctions } from '../test-host.ts';
import { SELF_CHECK_DONE } from './self-check.ts';

/** The check that must pass before a plugin is dispatched to. */
export const ADMITTED = 'record.functions';

/** The checks of layer 4, and of what the plugin is verified as. */
export const recordChecks: readonly Check[] = [
  {
    id: ADMITTED,
    rule: 'At least one function is negotiated.',
    anchor: 'record-order-of-checks',
    hint: 'Implement a wire function, and name it in implemented_functions, plugin_supported and chosen_versions.',
    needs: [SELF_CHECK_DONE, 'handshake.chosen-complete'],
    run: checkRecord,
  },
  {
    id: 'kind.required',
    rule: 'The functions that the kind requires are negotiated.',
    anchor: 'slots-and-kinds',
    hint: 'Implement the missing function, or verify the plugin as another kind.',
    needs: [ADMITTED],
    run: checkRequired,
  },
  {
    id: 'kind.allowed',
    rule: 'No other functions are negotiated than the kind allows.',
    anchor: 'slots-and-kinds',
    hint: 'Build a plugin of its own for the other kind, or verify with the kind auto.',
    needs: [ADMITTED],
    run: checkAllowed,
  },
];

function checkRecord({ admission }: Bench): Finding {
  const error = admission.layers.find(({ layer }) => layer === 'metadata')?.error;
  if (error !== undefined) return fail(error.message);
  return pass({ value: negotiatedFunctions(admission).length, unit: 'functions' });
}

function checkRequired({ kinds, functions }: Bench): Finding {
  const required = functionsOf(kinds, 'required');
  const missing = required.filter((name) => !functions.includes(name));
  if (missing.length > 0) return fail(`a plugin of the kind ${kinds.join(', ')} has no ${missing.join(', ')}`);
  return pass({ value: required.length, unit: 'functions' });
}

function checkAllowed({ kinds, functions, admission }: Bench): Finding {
  const others = negotiatedFunctions(admission).filter((name) => !functions.some((allowed) => allowed === name));
  if (others.length > 0) return fail(`a plugin of the kind ${kinds.join(', ')} has ${others.join(', ')}`);
  return pass({ value: functions.length, unit: 'functions' });
}
