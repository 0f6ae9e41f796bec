import { type AdmitHooksOptions, admitHooks } from '../../src/hooks/admit.ts';
import type { UpstreamCandidate } from '../../src/hooks/messages/filter.ts';
import type { HookOutcome, HookPlugin } from '../../src/hooks/plugin.ts';
import { fixture } from '../support/fixture.ts';

/** Admits a plugin of `fixtures/hooks/`, such as `filter/filter`. Throws its report if it fails. */
export async function admittedFixture(path: string, options?: AdmitHooksOptions): Promise<HookPlugin> {
  const { report, plugin } = admitHooks(await fixture(`hooks/${path}.wasm`), options);
  if (plugin === undefined) throw new Error(JSON.stringify(report.steps));
  return plugin;
}

/** The response of a call. Throws the call's error if it failed. */
export function responseOf<T>(outcome: HookOutcome<T>): T {
  if (outcome.kind === 'error') throw outcome.error;
  return outcome.response;
}

/** A candidate that has its id as its name too. */
export function candidate(upstream_id: string, more: Partial<UpstreamCandidate> = {}): UpstreamCandidate {
  return {
    upstream_id,
    name: upstream_id,
    kind: 'oauth',
    observed_at_unix_secs: 1_800_000_000,
    predicted_cache_read_tokens: 0,
    predicted_cache_creation_tokens_5m: 0,
    predicted_cache_creation_tokens_1h: 0,
    predicted_uncached_input_tokens: 0,
    plan_capacity_ratio: 1,
    organization_type: '',
    rate_limit_tier: 'default',
    seat_tier: '',
    ...more,
  };
}
