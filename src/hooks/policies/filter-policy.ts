import { checkOptions, type OptionRules, optionsRule } from '../../option-rules.ts';
import type { FilterResponse, PerCandidateReason, UpstreamCandidate } from '../messages/filter.ts';
import type { HookOutcome } from '../plugin.ts';
import { type FallbackOptions, fallbackRules, type HookFallbackError, reportFallback, taken } from './fallback.ts';
import { HookPolicyError } from './policy-error.ts';
import {
  checkOutput,
  cutToBytes,
  type SettledBounds,
  settleBounds,
  type WireBounds,
  wireBoundRules,
} from './wire-bounds.ts';

/** How a host uses the answer of `filter`. */
export interface FilterPolicyOptions extends FallbackOptions {
  readonly bounds?: WireBounds | undefined;
}

const rules: OptionRules<FilterPolicyOptions> = { ...fallbackRules, bounds: optionsRule(wireBoundRules) };

/** What is taken from the answer of `filter`. */
export interface FilterDecision<Candidate = UpstreamCandidate> {
  /** The candidates that are left, in the order in which they were given. */
  readonly candidates: readonly Candidate[];
  /** What the filter said of each, with its reason cut. Empty if its answer was not used. */
  readonly results: readonly PerCandidateReason[];
  /** Why the answer was not used; then all candidates are left. */
  readonly error?: HookFallbackError;
}

/**
 * The policy of `filter` (abi/HOOKS.md, "Policies of a server"): if the hook failed, or its answer
 * is not taken, the candidates pass on as they were, with a warning.
 *
 * @param outcome what the hook returned.
 * @param candidates those of the request.
 * @returns the candidates that are left: none if the filter accepts none.
 * @throws TypeError if `outcome` or `options` is malformed. Exceptions from `telemetry` propagate.
 */
export function candidatesAfterFilter<Candidate extends Pick<UpstreamCandidate, 'upstream_id'>>(
  outcome: HookOutcome<FilterResponse>,
  candidates: readonly Candidate[],
  options: FilterPolicyOptions = {},
): FilterDecision<Candidate> {
  checkOptions(options, rules);
  const result = taken(outcome, (response) => filteredCandidates(response, candidates, options.bounds));
  if (result.ok) return result.value;
  const { error } = result;
  reportFallback('filter', 'keep_candidates', error, options);
  return { candidates, results: [], error };
}

/**
 * Takes the answer of `filter`. Only the decision `accept` keeps a candidate: one without a result
 * is dropped. Ids are compared as UUIDs, so without regard to case.
 *
 * @throws HookPolicyError `UpstreamId` if an id is not a UUID of a candidate, or is repeated;
 * `OutputTooLarge`.
 */
export function filteredCandidates<Candidate extends Pick<UpstreamCandidate, 'upstream_id'>>(
  { results }: FilterResponse,
  candidates: readonly Candidate[],
  bounds?: WireBounds,
): FilterDecision<Candidate> {
  const settled = settleBounds(bounds);
  checkOutput(
    results.flatMap(({ upstream_id, decision, reason }) => [upstream_id, decision, reason]),
    settled,
  );
  const decisions = decisionsById(results, new Set(candidates.map(idOf)));
  return {
    candidates: candidates.filter((candidate) => decisions.get(idOf(candidate)) === 'accept'),
    results: results.map((result) => cutReason(result, settled)),
  };
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** @throws HookPolicyError `UpstreamId`. */
function decisionsById(results: readonly PerCandidateReason[], known: ReadonlySet<string>): Map<string, string> {
  const decisions = new Map<string, string>();
  for (const [index, result] of results.entries()) {
    const id = idOf(result);
    const refuse = (reason: 'is not a UUID' | 'is not a candidate' | 'is repeated'): never => {
      throw new HookPolicyError({ kind: 'UpstreamId', index, reason });
    };
    if (!UUID.test(id)) refuse('is not a UUID');
    if (!known.has(id)) refuse('is not a candidate');
    if (decisions.has(id)) refuse('is repeated');
    decisions.set(id, result.decision);
  }
  return decisions;
}

function idOf({ upstream_id }: Pick<UpstreamCandidate, 'upstream_id'>): string {
  return upstream_id.toLowerCase();
}

/** Cuts the open texts of a result, which end up in logs. */
function cutReason(result: PerCandidateReason, { reasonMaxBytes: max }: SettledBounds): PerCandidateReason {
  return { ...result, decision: cutToBytes(result.decision, max), reason: cutToBytes(result.reason, max) };
}
