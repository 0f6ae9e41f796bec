/**
 * All checks, in the order in which they run. Each group of checks is one file and one row here.
 */
import type { WireFunctionName } from '../../protocol/messages/index.ts';
import { answerChecks, groupOf, sampleCheck } from '../answers.ts';
import type { Check } from '../check.ts';
import { exercisesFor } from '../exercises.ts';
import { functionsOf } from '../kinds.ts';
import type { ResolvedOptions } from '../options.ts';
import type { ConformanceKind } from '../report.ts';
import { budgetChecks } from './budget.ts';
import { determinismChecks } from './determinism.ts';
import { filterChecks } from './filter.ts';
import { handshakeChecks } from './handshake.ts';
import { headerCaseChecks } from './header-case.ts';
import { identityChecks } from './identity.ts';
import { isolationChecks } from './isolation.ts';
import { normalizeErrorChecks, shapeChecks, signChecks } from './messages.ts';
import { observeChecks } from './observe.ts';
import { onUnauthorizedChecks } from './on-unauthorized.ts';
import { publishedSuiteChecks } from './published-suite.ts';
import { ADMITTED, recordChecks } from './record.ts';
import { refusalChecks } from './refusals.ts';
import { selfCheckChecks } from './self-check.ts';

/** The checks that only one function has. */
const ownChecks: Readonly<Record<WireFunctionName, readonly Check[]>> = {
  filter: filterChecks,
  shape: shapeChecks,
  normalize_error: normalizeErrorChecks,
  build_signer: [],
  sign: signChecks,
  on_unauthorized: onUnauthorizedChecks,
  observe: observeChecks,
};

/**
 * The checks for plugins of these kinds: the layers, then each function, then all functions
 * together.
 */
export function checksFor(kinds: readonly ConformanceKind[], options: ResolvedOptions): readonly Check[] {
  const exercises = exercisesFor(options);
  const used = functionsOf(kinds, 'allowed').map((name) => exercises[name]);
  const ofFunctions = used.flatMap((each) => [
    ...answerChecks(each),
    ...ownChecks[each.name],
    ...headerCaseChecks(each.name),
    ...determinismChecks(each),
    ...refusalChecks(each),
  ]);
  const answered = [ADMITTED, ...used.flatMap(({ name }) => [sampleCheck(name), `${groupOf(name)}.all-options`])];
  return [
    ...identityChecks,
    ...handshakeChecks,
    ...selfCheckChecks,
    ...recordChecks,
    ...ofFunctions,
    ...isolationChecks(used, answered),
    ...budgetChecks(used, answered),
    ...publishedSuiteChecks(functionsOf(kinds, 'allowed'), answered),
  ];
}
