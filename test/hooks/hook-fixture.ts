import { type AdmitHooksOptions, admitHooks } from '../../src/hooks/admit.ts';
import type { HookName } from '../../src/hooks/hook.ts';
import type { Header } from '../../src/hooks/messages/common.ts';
import type { UpstreamCandidate } from '../../src/hooks/messages/filter.ts';
import type { HookOutcome, HookPlugin } from '../../src/hooks/plugin.ts';
import type { ModuleSource } from '../../src/module-source.ts';
import { utf8 } from '../support/bytes.ts';
import { fixture } from '../support/fixture.ts';
import { recorded } from './archive/vectors.ts';

/** Admission is not timed, so that a busy machine does not end it: fuel does. */
export const untimed: AdmitHooksOptions = { probe: { wallMs: Number.POSITIVE_INFINITY } };

/** Admits a plugin. Throws its report if it fails. */
export function admitted(wasm: ModuleSource, options?: AdmitHooksOptions): HookPlugin {
  const { report, plugin } = admitHooks(wasm, options);
  if (plugin === undefined) throw new Error(JSON.stringify(report.steps));
  return plugin;
}

/** Admits a plugin of `fixtures/hooks/`, such as `filter/filter`. Throws its report if it fails. */
export async function admittedFixture(path: string): Promise<HookPlugin> {
  return admitted(await fixture(`hooks/${path}.wasm`), untimed);
}

/** A module about which the published host decided, and its verdicts. */
interface RecordedAdmission {
  readonly case: string;
  readonly slot: HookName;
  /** The kind of the error of inspection for the slot, or `ok`. */
  readonly inspect: string;
  /** The same without a slot. */
  readonly agnostic: string;
  /** The same of the whole admission. */
  readonly admit: string;
  /** The module in base64. */
  readonly wasm: string;
}

/** Reads the verdicts of the published host. */
export async function recordedAdmissions(): Promise<readonly RecordedAdmission[]> {
  // The cast: the project's own file.
  return (await recorded('admission.json')) as readonly RecordedAdmission[];
}

/** A report without times, as plain JSON. */
export function withoutTimes(report: object): unknown {
  return JSON.parse(JSON.stringify(report, (key, value: unknown) => (key === 'durationMs' ? undefined : value)));
}

/** A header with a text as its value. */
export function header(name: string, value = 'v'): Header {
  return { name, value: utf8(value) };
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
